# awsctx @VERSION@: the hook for zsh, loaded by: eval "$(awsctx init zsh)"
#
# Works under any setopt: each function that zsh or a user calls sets its own. zsh reads all of this before it runs any of it,
# hence the backslashes: no alias of the user's has a say in what the functions are. No process is started at a prompt. Names
# are data: never evaluated, never part of PROMPT's text.
#
# A context lives in a *record*, seven lines as CONTRIBUTING.md draws them. Three layers hold one each; the topmost that is
# set is in force:
#   _awsctx_own    what the user put into AWS_PROFILE by hand
#   _awsctx_pin    what `awsctx -s` answered
#   _awsctx_base   what was taken from the state file
# The record in force is taken apart into _awsctx_source, _awsctx_name, _awsctx_region, _awsctx_facts and _awsctx_token.

\export AWSCTX_STATE_FILE=@STATE_FILE@
\export AWSCTX_CONFIG=@CONFIG@

# Loaded again, a shell keeps what it knows; under `setopt all_export` its children find that, too, and are to forget it.
if [[ ${_awsctx_pid-} != $$ ]]; then
  \unset _awsctx_calls _awsctx_call _awsctx_own _awsctx_pin _awsctx_base _awsctx_begun _awsctx_done _awsctx_previous
  \unset _awsctx_source _awsctx_name _awsctx_region _awsctx_facts _awsctx_token _awsctx_later _awsctx_shown _awsctx_prefixed
  \unset _awsctx_own_region _awsctx_own_default_region AWSCTX_PROMPT AWSCTX_PROMPT_CLASS
fi
\typeset -g _awsctx_pid=$$
\typeset -g _awsctx_calls="${_awsctx_calls:-0}" _awsctx_call="${_awsctx_call-}"
\typeset -g _awsctx_own="${_awsctx_own-}" _awsctx_pin="${_awsctx_pin-}" _awsctx_base="${_awsctx_base-}"
\typeset -g _awsctx_begun="${_awsctx_begun-}" _awsctx_done="${_awsctx_done-}" _awsctx_previous="${_awsctx_previous-}"
\typeset -g _awsctx_source="${_awsctx_source-}" _awsctx_name="${_awsctx_name-}" _awsctx_region="${_awsctx_region-}"
\typeset -g _awsctx_facts="${_awsctx_facts-}" _awsctx_token="${_awsctx_token-}" _awsctx_later="${_awsctx_later-}"
\typeset -g _awsctx_own_region="${_awsctx_own_region-}" _awsctx_own_default_region="${_awsctx_own_default_region-}"
# What AWS_PROFILE was at the prompt, and whether a call since then had another before it.
\typeset -g _awsctx_shown="${_awsctx_shown-}" _awsctx_prefixed="${_awsctx_prefixed-}"
# These are looked at anew.
\typeset -g _awsctx_seen='' _awsctx_variables='' _awsctx_stale='' _awsctx_token_gist='' _awsctx_pending=1
\typeset -g _awsctx_time='' _awsctx_from=0 _awsctx_until=0 _awsctx_end=0 _awsctx_refresh_end=0
\typeset -g AWSCTX_PROMPT="${AWSCTX_PROMPT-}" AWSCTX_PROMPT_CLASS="${AWSCTX_PROMPT_CLASS-}"

# --- records ---------------------------------------------------------------------------------------------------------

