# shellcheck shell=bash
# awsctx @VERSION@: the hook for bash, loaded by: eval "$(awsctx init bash)"
#
# Before each prompt it *notices* whether anything has changed: the state, the sign-in's token, a folder's pin, the AWS
# variables, the clock. That starts no process. Where something has, it *asks* `awsctx _hook`, which decides, and *applies* the
# answer: lines of data in a file of this shell's own. A call of `awsctx` leaves its answer there, too.
#
# Keeps to the grammar of bash 3.2 (macOS), survives `set -eu`, any IFS, locale and shopt. Names are data: never evaluated, never
# part of PS1's text or of a printf format.

# bash reads this a command at a time, so from here on no alias of the user's has a say in what the functions are.
if \shopt -q expand_aliases; then _awsctx_aliases=1; else _awsctx_aliases=''; fi
\shopt -u expand_aliases

if [ -z "${AWSCTX_STATE_FILE-}" ]; then AWSCTX_STATE_FILE=@STATE_FILE@; fi
if [ -z "${AWSCTX_CONFIG-}" ]; then AWSCTX_CONFIG=@CONFIG@; fi
export AWSCTX_STATE_FILE AWSCTX_CONFIG

# Loaded again, a shell keeps what it knows; under `set -a` its children find that, too, and are to forget it.
if [ "${_awsctx_pid-}" != "$$" ]; then
  _awsctx_pid=$$ _awsctx_memory='' _awsctx_count=0 _awsctx_own_AWS_REGION='' _awsctx_own_AWS_DEFAULT_REGION=''
  _awsctx_head='' _awsctx_tail='' _awsctx_class='' _awsctx_end=0 _awsctx_ask=0 _awsctx_born=0 _awsctx_token='' _awsctx_profile=''
  AWSCTX_PROMPT='' AWSCTX_PROMPT_CLASS=''
  # The name of the answers is this shell's own, on whatever machine and in whatever container.
  _awsctx_id=$RANDOM$RANDOM$RANDOM
  if [ -r /proc/sys/kernel/random/uuid ]; then IFS='' read -r _awsctx_id </proc/sys/kernel/random/uuid || :; fi
fi
_awsctx_folder=${AWSCTX_STATE_FILE%/*}/shells
case ${BASH_VERSINFO[0]}.${BASH_VERSINFO[1]} in [1-3].* | 4.[0-3]) _awsctx_mapfile='' ;; *) _awsctx_mapfile=1 ;; esac
# What was there last time: nothing that could be there, so the first prompt asks.
_awsctx_state='' _awsctx_others='' _awsctx_variables='?' _awsctx_next=0 _awsctx_since=0 _awsctx_pins='' _awsctx_pwd=''

# --- notice ----------------------------------------------------------------------------------------------------------

# Sets the variable $2 to what is in the file $1, up to the first NUL; leaves it where there is none to read. mapfile (bash 4.4)
# takes a fifth of the time that read takes; of the array that it makes, `${text-}` is the only element, if there is one. Of a pin
# it takes one line at most: whoever made the folder may have made it endless.
function _awsctx_read {
  local most=65536
  if [[ $1 == */.awsctx ]]; then most=4096; fi
  if [[ ! -f $1 || ! -r $1 ]]; then
    :
  elif [[ -n $_awsctx_mapfile && $most != 4096 ]]; then
    mapfile -n 1 -d '' "$2" <"$1" || :
  else
    IFS='' read -r -d '' -n $most "$2" 2>/dev/null <"$1" || :
  fi
}

