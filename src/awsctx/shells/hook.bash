# shellcheck shell=bash
# awsctx @VERSION@: the hook for bash, loaded by: eval "$(awsctx init bash)"
#
# Keeps to the grammar of bash 3.2 (macOS), survives `set -eu`, `set -o posix`, any IFS, locale and shopt (hence `[`: what
# `[[` and `case` think equal depends on nocasematch), and starts no process at a prompt. Names are data: never evaluated,
# never part of PS1's text or of a printf format.
#
# A context lives in a *record*, seven lines as CONTRIBUTING.md draws them. Three layers hold one each; the topmost that is
# set is in force:
#   _awsctx_own    what the user put into AWS_PROFILE by hand
#   _awsctx_pin    what `awsctx -s` answered
#   _awsctx_base   what was taken from the state file
# The record in force is taken apart into _awsctx_source, _awsctx_name, _awsctx_region, _awsctx_facts and _awsctx_token.

# bash reads this a command at a time, so from here on no alias of the user's has a say in what the functions are.
if \shopt -q expand_aliases; then _awsctx_aliases=1; else _awsctx_aliases=''; fi
\shopt -u expand_aliases

export AWSCTX_STATE_FILE=@STATE_FILE@
export AWSCTX_CONFIG=@CONFIG@

# Loaded again, a shell keeps what it knows; under `set -a` its children find that, too, and are to forget it.
if [ "${_awsctx_pid-}" != "$$" ]; then
  unset _awsctx_calls _awsctx_call _awsctx_own _awsctx_pin _awsctx_base _awsctx_begun _awsctx_done _awsctx_previous
  unset _awsctx_source _awsctx_name _awsctx_region _awsctx_facts _awsctx_token _awsctx_shown _awsctx_prefixed
  unset _awsctx_own_region _awsctx_own_default_region
  unset AWSCTX_PROMPT AWSCTX_PROMPT_CLASS
fi
_awsctx_pid=$$
_awsctx_calls=${_awsctx_calls:-0} _awsctx_call=${_awsctx_call-}
_awsctx_own=${_awsctx_own-} _awsctx_pin=${_awsctx_pin-} _awsctx_base=${_awsctx_base-}
_awsctx_begun=${_awsctx_begun-} _awsctx_done=${_awsctx_done-} _awsctx_previous=${_awsctx_previous-}
_awsctx_source=${_awsctx_source-} _awsctx_name=${_awsctx_name-} _awsctx_region=${_awsctx_region-}
_awsctx_facts=${_awsctx_facts-} _awsctx_token=${_awsctx_token-}
_awsctx_own_region=${_awsctx_own_region-} _awsctx_own_default_region=${_awsctx_own_default_region-}
# What AWS_PROFILE was at the prompt, and whether a call since then had another before it.
_awsctx_shown=${_awsctx_shown-} _awsctx_prefixed=${_awsctx_prefixed-}
# These are looked at anew.
_awsctx_seen='' _awsctx_variables='' _awsctx_stale=''
_awsctx_gist='' _awsctx_at_end=0 _awsctx_at_refresh=0 _awsctx_at_refresh_end=0 _awsctx_at_last=0
_awsctx_time='' _awsctx_from=0 _awsctx_until=0 _awsctx_end=0 _awsctx_refresh_end=0
AWSCTX_PROMPT=${AWSCTX_PROMPT-}
AWSCTX_PROMPT_CLASS=${AWSCTX_PROMPT_CLASS-}
_awsctx_mapfile=''
case ${BASH_VERSINFO[0]}.${BASH_VERSINFO[1]} in [1-3].* | 4.[0-3]) ;; *) _awsctx_mapfile=1 ;; esac
# The clock of a bash before 4.2: when it was started, by the clock of the command that rendered this.
# shellcheck disable=SC1102  # a number stands there in the end
_awsctx_born=$((@EPOCH@ - ${SECONDS:-0}))

# --- records ---------------------------------------------------------------------------------------------------------

