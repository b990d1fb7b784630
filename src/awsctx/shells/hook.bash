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

# A shell that loads this again keeps its variables. Under `set -a` its children inherit them: the pid tells a child to start anew.
if [ "${_awsctx_pid-}" != "$$" ]; then
  _awsctx_pid=$$ _awsctx_memory='' _awsctx_count=0
  _awsctx_head='' _awsctx_tail='' _awsctx_class='' _awsctx_end=0 _awsctx_ask=0 _awsctx_born=0 _awsctx_token='' _awsctx_profile=''
  AWSCTX_PROMPT='' AWSCTX_PROMPT_CLASS=''
  # The name of the answers is this shell's own, on whatever machine and in whatever container.
  _awsctx_id=$RANDOM$RANDOM$RANDOM
  if [ -r /proc/sys/kernel/random/uuid ]; then IFS='' read -r _awsctx_id </proc/sys/kernel/random/uuid || :; fi
fi
_awsctx_folder=${AWSCTX_STATE_FILE%/*}/shells
case ${BASH_VERSINFO[0]}.${BASH_VERSINFO[1]} in [1-3].* | 4.[0-3]) _awsctx_mapfile='' ;; *) _awsctx_mapfile=1 ;; esac
# What the last prompt saw. No real state has these values, so the first prompt asks.
_awsctx_state='' _awsctx_others='' _awsctx_variables='?' _awsctx_next=0 _awsctx_since=0 _awsctx_pins='' _awsctx_pwd=''

# --- notice ----------------------------------------------------------------------------------------------------------

# Each local begins with `_`: where the user has a readonly variable of that name, `local` fails.

# Sets the variable $2 to what is in the file $1, up to the first NUL; leaves it where there is none to read. mapfile (bash 4.4)
# takes a fifth of the time that read takes; of the array that it makes, `${_text-}` is the only element, if there is one. Of a pin
# it takes one line at most: whoever made the folder may have made it endless.
function _awsctx_read {
  local _most=65536
  if [[ $1 == */.awsctx ]]; then _most=4096; fi
  if [[ ! -f $1 || ! -r $1 ]]; then
    :
  elif [[ -n $_awsctx_mapfile && $_most != 4096 ]]; then
    mapfile -n 1 -d '' "$2" <"$1" || :
  else
    IFS='' read -r -d '' -n $_most "$2" 2>/dev/null <"$1" || :
  fi
}

