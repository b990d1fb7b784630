# The walkthrough, played by play.py in the sandbox: each command is shown as one would type it, and then run, in one
# shell with the hook loaded. Ends with the number of commands that failed.
# shellcheck shell=bash disable=SC2016
set -o pipefail
eval "$(awsctx init bash)"
failed=0
bold=$DEMO_BOLD dim=$DEMO_DIM plain=$DEMO_PLAIN

# about WORDS: a step begins. Each but the first waits for play.py, which has our stdin: a byte asks, a line answers.
step=0
about() {
  if ((step++)); then
    printf . >&0
    read -r
  fi
  printf '\n%s# %s%s\n' "$dim" "$*" "$plain"
}

# type_in LINE [STATUS]: shows LINE at a prompt and runs it; it is to end with STATUS (0).
type_in() {
  local context
  context=$(awsctx prompt)
  printf '%s%s$ %s%s\n' "$bold" "${context:+[$context] }" "$1" "$plain"
  eval "$1" </dev/null
  (($? == ${2:-0})) && return
  failed=$((failed + 1))
  printf '%s# this failed, and should not have%s\n' "$dim" "$plain"
}

about 'From nothing: a session, a sign-in and a profile, as aws configure sso asks for them'
type_in 'awsctx setup --session worksso --start-url https://worksso.awsapps.com/start --sso-region eu-west-1 \
    --scopes sso:account:access --account 123412341234 --role developer --region eu-west-1 --output json \
    --profile worksso.developer --browser'

about 'What that wrote'
type_in 'awsctx show worksso.developer'

about 'Keys that someone exported and forgot overrule AWS_PROFILE without a word: not here'
type_in "export AWS_ACCESS_KEY_ID=$DEMO_KEY AWS_SECRET_ACCESS_KEY=$DEMO_SECRET"
type_in 'awsctx worksso.developer'
type_in 'aws sts get-caller-identity | jq -r .Arn        # not who the profile says'
type_in 'awsctx exec -- aws sts get-caller-identity | jq -r .Arn'
type_in 'awsctx doctor' 1
type_in 'unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY'
type_in 'aws sts get-caller-identity | jq -r .Arn'

about 'The instances, by the AWS CLI and jq; exec -c runs a pipeline in any shell, hook or none'
type_in "aws ec2 describe-instances | jq '.[][].Instances[].InstanceId'"
type_in "awsctx exec -c \"aws ec2 describe-instances | jq '.[][].Instances[].InstanceId'\""

about 'Who owns which Cloud9 machine?'
type_in "aws ec2 describe-instances | jq -c '.Reservations[].Instances[] | {InstanceID: .InstanceId, InstanceType: .InstanceType, Cloud9Owner: .Tags[] | select(.Key == \"aws:cloud9:owner\").Value}'"

about 'A second profile, without an editor; awsctx sync would make one for each account and role'
type_in 'awsctx add worksso.tester --session worksso --account 43214321 --role tester --region eu-west-2 --output json'
type_in 'awsctx sync worksso --match playground --dry-run'

about 'The profiles: the same names, in the same order, as the AWS CLI lists them'
case $(aws --version 2>&1) in
  aws-cli/1*) ;; # which has no such command
  *) type_in 'aws configure list-profiles' ;;
esac
type_in 'awsctx list -l'

about 'To another account, and back'
type_in 'awsctx worksso.tester'
type_in 'aws sts get-caller-identity | jq -r .Arn'
type_in 'awsctx -'
type_in 'awsctx current'

about 'A word for each profile: alone it switches, before a command it runs that'
type_in 'eval "$(awsctx alias --shell bash)"'
type_in 'worksso.developer aws sts get-caller-identity | jq -r .Account'
type_in 'worksso.developer'
type_in 'awsctx whoami'

about 'An agent in one account: that profile alone, and a role that only reads'
type_in 'awsctx add worksso.playground --session worksso --account 111122223333 --role admin --region eu-west-1'
type_in "awsctx exec --lock --read-only -p worksso.playground -c 'aws sts get-caller-identity | jq -r .Arn'"
type_in "awsctx exec --lock --read-only -q -p worksso.playground -- aws sts get-caller-identity --profile worksso.developer" 255
type_in "awsctx exec --lock --read-only -q -p worksso.playground -- awsctx worksso.developer" 1

about 'Which accounts still have a t2? In all of them at once, with the one sign-in'
type_in 'awsctx sync worksso --match readonly --region eu-west-1 --yes'
type_in "awsctx exec --match '*.readonly' --json -- aws ec2 describe-instances \
    | jq -r 'select(any(.stdout[]?[].Instances[]; .InstanceType | startswith(\"t2\"))) | .profile'"

exit "$failed"