# Sets others to all that is watched besides the state and the variables: the token, and the pins from here upwards, with what
# is allowed of them.
function _awsctx_look {
  local text folder=$PWD nl=$'\n'
  if [[ $PWD != "$_awsctx_pwd" ]]; then
    _awsctx_pwd=$PWD _awsctx_pins=''
    while :; do
      if [[ -e $folder/.awsctx ]]; then _awsctx_pins=$_awsctx_pins$folder/.awsctx$nl; fi
      if [[ $folder != */* ]]; then break; fi
      folder=${folder%/*}
    done
    if [[ -n $_awsctx_pins ]]; then _awsctx_pins=$_awsctx_pins${_awsctx_folder%/*}/allowed$nl; fi
  fi
  others=''
  if [[ -n $_awsctx_token ]]; then _awsctx_read "$_awsctx_token" others; fi
  local rest=$_awsctx_pins
  while [[ -n $rest ]]; do
    text=''
    _awsctx_read "${rest%%"$nl"*}" text
    others=${others-}$nl${rest%%"$nl"*}$nl${text-} rest=${rest#*"$nl"}
  done
}

function _awsctx_hook {
  # A bash before 5 has no EPOCHSECONDS: what the last answer said, and the seconds since.
  local status=$? state='' others='' variables now=${EPOCHSECONDS:-$((_awsctx_born + ${SECONDS:-0}))}
  # Where mapfile is, it stands here, without the call of a function.
  if [[ -n $_awsctx_mapfile && -f ${AWSCTX_STATE_FILE-} && -r ${AWSCTX_STATE_FILE-} ]]; then
    mapfile -n 1 -d '' state <"$AWSCTX_STATE_FILE" || :
  else
    _awsctx_read "${AWSCTX_STATE_FILE-}" state
  fi
  if [[ -n $_awsctx_pins || $PWD != "$_awsctx_pwd" ]]; then
    _awsctx_look
  elif [[ -n $_awsctx_mapfile && -f $_awsctx_token && -r $_awsctx_token ]]; then
    mapfile -n 1 -d '' others <"$_awsctx_token" || :
  elif [[ -n $_awsctx_token ]]; then
    _awsctx_read "$_awsctx_token" others
  fi
  variables=@VARIABLES@
  # `[`, since what `[[ a != b ]]` thinks equal depends on nocasematch. A token is long, and `<` takes half the time of either.
  if [ "${state-}/$variables" != "$_awsctx_state/$_awsctx_variables" ] ||
    [[ ${others-} < $_awsctx_others || ${others-} > $_awsctx_others ]]; then
    _awsctx_update
  elif ((_awsctx_next <= now || now < _awsctx_since)); then
    if ((_awsctx_ask > 0 && _awsctx_ask <= now)); then _awsctx_update; else _awsctx_render; fi
  fi
  # The status is for what comes next in PROMPT_COMMAND; under `set -e` it would end the shell.
  if ((status)); then case $- in *e*) ;; *) return "$status" ;; esac; fi
}

# Asks. What is here now has been asked about, whatever comes of it.
function _awsctx_update {
  _awsctx_state=${state-} _awsctx_others=${others-} _awsctx_variables=$variables _awsctx_ask=0
  _awsctx_call _hook >/dev/null 2>&1 || :
  if _awsctx_apply ''; then return 0; fi
  # There is no answer: all stays as it is, but for a prompt that another AWS_PROFILE of the user's has made untrue.
  if [ "${AWS_PROFILE-}" != "$_awsctx_profile" ]; then
    _awsctx_profile=${AWS_PROFILE-} _awsctx_head=${AWS_PROFILE-} _awsctx_tail='' _awsctx_class=${AWS_PROFILE:+pinned} _awsctx_end=0
    _awsctx_head=${_awsctx_head//[[:cntrl:]]/?}
  fi
  _awsctx_render
}

# Sets AWSCTX_PROMPT and AWSCTX_PROMPT_CLASS for the time now, and since when and until when that holds.
function _awsctx_render {
  local time='' left=$((_awsctx_end - now))
  _awsctx_since=$now _awsctx_next=$((_awsctx_ask > 0 ? _awsctx_ask : 9999999999))
  if ((_awsctx_end > 0 && left >= 3600)); then
    time=" $((left / 3600))h$((left / 60 % 60))m"
  elif ((_awsctx_end > 0)); then
    time=" $((left > 0 ? left / 60 : 0))m"
  fi
  if ((_awsctx_end > 0 && left > 0 && now + left % 60 < _awsctx_next)); then _awsctx_next=$((now + left % 60 + 1)); fi
  # shellcheck disable=SC2034  # they are for the user's prompt
  AWSCTX_PROMPT=$_awsctx_head$time$_awsctx_tail AWSCTX_PROMPT_CLASS=$_awsctx_class
}

# --- ask -------------------------------------------------------------------------------------------------------------

# Calls the command, and tells it where to leave an answer for this shell. Every local has a prefix: one that shadowed an exported
# variable would hide it from the command.
function _awsctx_call {
  local _awsctx_status=0 _awsctx_words='' _awsctx_errexit=''
  _awsctx_count=$((_awsctx_count + 1))
  _awsctx_answer=$_awsctx_folder/${BASHPID:-$$}-$_awsctx_id
  local -x AWSCTX_HOOK=@VERSION@ AWSCTX_ANSWER="bash @PROTOCOL@ $_awsctx_count $_awsctx_answer" AWSCTX_MEMORY="$_awsctx_memory"
  # bash 3.2 forgets in `command` that there is an `||`, hence the rest. `jobs` is to show the call as it was typed, hence eval.
  case $- in *e*) _awsctx_errexit=1 && set +e ;; esac
  if [ "$#" -gt 0 ]; then printf -v _awsctx_words ' %q' "$@"; fi
  eval "\\command awsctx$_awsctx_words" || _awsctx_status=$?
  if [ -n "$_awsctx_errexit" ]; then set -e; fi
  return "$_awsctx_status"
}

function awsctx {
  local _awsctx_result=0
  _awsctx_call "$@" || _awsctx_result=$?
  _awsctx_pwd=''
  if _awsctx_apply call && [ -n "$_awsctx_failed" ]; then _awsctx_result=1; fi
  return "$_awsctx_result"
}

# --- apply -----------------------------------------------------------------------------------------------------------

# Applies the answer to the call just made; fails where there is none. $1 is `call` where that was a call of the user's: it has looked
# at the state itself.
function _awsctx_apply {
  local text line rest name others variables now token=$_awsctx_token nl=$'\n'
  _awsctx_failed=''
  text=''
  _awsctx_read "$_awsctx_answer" text
  text=${text-}
  if [[ $text != "awsctx @PROTOCOL@ $_awsctx_count$nl"*"$nl$nl"* ]]; then return 1; fi
  rest=${text%%"$nl$nl"*}$nl
  if [ "$1" = call ]; then _awsctx_state=${text#*"$nl$nl"}; fi
  while [ -n "$rest" ]; do
    line=${rest%%"$nl"*} rest=${rest#*"$nl"}
    name=${line%%=*}
    case $line in
      end=*[!0-9]* | ask=*[!0-9]* | now=*[!0-9]*) ;;
      memory=* | head=* | tail=* | class=* | end=* | ask=* | token=*) printf -v "_awsctx_$name" %s "${line#*=}" ;;
      now=*) _awsctx_born=$((${line#now=} - ${SECONDS:-0})) ;;
      say=*) printf 'awsctx: %s\n' "${line#say=}" >&2 ;;
      [+-]AWS*)
        case ${name:1} in *[!A-Z_]*) ;; *) _awsctx_set "$line" "${name:1}" || _awsctx_failed=${name:1} ;; esac
        ;;
    esac
  done
  variables=@VARIABLES@
  _awsctx_variables=$variables _awsctx_profile=${AWS_PROFILE-}
  if [[ $1 = call || $token != "$_awsctx_token" ]]; then
    _awsctx_look
    _awsctx_others=${others-}
    # It has changed since the command looked at it: look again.
    if [[ -n $_awsctx_token && $_awsctx_token -nt $_awsctx_answer ]]; then _awsctx_others='?'; fi
  fi
  now=${EPOCHSECONDS:-$((_awsctx_born + ${SECONDS:-0}))}
  _awsctx_render
  if [ -n "$_awsctx_failed" ]; then
    _awsctx_variables='?' # the next prompt asks what that means
    printf 'awsctx: %s is read-only in this shell, which stays as it is\n' "$_awsctx_failed" >&2
  fi
}

# Exports the variable $2, or unsets it, as the line $1 says. A region that is not exported is this shell's own: no command sees it,
# and it comes back after the context's region. (Before bash 4.4 one cannot tell.)
function _awsctx_set {
  local own=_awsctx_own_$2
  case $1 in
    +*)
      if [[ $2 == AWS*REGION && -n $_awsctx_mapfile && -n ${!2+x} && ${!2@a} != *x* ]]; then printf -v "$own" %s "=${!2}"; fi
      export "$2=${1#*=}" 2>/dev/null
      ;;
    *)
      unset "$2" 2>/dev/null || return 1
      if [[ -n ${!own-} ]]; then printf -v "$2" %s "${!own#=}" && printf -v "$own" ''; fi
      ;;
  esac
}

# @COMPLETION@

# --- loading ---------------------------------------------------------------------------------------------------------

# Goes first in PROMPT_COMMAND, so that what others show there is right already. A string stays one, an array too; before
# bash 5.1, only an array's first element ever runs.
function _awsctx_load {
  case "${PROMPT_COMMAND[*]-}" in *_awsctx_hook*) return 0 ;; esac
  case "${BASH_VERSINFO[0]}.${BASH_VERSINFO[1]} $(builtin declare -p PROMPT_COMMAND 2>/dev/null)" in
    [1-4].* | 5.0\ *) ;;
    *' declare -a'*)
      PROMPT_COMMAND=(_awsctx_hook ${PROMPT_COMMAND[@]+"${PROMPT_COMMAND[@]}"})
      return 0
      ;;
  esac
  # shellcheck disable=SC2178,SC2128
  PROMPT_COMMAND="_awsctx_hook${PROMPT_COMMAND:+;$PROMPT_COMMAND}"
}

# A script gets the function alone: it has no prompt.
case $- in
  *i*)
    _awsctx_load
# @PROMPT@
    ;;
esac

if [ -n "$_awsctx_aliases" ]; then shopt -s expand_aliases; fi
unset _awsctx_aliases