# Sets name, region, mark, facts, follow, token from the record $1; fails where it is none (missing, torn).
# The caller declares them: functions below share these six by zsh's dynamic scope.
function _awsctx_parse {
  # The mark's line ends: a file that was cut right before the newline is torn as well, and has one line less. So is a name
  # that no line could hold.
  \local -a line
  line=("${(@ps:\n:)1}")
  [[ ${#line} -gt 7 && $line[7] == 'awsctx 1' && $line[1]$line[2] != *[[:cntrl:]]* ]] || return 1
  name=$line[1] region=$line[2] mark=$line[3] facts=$line[4] follow=$line[5] token=$line[6]
}

# Sets record to the one of profile $1, as the command knows it: the one process that a prompt may start, once for a name.
function _awsctx_ask {
  \local name region mark facts follow token
  if [[ $1 == *[[:cntrl:]]* ]]; then
    record=${1//[[:cntrl:]]/?}$'\n\n0 -\n\n\n\nawsctx 1\n'
    return 0
  fi
  record=$(\command awsctx _record "$1" 2>/dev/null </dev/null && \builtin printf .) || record=''
  record=${record%.}
  if ! _awsctx_parse "$record" || [[ $name != "$1" ]]; then
    record=$1$'\n\n0 -\n\n\n\nawsctx 1\n'
  fi
}

# --- the environment -------------------------------------------------------------------------------------------------

# Gives AWS_REGION and AWS_DEFAULT_REGION back as they were before the hook, unless the user has changed them since.
function _awsctx_leave_region {
  if [[ -z ${AWSCTX_REGION-} ]]; then return 0; fi
  if [[ ${AWS_REGION-} == "$AWSCTX_REGION" ]]; then
    \unset AWS_REGION
    if [[ -n ${AWSCTX_OLD_REGION-} ]]; then
      \export AWS_REGION="${AWSCTX_OLD_REGION#=}"
    elif [[ -n $_awsctx_own_region ]]; then
      \typeset -g AWS_REGION="${_awsctx_own_region#=}"
    fi
  fi
  if [[ ${AWS_DEFAULT_REGION-} == "$AWSCTX_REGION" ]]; then
    \unset AWS_DEFAULT_REGION
    if [[ -n ${AWSCTX_OLD_DEFAULT_REGION-} ]]; then
      \export AWS_DEFAULT_REGION="${AWSCTX_OLD_DEFAULT_REGION#=}"
    elif [[ -n $_awsctx_own_default_region ]]; then
      \typeset -g AWS_DEFAULT_REGION="${_awsctx_own_default_region#=}"
    fi
  fi
  \unset AWSCTX_REGION AWSCTX_OLD_REGION AWSCTX_OLD_DEFAULT_REGION
}

function _awsctx_enter_region {
  \local old="${AWS_REGION+=$AWS_REGION}" old_default="${AWS_DEFAULT_REGION+=$AWS_DEFAULT_REGION}"
  # What was not exported is the shell's own: no child is to think that it had it.
  _awsctx_own_region='' _awsctx_own_default_region=''
  if [[ ${(t)AWS_REGION-} != *export* ]]; then _awsctx_own_region=$old old=''; fi
  if [[ ${(t)AWS_DEFAULT_REGION-} != *export* ]]; then _awsctx_own_default_region=$old_default old_default=''; fi
  \export AWSCTX_OLD_REGION="$old" AWSCTX_OLD_DEFAULT_REGION="$old_default"
  \export AWSCTX_REGION="$1" AWS_REGION="$1" AWS_DEFAULT_REGION="$1"
}

# The user has changed one region variable: both are the user's then, and the other is given back. One that is unset is set
# again, as AWS_PROFILE is.
function _awsctx_keep_region {
  if [[ -z ${AWSCTX_REGION-} ]]; then return 0; fi
  if [[ ${AWS_REGION:-$AWSCTX_REGION} != "$AWSCTX_REGION" || ${AWS_DEFAULT_REGION:-$AWSCTX_REGION} != "$AWSCTX_REGION" ]]; then
    _awsctx_leave_region
  else
    \export AWS_REGION="$AWSCTX_REGION" AWS_DEFAULT_REGION="$AWSCTX_REGION"
  fi
}

# Puts the topmost layer in force: takes it apart, and exports what it says. $1 is `call` where this shell has just asked for
# it, and so for its region too.
function _awsctx_enforce {
  \local name='' region='' mark facts='' follow token='' source='' serial
  if [[ -n $_awsctx_own ]]; then
    source=user
    _awsctx_parse "$_awsctx_own"
  elif [[ -n $_awsctx_pin ]]; then
    source=shell
    _awsctx_parse "$_awsctx_pin"
  elif [[ -n $_awsctx_base ]]; then
    source=state
    _awsctx_parse "$_awsctx_base"
  fi

  if [[ $source:$name@$region != "$_awsctx_source:$_awsctx_name@$_awsctx_region" || -z $_awsctx_begun || $1 == call ]]; then
    _awsctx_leave_region
    if [[ -n $region ]]; then _awsctx_enter_region "$region"; fi
  else
    _awsctx_keep_region
  fi
  if [[ $source == user ]]; then
    # Whatever is started from here inherits it from a hooked shell, and so follows.
    \export AWS_PROFILE AWSCTX_EXPORTED="environment:$AWS_PROFILE"
  elif [[ -n $name ]]; then
    \export AWS_PROFILE="$name" AWSCTX_EXPORTED="$source:$name"
  else
    \unset AWS_PROFILE
    # Nothing is shown, so nothing is to run: the command is told which record of the state this shell does not go by.
    serial=${_awsctx_done##*$'\n'} serial=${serial%% *}
    \export AWSCTX_EXPORTED="stays:$serial"
  fi

  _awsctx_source=$source _awsctx_name=$name _awsctx_region=$region _awsctx_facts=$facts _awsctx_token=$token
}

# --- following -------------------------------------------------------------------------------------------------------

# powerlevel10k's instant prompt is on the screen before the shell is ready: then the line waits for the prompt after it.
function _awsctx_say {
  if [[ -n ${__p9k_instant_prompt_active-} ]]; then
    _awsctx_later=$1 _awsctx_pending=1
  else
    \builtin print -ru2 -- "awsctx: $1"
    _awsctx_later=''
  fi
}

# The state holds the record $1, which this shell has not looked at yet, and which the shell's own call has not written:
# takes it over, or stays, as the record says (`follow`, `guarded`), and says which.
function _awsctx_follow {
  \local record="$1" new held
  \local name region mark facts follow token
  _awsctx_parse "$_awsctx_base"
  held=$name${region:+@$region}
  _awsctx_parse "$record"
  new=$name${region:+@$region}
  if [[ $follow == never ]]; then return 0; fi
  if [[ $follow != always && " $facts " == *' guarded '* ]]; then
    if [[ -n $held ]]; then
      _awsctx_say "another shell switched to $new, which is guarded: this one stays on $held"
    else
      _awsctx_say "another shell switched to $new, which is guarded: this one stays without a context"
    fi
    return 0
  fi
  _awsctx_base=$record
  if [[ -n $new ]]; then
    _awsctx_say "now on $new (switched in another shell)"
  else
    _awsctx_say 'no active context now (unset in another shell)'
  fi
}

# This shell moves to $1@$2 by its own call: `awsctx -s -` will come back from there.
function _awsctx_remember {
  if [[ -n $_awsctx_name && $1@$2 != "$_awsctx_name@$_awsctx_region" ]]; then
    _awsctx_previous=$_awsctx_name$'\t'$_awsctx_region
  fi
}

# The state file says $1 (empty: missing). $2 is `call` right after a call of this shell's own, when what other shells did
# has to wait for the prompt: a line must not change its context half-way.
function _awsctx_take_state {
  \local name region mark facts follow token base_name='' base_region='' id
  if [[ -n $_awsctx_base ]] && _awsctx_parse "$_awsctx_base"; then
    base_name=$name base_region=$region
  fi
  if ! _awsctx_parse "$1"; then
    # Nothing to go by. A shell that starts so has seen the state, all the same: the next record is a switch.
    if [[ -z $_awsctx_begun$_awsctx_own$_awsctx_base ]]; then
      _awsctx_base=$'\n\n0 -\n\n\n\nawsctx 1\n'
    fi
    return 0
  fi
  id=$name$'\n'$region$'\n'$mark
  if [[ -n $_awsctx_call && ${mark#* } == "$_awsctx_call" && $id != "$_awsctx_done" ]]; then
    _awsctx_remember "$name" "$region"
    _awsctx_own='' _awsctx_pin='' _awsctx_base=$1 _awsctx_done=$id
    return 0
  fi
  if [[ $2 == call || -n $_awsctx_own$_awsctx_pin ]]; then return 0; fi
  if [[ -z $_awsctx_base || $name@$region == "$base_name@$base_region" ]]; then
    _awsctx_base=$1
  elif [[ $id != "$_awsctx_done" ]]; then
    _awsctx_follow "$1"
  fi
  _awsctx_done=$id
}

# What AWS_PROFILE says now, and whether that is the user's own word.
function _awsctx_take_variable {
  \local record region exported="${AWSCTX_EXPORTED-}"
  if [[ -z ${AWS_PROFILE-} ]]; then
    _awsctx_own=''
  elif [[ ${exported#*:} != "$AWS_PROFILE" ]]; then
    # What stood before a call (`AWS_PROFILE=x awsctx NAME`) was for that call: the shell has put its own value back.
    if [[ -n $_awsctx_prefixed && $AWS_PROFILE == "$_awsctx_shown" ]]; then return 0; fi
    if [[ -n $_awsctx_own && ${_awsctx_own%%$'\n'*} == "$AWS_PROFILE" ]]; then return 0; fi
    _awsctx_ask "$AWS_PROFILE"
    _awsctx_own=$record
  elif [[ -z $_awsctx_begun ]]; then
    # Inherited from a hooked shell: no pin. What kind of profile it is, is not known yet.
    region=''
    if [[ ${AWSCTX_REGION-} == "${AWS_REGION-}" ]]; then region=${AWSCTX_REGION-}; fi
    _awsctx_base=$AWS_PROFILE$'\n'$region$'\n0 -\n?\n\n\nawsctx 1\n'
  fi
}

# Something changed: the state's text ($1), the environment, or this is the first look.
function _awsctx_change {
  \local record name region mark facts follow token
  # Right after a call AWS_PROFILE may hold what stood before that call: it is looked at when the prompt comes.
  if [[ $2 != call ]]; then _awsctx_take_variable; fi
  _awsctx_take_state "$1" "$2"
  if [[ -z $_awsctx_own$_awsctx_pin ]] && _awsctx_parse "$_awsctx_base" && [[ $facts == '?' ]]; then
    _awsctx_ask "$name"
    _awsctx_base=$name$'\n'$region$'\n'${record#*$'\n'*$'\n'}
  fi
  _awsctx_enforce "$2"
  _awsctx_begun=1
  # What others did while a call of this shell's own was going on is still to be looked at, at the prompt.
  if [[ $2 != call ]]; then _awsctx_seen=$1; fi
  _awsctx_token_gist='' _awsctx_time='' _awsctx_from=0 _awsctx_until=0 _awsctx_stale=1
}

# --- the sign-in's time ----------------------------------------------------------------------------------------------

# zsh's own `read` makes a system call for each byte.
if ! \builtin zmodload zsh/system 2>/dev/null; then
  function sysread {
    IFS='' \builtin read -rd '' "$argv[-1]"
  }
fi
\builtin zmodload zsh/datetime 2>/dev/null || true
\typeset -g _awsctx_stat=''
if \builtin zmodload -F zsh/stat b:zstat 2>/dev/null; then _awsctx_stat=1; fi

# Sets epoch to the seconds of the time $1, 0 where it is none: 2026-11-23T12:00:00Z, with a fraction maybe, and UTC, an
# offset or nothing for the Z.
function _awsctx_epoch {
  \local text="$1" zone
  \local -i 10 year month day
  epoch=0
  if [[ $text != [0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9][Tt\ ][0-2][0-9]:[0-5][0-9]:[0-6][0-9]* ]]; then return 0; fi
  year=10#$text[1,4] month=10#$text[6,7] day=10#$text[9,10]
  # The year begins in March, so that the leap day is its last.
  if (( month < 3 )); then (( month += 12, year -= 1 )); fi
  (( day += 365 * year + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 - 719469 ))
  (( epoch = day * 86400 + 10#$text[12,13] * 3600 + 10#$text[15,16] * 60 + 10#$text[18,19] ))
  zone=$text[20,-1]
  if [[ $zone == *[-+][0-9][0-9]:[0-9][0-9] ]]; then zone=${zone%:*}${zone##*:}; fi
  if [[ $zone == *[-+][0-9][0-9][0-9][0-9] ]]; then
    (( day = 10#$zone[-4,-3] * 3600 + 10#$zone[-2,-1] * 60 ))
    if [[ $zone[-5] == + ]]; then (( epoch -= day )); else (( epoch += day )); fi
  fi
  return 0
}

# Takes the token's text $1 apart: sets _awsctx_end, and _awsctx_refresh_end to the time until which it can be refreshed; 0
# where there is no such time. What is no whole token has ended.
function _awsctx_parse_token {
  \local text="$1" access='' expires='' refresh='' registration=''
  \local -i 10 i epoch=0
  \local -a parts
  _awsctx_end=0 _awsctx_refresh_end=0
  text=${text%"${text##*[^[:space:]]}"}
  text=${text#"${text%%[^[:space:]]*}"}
  if [[ $text != '{'*'}' ]]; then return 0; fi
  parts=("${(@ps:\x22:)text}")
  for (( i = 2; i + 2 < ${#parts}; i++ )); do
    if [[ $parts[i+1] != *[^:[:space:]]* && $parts[i+1] == *:* ]]; then
      case $parts[i] in
        (accessToken) access=1 ;;
        (expiresAt) expires=$parts[i+2] ;;
        (refreshToken) refresh=$parts[i+2] ;;
        (registrationExpiresAt) registration=$parts[i+2] ;;
      esac
    fi
  done
  if [[ -z $access ]]; then return 0; fi
  _awsctx_epoch "$expires"
  _awsctx_end=$epoch
  if [[ $epoch != 0 && -n $refresh ]]; then
    _awsctx_epoch "$registration"
    _awsctx_refresh_end=$epoch
  fi
}

# Sets _awsctx_time to the time to the sign-in's end, ` expired` or nothing, and _awsctx_from and _awsctx_until to the clock's
# times between which that holds. Changes nothing as long as it does.
function _awsctx_tell_time {
  \local text=''
  \local -i 10 now="${EPOCHSECONDS:-${(%):-%D{%s\}}}" minutes
  \local -a size changed
  # A token that is the same as at the last look need not be read again.
  if [[ -f $_awsctx_token && -r $_awsctx_token ]]; then
    if [[ -n $_awsctx_stat ]]; then
      \builtin zstat -A size +size -- $_awsctx_token && \builtin zstat -F '%s %9.' -A changed +ctime -- $_awsctx_token
    else
      sysread -s 32768 text <$_awsctx_token
    fi
  fi
  if [[ "$size $changed $text" != "$_awsctx_token_gist" ]]; then
    _awsctx_token_gist="$size $changed $text" _awsctx_from=0 _awsctx_until=0
    if [[ -n $size ]]; then sysread -s 32768 text <$_awsctx_token; fi
    _awsctx_parse_token "$text"
  fi
  if (( _awsctx_from <= now && now < _awsctx_until )); then return 0; fi

  if (( now < _awsctx_end )); then
    (( minutes = (_awsctx_end - now) / 60 ))
    (( _awsctx_from = _awsctx_end - minutes * 60 - 59, _awsctx_until = _awsctx_end - minutes * 60 + (minutes > 0) ))
    if [[ " $_awsctx_facts " == *' no-time '* ]]; then
      _awsctx_time=''
    elif (( minutes < 60 )); then
      _awsctx_time=" ${minutes}m"
    else
      _awsctx_time=" $(( minutes / 60 ))h$(( minutes % 60 ))m"
    fi
  elif (( now < _awsctx_refresh_end )); then
    _awsctx_from=$_awsctx_end _awsctx_until=$_awsctx_refresh_end _awsctx_time=''
  else
    _awsctx_from=$(( _awsctx_end > _awsctx_refresh_end ? _awsctx_end : _awsctx_refresh_end ))
    _awsctx_until=$(( 1 << 60 )) _awsctx_time=' expired'
  fi
  _awsctx_stale=1
}

# --- the prompt ------------------------------------------------------------------------------------------------------

# Sets AWSCTX_PROMPT and AWSCTX_PROMPT_CLASS.
function _awsctx_tell {
  if [[ -z $_awsctx_name ]]; then
    AWSCTX_PROMPT='' AWSCTX_PROMPT_CLASS=''
    return 0
  fi
  AWSCTX_PROMPT=$_awsctx_name$_awsctx_time
  # A region that the user has changed since is not this context's any more.
  if [[ -n $_awsctx_region && $_awsctx_region == "${AWSCTX_REGION-}" ]]; then
    AWSCTX_PROMPT=$_awsctx_name@$_awsctx_region$_awsctx_time
  fi

  # Does botocore take its credentials from a variable, although AWS_PROFILE is set?
  if [[ -n ${AWS_ACCESS_KEY_ID-} ||
        ( -n ${AWS_WEB_IDENTITY_TOKEN_FILE-} && " $_awsctx_facts " != *' assume-role '* ) ||
        ( -n ${AWS_ROLE_ARN-} && " $_awsctx_facts " == *' web-identity '* ) ||
        ( -n ${AWS_DEFAULT_PROFILE-} && $AWS_DEFAULT_PROFILE != "$_awsctx_name" ) ]]; then
    AWSCTX_PROMPT+=' !' AWSCTX_PROMPT_CLASS=overridden
  elif [[ " $_awsctx_facts " == *' guarded '* ]]; then
    AWSCTX_PROMPT_CLASS=guarded
  elif [[ $_awsctx_source != state ]]; then
    AWSCTX_PROMPT_CLASS=pinned
  elif [[ $_awsctx_time == ' expired' ]]; then
    AWSCTX_PROMPT_CLASS=expired
  else
    AWSCTX_PROMPT_CLASS=ok
  fi
}

# Looks at the state, the environment and the clock, and brings everything up to date; $1 is `prompt`, or `call` after a call
# of this shell's own. Where nothing has changed, this is one read, a few comparisons and, for an SSO profile, one more look;
# a function's call costs zsh as much as a read.
function _awsctx_update {
  \local text='' others
  others=${AWS_DEFAULT_PROFILE-}/${AWS_ACCESS_KEY_ID:+k}${AWS_WEB_IDENTITY_TOKEN_FILE:+w}${AWS_ROLE_ARN:+r}
  # The first 8 kB: a record and some history.
  if [[ -f ${AWSCTX_STATE_FILE-} && -r $AWSCTX_STATE_FILE ]]; then sysread text <$AWSCTX_STATE_FILE; fi
  if [[ $text != "$_awsctx_seen" || ${AWS_PROFILE-}/${AWS_REGION-}/${AWS_DEFAULT_REGION-}/$others != "$_awsctx_variables" ]]; then
    _awsctx_change "$text" "$1"
    _awsctx_variables=${AWS_PROFILE-}/${AWS_REGION-}/${AWS_DEFAULT_REGION-}/$others
  fi
  if [[ -n $_awsctx_token ]]; then _awsctx_tell_time; fi
  if [[ -n $_awsctx_stale ]]; then
    _awsctx_tell
    _awsctx_stale=''
  fi
  return 0
}

function _awsctx_hook {
  \builtin emulate -L zsh +o err_exit +o err_return +o force_float +o xtrace
  if [[ -n $_awsctx_pending ]]; then _awsctx_catch_up; fi
  _awsctx_update prompt
  _awsctx_shown=${AWS_PROFILE-} _awsctx_prefixed=''
}

# What had to wait for a prompt: completion, where compinit came after this was loaded; a line, where powerlevel10k held it.
function _awsctx_catch_up {
  _awsctx_pending=''
  if (( ${+functions[compdef]} )) && [[ -z ${_comps[awsctx]-} ]]; then compdef _awsctx_complete awsctx; fi
  if [[ -n $_awsctx_later ]]; then _awsctx_say "$_awsctx_later"; fi
}

# --- the command -----------------------------------------------------------------------------------------------------

# Whether a call is one for this shell alone: -s or --shell among the arguments of a switch.
function _awsctx_is_for_shell {
  \local first=1
  while (( $# )); do
    case $1 in
      (--) return 1 ;;
      (-s|--shell) return 0 ;;
      (-r|--region|-p|--profile) if (( $# > 1 )); then shift; fi ;;
      (--*) ;;
      (-*[^-cdhqsuy]*) ;;
      (-*s*) return 0 ;;
      (-) first='' ;;
      (*)
        if [[ -n $first ]]; then
          case $1 in
            (@SUBCOMMANDS@) return 1 ;;
          esac
          if [[ $1 != use ]]; then first=''; fi
        fi
        ;;
    esac
    shift
  done
  return 1
}

# The command answered $1 to a call with -s: a record to pin, or one without a name, to follow the state again.
# Fails where it is no record.
function _awsctx_take_reply {
  \local name region mark facts follow token
  _awsctx_parse "$1" || return 1
  _awsctx_remember "$name" "$region"
  _awsctx_own='' _awsctx_pin=''
  if [[ -n $name ]]; then _awsctx_pin=$1; fi
  # Whatever AWS_PROFILE said is over.
  \unset AWS_PROFILE
  _awsctx_variables='' _awsctx_applies=1
}

# Another shell has switched right after a call of this one's did: what was asked for here, the end of $1, is in force until the
# prompt all the same.
function _awsctx_keep_switch {
  \local switch="${1##*$'\n'}"
  _awsctx_remember "${switch%$'\t'*}" "${switch#*$'\t'}"
  _awsctx_own='' _awsctx_pin=''
  _awsctx_base=${switch%$'\t'*}$'\n'${switch#*$'\t'}$'\n0 -\n?\n\n\nawsctx 1\n'
  _awsctx_variables=''
}

# Every local has a prefix: one that shadowed an exported variable would hide it from the command.
function awsctx {
  \builtin emulate -L zsh +o err_exit +o err_return +o force_float +o xtrace
  \local _awsctx_status=0 _awsctx_reply='' _awsctx_when=call _awsctx_applies='' _awsctx_text=''
  (( ++_awsctx_calls ))
  _awsctx_call=zsh:${sysparams[pid]:-$$}:$_awsctx_calls
  if [[ ${AWS_PROFILE-} != "$_awsctx_shown" ]]; then _awsctx_prefixed=1; fi
  if _awsctx_is_for_shell "$@"; then
    # A dot keeps the newlines that end the output.
    _awsctx_reply=$(
      AWSCTX_CALL=$_awsctx_call AWSCTX_HOOK=@VERSION@ AWSCTX_REPLY=1 AWSCTX_SHELL_PREVIOUS=$_awsctx_previous \
        \command awsctx "$@" || _awsctx_status=$?
      \builtin printf .
      exit $_awsctx_status
    ) || _awsctx_status=$?
    _awsctx_reply=${_awsctx_reply%.}
    if (( _awsctx_status )) || ! _awsctx_take_reply "$_awsctx_reply"; then
      \builtin printf %s "$_awsctx_reply"
    elif [[ -z $_awsctx_pin ]]; then
      _awsctx_when=prompt
    fi
  else
    AWSCTX_CALL=$_awsctx_call AWSCTX_HOOK=@VERSION@ \command awsctx "$@" || _awsctx_status=$?
  fi
  # What the call did for this shell is applied at once; all else waits for the prompt.
  if [[ -f ${AWSCTX_STATE_FILE-} && -r $AWSCTX_STATE_FILE ]]; then sysread _awsctx_text <$AWSCTX_STATE_FILE; fi
  if [[ $_awsctx_text == *$'\t'"$_awsctx_call"$'\n'* && $_awsctx_text != *" $_awsctx_call"$'\n'* ]]; then
    _awsctx_keep_switch "${_awsctx_text%%$'\t'"$_awsctx_call"$'\n'*}"
    _awsctx_applies=1
  fi
  if [[ -n $_awsctx_applies || $_awsctx_text == *" $_awsctx_call"$'\n'* ]]; then _awsctx_update $_awsctx_when; fi
  return $_awsctx_status
}

# @COMPLETION@

# --- loading ---------------------------------------------------------------------------------------------------------

function _awsctx_load {
  \builtin emulate -L zsh
  # First, so that what others show in the prompt is right already.
  \typeset -ga precmd_functions
  precmd_functions=(_awsctx_hook ${precmd_functions:#_awsctx_hook})
# @PROMPT@
}

# A script gets the function alone: it has no prompt.
if [[ -o interactive ]]; then _awsctx_load; fi