# Sets name, region, mark, facts, follow, token from the record $1; fails where it is none (missing, torn).
# The caller declares them: functions below share these six by bash's dynamic scope.
function _awsctx_parse {
  local rest=$1 nl=$'\n' last
  name=${rest%%"$nl"*} rest=${rest#*"$nl"}
  region=${rest%%"$nl"*} rest=${rest#*"$nl"}
  mark=${rest%%"$nl"*} rest=${rest#*"$nl"}
  facts=${rest%%"$nl"*} rest=${rest#*"$nl"}
  follow=${rest%%"$nl"*} rest=${rest#*"$nl"}
  token=${rest%%"$nl"*} rest=${rest#*"$nl"}
  last=${rest%%"$nl"*}
  # The mark's line ends: a file that was cut right before the newline is torn as well. So is a name that no line could hold.
  [ "$last" = 'awsctx 1' ] && [ "$last" != "$rest" ] && [[ $name$region != *[[:cntrl:]]* ]]
}

# Sets record to the one of profile $1, as the command knows it: the one process that a prompt may start, once for a name.
function _awsctx_ask {
  local name region mark facts follow token nl=$'\n'
  if [[ $1 = *[[:cntrl:]]* ]]; then
    record="${1//[[:cntrl:]]/?}$nl${nl}0 -$nl$nl$nl${nl}awsctx 1$nl"
    return 0
  fi
  record=$(command awsctx _record "$1" 2>/dev/null </dev/null && printf .) || record=
  record=${record%.}
  if ! _awsctx_parse "$record" || [ "$name" != "$1" ]; then
    record="$1$nl${nl}0 -$nl$nl$nl${nl}awsctx 1$nl"
  fi
}

# --- the environment -------------------------------------------------------------------------------------------------

# Gives AWS_REGION and AWS_DEFAULT_REGION back as they were before the hook, unless the user has changed them since.
function _awsctx_leave_region {
  [ -n "${AWSCTX_REGION-}" ] || return 0
  if [ "${AWS_REGION-}" = "$AWSCTX_REGION" ]; then
    unset AWS_REGION
    if [ -n "${AWSCTX_OLD_REGION-}" ]; then
      export AWS_REGION="${AWSCTX_OLD_REGION#=}"
    elif [ -n "$_awsctx_own_region" ]; then
      AWS_REGION=${_awsctx_own_region#=}
    fi
  fi
  if [ "${AWS_DEFAULT_REGION-}" = "$AWSCTX_REGION" ]; then
    unset AWS_DEFAULT_REGION
    if [ -n "${AWSCTX_OLD_DEFAULT_REGION-}" ]; then
      export AWS_DEFAULT_REGION="${AWSCTX_OLD_DEFAULT_REGION#=}"
    elif [ -n "$_awsctx_own_default_region" ]; then
      AWS_DEFAULT_REGION=${_awsctx_own_default_region#=}
    fi
  fi
  unset AWSCTX_REGION AWSCTX_OLD_REGION AWSCTX_OLD_DEFAULT_REGION
}

function _awsctx_enter_region {
  local old=${AWS_REGION+=$AWS_REGION} old_default=${AWS_DEFAULT_REGION+=$AWS_DEFAULT_REGION}
  # What was not exported is the shell's own: no child is to think that it had it. (Before bash 4.4 one cannot tell.)
  _awsctx_own_region='' _awsctx_own_default_region=''
  if [ -n "$_awsctx_mapfile" ]; then
    case ${AWS_REGION+${AWS_REGION@a}} in *x*) ;; *) _awsctx_own_region=$old old='' ;; esac
    case ${AWS_DEFAULT_REGION+${AWS_DEFAULT_REGION@a}} in
      *x*) ;;
      *) _awsctx_own_default_region=$old_default old_default='' ;;
    esac
  fi
  export AWSCTX_OLD_REGION="$old" AWSCTX_OLD_DEFAULT_REGION="$old_default"
  export AWSCTX_REGION="$1" AWS_REGION="$1" AWS_DEFAULT_REGION="$1"
}

# The user has changed one region variable: both are the user's then, and the other is given back. One that is unset is set
# again, as AWS_PROFILE is.
function _awsctx_keep_region {
  [ -n "${AWSCTX_REGION-}" ] || return 0
  if [ "${AWS_REGION:-$AWSCTX_REGION}" != "$AWSCTX_REGION" ] ||
    [ "${AWS_DEFAULT_REGION:-$AWSCTX_REGION}" != "$AWSCTX_REGION" ]; then
    _awsctx_leave_region
  else
    export AWS_REGION="$AWSCTX_REGION" AWS_DEFAULT_REGION="$AWSCTX_REGION"
  fi
}

# Puts the topmost layer in force: takes it apart, and exports what it says. $1 is `call` where this shell has just asked for
# it, and so for its region too.
function _awsctx_enforce {
  local name='' region='' mark facts='' follow token='' source='' serial nl=$'\n'
  if [ -n "$_awsctx_own" ]; then
    source=user
    _awsctx_parse "$_awsctx_own"
  elif [ -n "$_awsctx_pin" ]; then
    source=shell
    _awsctx_parse "$_awsctx_pin"
  elif [ -n "$_awsctx_base" ]; then
    source=state
    _awsctx_parse "$_awsctx_base"
  fi

  if [ "$source:$name@$region" != "$_awsctx_source:$_awsctx_name@$_awsctx_region" ] ||
    [ -z "$_awsctx_begun" ] || [ "$1" = call ]; then
    _awsctx_leave_region
    if [ -n "$region" ]; then _awsctx_enter_region "$region"; fi
  else
    _awsctx_keep_region
  fi
  if [ "$source" = user ]; then
    # Whatever is started from here inherits it from a hooked shell, and so follows.
    export AWS_PROFILE AWSCTX_EXPORTED="environment:$AWS_PROFILE"
  elif [ -n "$name" ]; then
    export AWS_PROFILE="$name" AWSCTX_EXPORTED="$source:$name"
  else
    unset AWS_PROFILE
    # Nothing is shown, so nothing is to run: the command is told which record of the state this shell does not go by.
    serial=${_awsctx_done##*"$nl"} serial=${serial%% *}
    export AWSCTX_EXPORTED="stays:$serial"
  fi

  _awsctx_source=$source _awsctx_name=$name _awsctx_region=$region _awsctx_facts=$facts _awsctx_token=$token
}

# --- following -------------------------------------------------------------------------------------------------------

function _awsctx_say {
  printf 'awsctx: %s\n' "$1" >&2
}

# The state holds the record $1, which this shell has not looked at yet, and which the shell's own call has not written:
# takes it over, or stays, as the record says (`follow`, `guarded`), and says which.
function _awsctx_follow {
  local record=$1 new held
  local name region mark facts follow token
  _awsctx_parse "$_awsctx_base"
  held=$name${region:+@$region}
  _awsctx_parse "$record"
  new=$name${region:+@$region}
  case $follow in
    never) return 0 ;;
    always) ;;
    *)
      case " $facts " in
        *' guarded '*)
          if [ -n "$held" ]; then
            _awsctx_say "another shell switched to $new, which is guarded: this one stays on $held"
          else
            _awsctx_say "another shell switched to $new, which is guarded: this one stays without a context"
          fi
          return 0
          ;;
      esac
      ;;
  esac
  _awsctx_base=$record
  if [ -n "$new" ]; then
    _awsctx_say "now on $new (switched in another shell)"
  else
    _awsctx_say 'no active context now (unset in another shell)'
  fi
}

# This shell moves to $1@$2 by its own call: `awsctx -s -` will come back from there.
function _awsctx_remember {
  if [ -n "$_awsctx_name" ] && [ "$1@$2" != "$_awsctx_name@$_awsctx_region" ]; then
    _awsctx_previous=$_awsctx_name$'\t'$_awsctx_region
  fi
}

# The state file says $1 (empty: missing). $2 is `call` right after a call of this shell's own, when what other shells did
# has to wait for the prompt: a line must not change its context half-way.
function _awsctx_take_state {
  local name region mark facts follow token base_name='' base_region='' id nl=$'\n'
  if [ -n "$_awsctx_base" ] && _awsctx_parse "$_awsctx_base"; then
    base_name=$name base_region=$region
  fi
  if ! _awsctx_parse "$1"; then
    # Nothing to go by. A shell that starts so has seen the state, all the same: the next record is a switch.
    if [ -z "$_awsctx_begun$_awsctx_own$_awsctx_base" ]; then
      _awsctx_base="$nl${nl}0 -$nl$nl$nl${nl}awsctx 1$nl"
    fi
    return 0
  fi
  id=$name$nl$region$nl$mark
  if [ -n "$_awsctx_call" ] && [ "${mark#* }" = "$_awsctx_call" ] && [ "$id" != "$_awsctx_done" ]; then
    _awsctx_remember "$name" "$region"
    _awsctx_own='' _awsctx_pin='' _awsctx_base=$1 _awsctx_done=$id
    return 0
  fi
  if [ "$2" = call ] || [ -n "$_awsctx_own$_awsctx_pin" ]; then
    return 0
  fi
  if [ -z "$_awsctx_base" ]; then
    _awsctx_base=$1
  elif [ "$name@$region" = "$base_name@$base_region" ]; then
    _awsctx_base=$1
  elif [ "$id" != "$_awsctx_done" ]; then
    _awsctx_follow "$1"
  fi
  _awsctx_done=$id
}

# What AWS_PROFILE says now, and whether that is the user's own word.
function _awsctx_take_variable {
  local record region exported=${AWSCTX_EXPORTED-} nl=$'\n'
  if [ -z "${AWS_PROFILE-}" ]; then
    _awsctx_own=''
  elif [ "${exported#*:}" != "$AWS_PROFILE" ]; then
    # What stood before a call (`AWS_PROFILE=x awsctx NAME`) was for that call: the shell has put its own value back.
    if [ -n "$_awsctx_prefixed" ] && [ "$AWS_PROFILE" = "$_awsctx_shown" ]; then return 0; fi
    if [ -n "$_awsctx_own" ] && [ "${_awsctx_own%%"$nl"*}" = "$AWS_PROFILE" ]; then
      return 0
    fi
    _awsctx_ask "$AWS_PROFILE"
    _awsctx_own=$record
  elif [ -z "$_awsctx_begun" ]; then
    # Inherited from a hooked shell: no pin. What kind of profile it is, is not known yet.
    region=
    if [ "${AWSCTX_REGION-}" = "${AWS_REGION-}" ]; then region=${AWSCTX_REGION-}; fi
    _awsctx_base="$AWS_PROFILE$nl$region${nl}0 -$nl?$nl$nl${nl}awsctx 1$nl"
  fi
}

# Something changed: the state's text ($1), AWS_PROFILE, or this is the first look.
function _awsctx_change {
  local record name region mark facts follow token nl=$'\n'
  # Right after a call AWS_PROFILE may hold what stood before that call: it is looked at when the prompt comes.
  if [ "$2" != call ]; then _awsctx_take_variable; fi
  _awsctx_take_state "$1" "$2"
  if [ -z "$_awsctx_own$_awsctx_pin" ] && _awsctx_parse "$_awsctx_base" && [ "$facts" = '?' ]; then
    _awsctx_ask "$name"
    _awsctx_base=$name$nl$region$nl${record#*"$nl"*"$nl"}
  fi
  _awsctx_enforce "$2"
  _awsctx_begun=1
  # What others did while a call of this shell's own was going on is still to be looked at, at the prompt.
  if [ "$2" != call ]; then _awsctx_seen=$1; fi
  _awsctx_gist='' _awsctx_time='' _awsctx_from=0 _awsctx_until=0 _awsctx_stale=1
}

# --- the sign-in's time ----------------------------------------------------------------------------------------------

# Sets now, in seconds, where there is no EPOCHSECONDS (before bash 5, or unset).
function _awsctx_clock {
  case ${BASH_VERSINFO[0]}.${BASH_VERSINFO[1]} in
    [1-3].* | 4.[01]) now=$((_awsctx_born + ${SECONDS:-0})) ;;
    *) printf -v now '%(%s)T' -1 ;;
  esac
}