# Sets _others to all that is watched besides the state and the variables: the token, and the pins from here upwards, with what
# is allowed of them.
function _awsctx_look {
  local _text _folder=$PWD _nl=$'\n'
  if [[ $PWD != "$_awsctx_pwd" ]]; then
    _awsctx_pwd=$PWD _awsctx_pins=''
    while :; do
      if [[ -e $_folder/.awsctx ]]; then _awsctx_pins=$_awsctx_pins$_folder/.awsctx$_nl; fi
      if [[ $_folder != */* ]]; then break; fi
      _folder=${_folder%/*}
    done
    if [[ -n $_awsctx_pins ]]; then _awsctx_pins=$_awsctx_pins${_awsctx_folder%/*}/allowed$_nl; fi
  fi
  _others=''
  if [[ -n $_awsctx_token ]]; then _awsctx_read "$_awsctx_token" _others; fi
  local _rest=$_awsctx_pins
  while [[ -n $_rest ]]; do
    _text=''
    _awsctx_read "${_rest%%"$_nl"*}" _text
    _others=${_others-}$_nl${_rest%%"$_nl"*}$_nl${_text-} _rest=${_rest#*"$_nl"}
  done
}

function _awsctx_hook {
  # A bash before 5 has no EPOCHSECONDS: what the last answer said, and the seconds since.
  local _status=$? _state='' _others='' _variables _now=${EPOCHSECONDS:-$((_awsctx_born + ${SECONDS:-0}))}
  # Where mapfile is, it stands here, without the call of a function.
  if [[ -n $_awsctx_mapfile && -f ${AWSCTX_STATE_FILE-} && -r ${AWSCTX_STATE_FILE-} ]]; then
    mapfile -n 1 -d '' _state <"$AWSCTX_STATE_FILE" || :
  else
    _awsctx_read "${AWSCTX_STATE_FILE-}" _state
  fi
  if [[ -n $_awsctx_pins || $PWD != "$_awsctx_pwd" ]]; then
    _awsctx_look
  elif [[ -n $_awsctx_mapfile && -f $_awsctx_token && -r $_awsctx_token ]]; then
    mapfile -n 1 -d '' _others <"$_awsctx_token" || :
  elif [[ -n $_awsctx_token ]]; then
    _awsctx_read "$_awsctx_token" _others
  fi
  if [[ -n $_awsctx_mapfile ]]; then _variables=@VARIABLES@; else _variables=@PLAIN@; fi
  # `[` compares exactly; `[[ a != b ]]` ignores case under `shopt -s nocasematch`. For the long token, `<` and `>` take half the time.
  if [ "${_state-}/$_variables" != "$_awsctx_state/$_awsctx_variables" ] ||
    [[ ${_others-} < $_awsctx_others || ${_others-} > $_awsctx_others ]]; then
    _awsctx_update
  elif ((_awsctx_next <= _now || _now < _awsctx_since)); then
    if ((_awsctx_ask > 0 && _awsctx_ask <= _now)); then _awsctx_update; else _awsctx_render; fi
  fi
  # The status is for what comes next in PROMPT_COMMAND; under `set -e` it would end the shell.
  if ((_status)); then case $- in *e*) ;; *) return "$_status" ;; esac; fi
}

# Asks. What is here now has been asked about, whatever comes of it.
function _awsctx_update {
  _awsctx_state=${_state-} _awsctx_others=${_others-} _awsctx_variables=$_variables _awsctx_ask=0
  _awsctx_call _hook >/dev/null 2>&1 || :
  _awsctx_apply '' || _awsctx_go_on
  _awsctx_render
}

# There is no answer: all stays as it is, but for a prompt that AWS_PROFILE makes untrue.
function _awsctx_go_on {
  local _flags _profile=''
  _awsctx_flags AWS_PROFILE
  case $_flags in *x*) _profile=${AWS_PROFILE-} ;; esac
  if [ "$_profile" != "$_awsctx_profile" ]; then
    _awsctx_profile=$_profile _awsctx_head=${_profile//[[:cntrl:]]/?} _awsctx_tail='' _awsctx_class=${_profile:+pinned} _awsctx_end=0
  fi
}

# Sets AWSCTX_PROMPT and AWSCTX_PROMPT_CLASS for the time now, and since when and until when that holds.
function _awsctx_render {
  local _time='' _left=$((_awsctx_end - _now))
  _awsctx_since=$_now _awsctx_next=$((_awsctx_ask > 0 ? _awsctx_ask : 9999999999))
  if ((_awsctx_end > 0 && _left >= 3600)); then
    _time=" $((_left / 3600))h$((_left / 60 % 60))m"
  elif ((_awsctx_end > 0)); then
    _time=" $((_left > 0 ? _left / 60 : 0))m"
  fi
  if ((_awsctx_end > 0 && _left > 0 && _now + _left % 60 < _awsctx_next)); then _awsctx_next=$((_now + _left % 60 + 1)); fi
  # shellcheck disable=SC2034  # they are for the user's prompt
  AWSCTX_PROMPT=$_awsctx_head$_time$_awsctx_tail AWSCTX_PROMPT_CLASS=$_awsctx_class
}

# --- ask -------------------------------------------------------------------------------------------------------------

# Sets _flags to the attributes of the variable $1: x, where it is exported, r, where it is read-only. Before bash 4.4 another
# process has to tell.
function _awsctx_flags {
  if [[ -n $_awsctx_mapfile ]]; then
    _flags=${!1+${!1@a}}
  else
    _flags=$(declare -p "$1" 2>/dev/null) || :
    _flags=${_flags#declare -} _flags=${_flags%% *}
  fi
}

# Sets _awsctx_unseen to what no command sees of the variables that an answer may set: a line with the name of each that is
# read-only, and with the name and the value of each other that is not exported.
function _awsctx_look_at_own {
  local _name _flags
  _awsctx_unseen=''
  for _name in AWS_PROFILE AWS_REGION AWS_DEFAULT_REGION; do
    _awsctx_flags "$_name"
    case ${!_name+set}$_flags in
      *r*) _awsctx_unseen=$_awsctx_unseen$_name$'\n' ;;
      set*x* | '') ;;
      *) _awsctx_unseen=$_awsctx_unseen$_name=${!_name}$'\n' ;;
    esac
  done
}

# Calls the command, and tells it where to leave an answer for this shell. Every local has a prefix: one that shadowed an exported
# variable would hide it from the command.
function _awsctx_call {
  local _awsctx_status=0 _awsctx_words='' _awsctx_errexit=''
  _awsctx_count=$((_awsctx_count + 1))
  _awsctx_answer=$_awsctx_folder/${BASHPID:-$$}-$_awsctx_id
  _awsctx_look_at_own
  local -x AWSCTX_HOOK=@VERSION@ AWSCTX_ANSWER="bash @PROTOCOL@ $_awsctx_count $_awsctx_answer" AWSCTX_MEMORY="$_awsctx_memory"
  local -x AWSCTX_UNSEEN="$_awsctx_unseen"
  # bash 3.2 forgets in `command` that there is an `||`, hence the rest. `jobs` is to show the call as it was typed, hence eval.
  case $- in *e*) _awsctx_errexit=1 && set +e ;; esac
  if [ "$#" -gt 0 ]; then printf -v _awsctx_words ' %q' "$@"; fi
  eval "\\command awsctx$_awsctx_words" || _awsctx_status=$?
  if [ -n "$_awsctx_errexit" ]; then set -e; fi
  return "$_awsctx_status"
}

function awsctx {
  local _awsctx_result=0 _now
  _awsctx_call "$@" || _awsctx_result=$?
  _awsctx_pwd=''
  if _awsctx_apply call; then _awsctx_render; fi
  return "$_awsctx_result"
}

# --- apply -----------------------------------------------------------------------------------------------------------

# Applies the answer to the call just made; fails where there is none. Sets _now for its caller. $1 is `call` where that was a call
# of the user's: it has looked at the state itself.
function _awsctx_apply {
  local _text='' _line _rest _name _others _variables _token=$_awsctx_token _nl=$'\n'
  _awsctx_read "$_awsctx_answer" _text
  _text=${_text-}
  if [[ $_text != "awsctx @PROTOCOL@ $_awsctx_count$_nl"*"$_nl$_nl"* ]]; then return 1; fi
  _rest=${_text%%"$_nl$_nl"*}$_nl
  if [ "$1" = call ]; then _awsctx_state=${_text#*"$_nl$_nl"}; fi
  while [ -n "$_rest" ]; do
    _line=${_rest%%"$_nl"*} _rest=${_rest#*"$_nl"}
    _name=${_line%%=*}
    case $_line in
      end=*[!0-9]* | ask=*[!0-9]* | now=*[!0-9]*) ;;
      memory=* | head=* | tail=* | class=* | end=* | ask=* | token=*) printf -v "_awsctx_$_name" %s "${_line#*=}" ;;
      now=*) _awsctx_born=$((${_line#now=} - ${SECONDS:-0})) ;;
      say=*) printf 'awsctx: %s\n' "${_line#say=}" >&2 ;;
      [-+~]AWS*) case ${_name:1} in *[!A-Z_]*) ;; *) _awsctx_set "$_line" "${_name:1}" 2>/dev/null || : ;; esac ;;
    esac
  done
  if [[ -n $_awsctx_mapfile ]]; then _variables=@VARIABLES@; else _variables=@PLAIN@; fi
  _awsctx_variables=$_variables _awsctx_profile=${AWS_PROFILE-}
  if [[ $1 = call || $_token != "$_awsctx_token" ]]; then
    _awsctx_look
    _awsctx_others=${_others-}
    # It has changed since the command looked at it: look again.
    if [[ -n $_awsctx_token && $_awsctx_token -nt $_awsctx_answer ]]; then _awsctx_others='?'; fi
  fi
  _now=${EPOCHSECONDS:-$((_awsctx_born + ${SECONDS:-0}))}
}

# Exports the variable $2, unsets it, or sets it for this shell alone, as the line $1 says.
function _awsctx_set {
  case $1 in
    +*) export "$2=${1#*=}" ;;
    -*) unset "$2" ;;
    *) printf -v "$2" %s "${1#*=}" && export -n "${2?}" ;;
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