# Sets epoch to the seconds of the time $1, 0 where it is none: 2026-11-23T12:00:00Z, with a fraction maybe, and UTC, an
# offset or nothing for the Z.
function _awsctx_epoch {
  local time=$1 year month day zone
  epoch=0
  case $time in
    [0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9][Tt\ ][0-2][0-9]:[0-5][0-9]:[0-6][0-9]*) ;;
    *) return 0 ;;
  esac
  year=$((10#${time:0:4})) month=$((10#${time:5:2})) day=$((10#${time:8:2}))
  # The year begins in March, so that the leap day is its last.
  if [ "$month" -lt 3 ]; then month=$((month + 12)) year=$((year - 1)); fi
  day=$((365 * year + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 + day - 719469))
  epoch=$((day * 86400 + 10#${time:11:2} * 3600 + 10#${time:14:2} * 60 + 10#${time:17:2}))
  zone=${time:19}
  case $zone in
    *[-+][0-9][0-9]:[0-9][0-9]) zone=${zone%:*}${zone##*:} ;;
    *[-+][0-9][0-9][0-9][0-9]) ;;
    *) return 0 ;;
  esac
  zone=${zone:$((${#zone} - 5))}
  day=$((10#${zone:1:2} * 3600 + 10#${zone:3:2} * 60))
  case $zone in
    +*) epoch=$((epoch - day)) ;;
    *) epoch=$((epoch + day)) ;;
  esac
}

# Takes the token in parts: sets _awsctx_end, and _awsctx_refresh_end to the time until which it can be refreshed; 0 where
# there is no such time. What is no whole token has ended. Notes what it went by, and where that was (0, where there is no
# text, for what it did not find): while all of that stays, so does the answer.
function _awsctx_parse_token {
  local space=$' \t\r\n' i last=$((${#parts[@]} - 1)) access='' epoch end refresh refresh_end text
  _awsctx_end=0 _awsctx_refresh_end=0 _awsctx_from=0 _awsctx_until=0
  _awsctx_at_end=0 _awsctx_at_refresh=0 _awsctx_at_refresh_end=0 _awsctx_at_last=0
  for ((i = 1; i < last - 1; i++)); do
    case ${parts[i + 1]} in
      *[!:"$space"]*) ;;
      *:*)
        case ${parts[i]} in
          accessToken) access=1 ;;
          expiresAt) _awsctx_at_end=$((i + 2)) ;;
          refreshToken) _awsctx_at_refresh=$((i + 2)) ;;
          registrationExpiresAt) _awsctx_at_refresh_end=$((i + 2)) ;;
        esac
        ;;
    esac
  done
  if ((last > 0)); then _awsctx_at_last=$last; fi
  end=${parts[_awsctx_at_end]-} refresh=${parts[_awsctx_at_refresh]:+set}
  refresh_end=${parts[_awsctx_at_refresh_end]-} text=${parts[_awsctx_at_last]-}
  _awsctx_gist=${#parts[@]}/$end/$refresh/$refresh_end/$text

  text=${text%"${text##*[!"$space"]}"}
  if [[ ${parts[0]-} = *[!"{$space"]* || ${parts[0]-}$text != *'{'*'}' || -z $access ]]; then return 0; fi
  _awsctx_epoch "$end"
  _awsctx_end=$epoch
  if ((epoch > 0 && _awsctx_at_refresh > 0)) && [[ -n $refresh ]]; then
    _awsctx_epoch "$refresh_end"
    _awsctx_refresh_end=$epoch
  fi
}

# Sets _awsctx_time to the time to the sign-in's end, ` expired` or nothing, and _awsctx_from and _awsctx_until to the clock's
# times between which that holds.
function _awsctx_tell_time {
  local minutes
  if ((now < _awsctx_end)); then
    minutes=$(((_awsctx_end - now) / 60))
    _awsctx_from=$((_awsctx_end - minutes * 60 - 59)) _awsctx_until=$((_awsctx_end - minutes * 60 + (minutes > 0)))
    case " $_awsctx_facts " in
      *' no-time '*) _awsctx_time='' ;;
      *)
        if ((minutes < 60)); then
          _awsctx_time=" ${minutes}m"
        else
          _awsctx_time=" $((minutes / 60))h$((minutes % 60))m"
        fi
        ;;
    esac
  elif ((now < _awsctx_refresh_end)); then
    _awsctx_from=$_awsctx_end _awsctx_until=$_awsctx_refresh_end _awsctx_time=''
  else
    _awsctx_from=$((_awsctx_end > _awsctx_refresh_end ? _awsctx_end : _awsctx_refresh_end))
    _awsctx_until=$((1 << 60)) _awsctx_time=' expired'
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
  if [ -n "$_awsctx_region" ] && [ "$_awsctx_region" = "${AWSCTX_REGION-}" ]; then
    AWSCTX_PROMPT=$_awsctx_name@$_awsctx_region$_awsctx_time
  fi

  # Does botocore take its credentials from a variable, although AWS_PROFILE is set?
  if [[ -n ${AWS_ACCESS_KEY_ID-} ]] ||
    [[ -n ${AWS_WEB_IDENTITY_TOKEN_FILE-} && " $_awsctx_facts " != *' assume-role '* ]] ||
    [[ -n ${AWS_ROLE_ARN-} && " $_awsctx_facts " = *' web-identity '* ]] ||
    { [ -n "${AWS_DEFAULT_PROFILE-}" ] && [ "$AWS_DEFAULT_PROFILE" != "$_awsctx_name" ]; }; then
    AWSCTX_PROMPT="$AWSCTX_PROMPT !" AWSCTX_PROMPT_CLASS=overridden
  elif [[ " $_awsctx_facts " = *' guarded '* ]]; then
    AWSCTX_PROMPT_CLASS=guarded
  elif [[ $_awsctx_source != state ]]; then
    AWSCTX_PROMPT_CLASS=pinned
  elif [[ $_awsctx_time = ' expired' ]]; then
    AWSCTX_PROMPT_CLASS=expired
  else
    AWSCTX_PROMPT_CLASS=ok
  fi
}

# Looks at the state, the environment, the token and the clock, and brings everything up to date; $1 is `prompt`, or `call`
# after a call of this shell's own. Where nothing has changed, this is one read (two for an SSO profile: the token's too) and a
# few comparisons. A redirection of stderr would cost half a read.
function _awsctx_update {
  local text='' parts=() now
  local others=${AWS_DEFAULT_PROFILE-}/${AWS_ACCESS_KEY_ID:+k}${AWS_WEB_IDENTITY_TOKEN_FILE:+w}${AWS_ROLE_ARN:+r}
  # mapfile (bash 4.4) reads in two thirds of read's time; of the array that it makes, $text is the first element.
  if [[ ! -f ${AWSCTX_STATE_FILE-} || ! -r $AWSCTX_STATE_FILE ]]; then
    :
  elif [[ -n $_awsctx_mapfile ]]; then
    mapfile -d '' text <"$AWSCTX_STATE_FILE" || :
  else
    IFS='' read -r -d '' text <"$AWSCTX_STATE_FILE" || :
  fi
  if [ "${text-}/${AWS_PROFILE-}/${AWS_REGION-}/${AWS_DEFAULT_REGION-}/$others" != "$_awsctx_seen/$_awsctx_variables" ]; then
    _awsctx_change "${text-}" "$1"
    _awsctx_variables=${AWS_PROFILE-}/${AWS_REGION-}/${AWS_DEFAULT_REGION-}/$others
  fi

  if [[ -n $_awsctx_token ]]; then
    # Cut at the quotes: every other way to look into 4 kB, `#` and `%` say, takes bash milliseconds.
    if [[ ! -f $_awsctx_token || ! -r $_awsctx_token ]]; then
      :
    elif [[ -n $_awsctx_mapfile ]]; then
      mapfile -t -d \" parts <"$_awsctx_token" || :
    else
      IFS=\" read -r -d '' -a parts <"$_awsctx_token" || :
    fi
    if [[ ${#parts[@]}/${parts[_awsctx_at_end]-}/${parts[_awsctx_at_refresh]:+set}/${parts[_awsctx_at_refresh_end]-}/${parts[_awsctx_at_last]-} != "$_awsctx_gist" ]]; then
      _awsctx_parse_token
    fi
    now=${EPOCHSECONDS-}
    if [[ -z $now ]]; then _awsctx_clock; fi
    if ((now < _awsctx_from || _awsctx_until <= now)); then _awsctx_tell_time; fi
  fi
  if [[ -n $_awsctx_stale ]]; then
    _awsctx_tell
    _awsctx_stale=''
  fi
}

function _awsctx_hook {
  local status=$?
  _awsctx_update prompt
  _awsctx_shown=${AWS_PROFILE-} _awsctx_prefixed=''
  # The status is for what comes next in PROMPT_COMMAND; under `set -e` it would end the shell.
  case $- in *e*) return 0 ;; esac
  return "$status"
}

# --- the command -----------------------------------------------------------------------------------------------------

# Whether a call is one for this shell alone: -s or --shell among the arguments of a switch.
function _awsctx_is_for_shell {
  local first=1
  while [ "$#" -gt 0 ]; do
    case $1 in
      --) return 1 ;;
      -s | --shell) return 0 ;;
      -r | --region | -p | --profile) if [ "$#" -gt 1 ]; then shift; fi ;;
      --*) ;;
      -*[!-cdhqsuy]*) ;;
      -*s*) return 0 ;;
      -) first='' ;;
      *)
        if [ -n "$first" ]; then
          case $1 in
            @SUBCOMMANDS@) return 1 ;;
          esac
          if [ "$1" != use ]; then first=''; fi
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
  local name region mark facts follow token
  _awsctx_parse "$1" || return 1
  _awsctx_remember "$name" "$region"
  _awsctx_own='' _awsctx_pin=''
  if [ -n "$name" ]; then _awsctx_pin=$1; fi
  # Whatever AWS_PROFILE said is over.
  unset AWS_PROFILE
  _awsctx_variables='' _awsctx_applies=1
}

# Another shell has switched right after a call of this one's did: what was asked for here, the end of $1, is in force until the
# prompt all the same.
function _awsctx_keep_switch {
  local nl=$'\n' switch=${1##*$'\n'}
  _awsctx_remember "${switch%$'\t'*}" "${switch#*$'\t'}"
  _awsctx_own='' _awsctx_pin=''
  _awsctx_base="${switch%$'\t'*}$nl${switch#*$'\t'}${nl}0 -$nl?$nl$nl${nl}awsctx 1$nl"
  _awsctx_variables=''
}

# Every local has a prefix: one that shadowed an exported variable would hide it from the command.
function awsctx {
  local _awsctx_status=0 _awsctx_reply _awsctx_when=call _awsctx_applies='' _awsctx_text=''
  _awsctx_calls=$((_awsctx_calls + 1))
  _awsctx_call=bash:${BASHPID:-$$}:$_awsctx_calls
  if [ "${AWS_PROFILE-}" != "$_awsctx_shown" ]; then _awsctx_prefixed=1; fi
  if _awsctx_is_for_shell "$@"; then
    # A dot keeps the newlines that end the output.
    _awsctx_reply=$(
      AWSCTX_CALL=$_awsctx_call AWSCTX_HOOK=@VERSION@ AWSCTX_REPLY=1 AWSCTX_SHELL_PREVIOUS=$_awsctx_previous \
        command awsctx "$@" || _awsctx_status=$?
      printf .
      exit "$_awsctx_status"
    ) || _awsctx_status=$?
    _awsctx_reply=${_awsctx_reply%.}
    if [ "$_awsctx_status" != 0 ] || ! _awsctx_take_reply "$_awsctx_reply"; then
      printf %s "$_awsctx_reply"
    elif [ -z "$_awsctx_pin" ]; then
      _awsctx_when=prompt
    fi
  else
    AWSCTX_CALL=$_awsctx_call AWSCTX_HOOK=@VERSION@ command awsctx "$@" || _awsctx_status=$?
  fi
  # What the call did for this shell is applied at once; all else waits for the prompt.
  if [[ -f ${AWSCTX_STATE_FILE-} ]]; then
    IFS='' read -r -d '' _awsctx_text 2>/dev/null <"$AWSCTX_STATE_FILE" || :
  fi
  if [[ $_awsctx_text = *$'\t'"$_awsctx_call"$'\n'* && $_awsctx_text != *" $_awsctx_call"$'\n'* ]]; then
    _awsctx_keep_switch "${_awsctx_text%%$'\t'"$_awsctx_call"$'\n'*}"
    _awsctx_applies=1
  fi
  if [[ -n $_awsctx_applies || $_awsctx_text = *" $_awsctx_call"$'\n'* ]]; then _awsctx_update "$_awsctx_when"; fi
  return "$_awsctx_status"
}

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

# @COMPLETION@

# A script gets the function alone: it has no prompt.
case $- in
  *i*)
    _awsctx_load
# @PROMPT@
    ;;
esac

if [ -n "$_awsctx_aliases" ]; then shopt -s expand_aliases; fi
unset _awsctx_aliases
