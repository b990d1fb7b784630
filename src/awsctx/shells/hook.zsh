# awsctx @VERSION@: the hook for zsh, loaded by: eval "$(awsctx init zsh)"
#
# Before each prompt it *notices* whether anything has changed: the state, the sign-in's token, a folder's pin, the AWS
# variables, the clock. That starts no process. Where something has, it *asks* `awsctx _hook`, which decides, and *applies* the
# answer: lines of data in a file of this shell's own. A call of `awsctx` leaves its answer there, too.
#
# Works under any setopt: each function that zsh or a user calls sets its own. zsh reads all of this before it runs any of it,
# hence the backslashes: no alias of the user's has a say in what the functions are. Names are data: never evaluated.

if [[ -z ${AWSCTX_STATE_FILE-} ]]; then AWSCTX_STATE_FILE=@STATE_FILE@; fi
if [[ -z ${AWSCTX_CONFIG-} ]]; then AWSCTX_CONFIG=@CONFIG@; fi
\export AWSCTX_STATE_FILE AWSCTX_CONFIG

\builtin zmodload zsh/datetime zsh/parameter 2>/dev/null || true
# zsh's own `read` makes a system call for each byte.
if ! \builtin zmodload zsh/system 2>/dev/null; then
  function sysread {
    IFS='' \builtin read -rd '' "$argv[-1]"
  }
fi

# A shell that loads this again keeps its variables. Under `setopt allexport` its children inherit them: the pid tells a child to start
# anew.
if [[ ${_awsctx_pid-} != $$ ]]; then
  \typeset -g _awsctx_pid=$$ _awsctx_memory='' _awsctx_token='' _awsctx_profile=''
  \typeset -g _awsctx_head='' _awsctx_tail='' _awsctx_class='' _awsctx_later='' _awsctx_answer='' _awsctx_id
  \typeset -gi 10 _awsctx_count=0 _awsctx_end=0 _awsctx_ask=0
  \typeset -g AWSCTX_PROMPT='' AWSCTX_PROMPT_CLASS=''
  # The name of the answers is this shell's own, on whatever machine and in whatever container.
  _awsctx_id=$RANDOM$RANDOM$RANDOM
  if [[ -r /proc/sys/kernel/random/uuid ]]; then IFS='' \builtin read -r _awsctx_id </proc/sys/kernel/random/uuid; fi
fi
# What the last prompt saw. No real state has these values, so the first prompt asks.
\typeset -g _awsctx_state='' _awsctx_variables='?' _awsctx_pins='' _awsctx_pwd=''
# An associative array with one key, the text of the token and the pins: a lookup is faster than `!=`.
\typeset -gA _awsctx_others; _awsctx_others=()
\typeset -gi 10 _awsctx_next=0 _awsctx_since=0
\typeset -g _awsctx_folder="${${AWSCTX_STATE_FILE:a}:h}/shells"

# --- notice ----------------------------------------------------------------------------------------------------------

# Sets others to all that is watched besides the state and the variables: the token, and the pins from here upwards, with what
# is allowed of them.
function _awsctx_look {
  \local text file folder=$PWD
  if [[ $PWD != "$_awsctx_pwd" ]]; then
    _awsctx_pwd=$PWD _awsctx_pins=''
    while true; do
      if [[ -e $folder/.awsctx ]]; then _awsctx_pins+=$folder/.awsctx$'\n'; fi
      if [[ $folder != */* ]]; then break; fi
      folder=${folder%/*}
    done
    if [[ -n $_awsctx_pins ]]; then _awsctx_pins+=${_awsctx_folder%/*}/allowed$'\n'; fi
  fi
  others=''
  if [[ -n $_awsctx_token && -f $_awsctx_token && -r $_awsctx_token ]]; then sysread -s 16384 others <$_awsctx_token; fi
  for file in ${(f)_awsctx_pins}; do
    text=''
    if [[ -f $file && -r $file ]]; then sysread -s 65536 text <$file; fi
    others+=$'\n'$file$'\n'$text
  done
}

function _awsctx_hook {
  \builtin emulate -L zsh +o err_exit +o err_return +o force_float +o xtrace
  \local text='' others='' variables
  if [[ -n $_awsctx_later ]] || (( ${+functions[compdef]} && ! ${+_comps[awsctx]} )); then _awsctx_catch_up; fi
  if [[ -f ${AWSCTX_STATE_FILE-} && -r $AWSCTX_STATE_FILE ]]; then sysread -s 16384 text <$AWSCTX_STATE_FILE; fi
  if [[ $PWD != "$_awsctx_pwd" || -n $_awsctx_pins ]]; then
    _awsctx_look
  elif [[ -n $_awsctx_token && -f $_awsctx_token && -r $_awsctx_token ]]; then
    sysread -s 16384 others <$_awsctx_token
  fi
  variables="@VARIABLES@"
  # A token is long: to look it up takes half the time of `!=`, which makes a pattern of it.
  if [[ $text/$variables != "$_awsctx_state/$_awsctx_variables" ]] || (( ! ${+_awsctx_others[$others]} )); then
    _awsctx_update
  elif (( _awsctx_next <= EPOCHSECONDS || EPOCHSECONDS < _awsctx_since )); then
    if (( _awsctx_ask > 0 && _awsctx_ask <= EPOCHSECONDS )); then _awsctx_update; else _awsctx_render; fi
  fi
}

# Asks. What is here now has been asked about, whatever comes of it.
function _awsctx_update {
  _awsctx_state=$text _awsctx_others=("$others" 1) _awsctx_variables=$variables _awsctx_ask=0
  _awsctx_call _hook >/dev/null 2>&1
  _awsctx_apply '' || _awsctx_go_on
  _awsctx_render
}

# There is no answer: all stays as it is, but for a prompt that AWS_PROFILE makes untrue.
function _awsctx_go_on {
  \local profile=''
  if [[ ${(t)AWS_PROFILE} == *export* ]]; then profile=$AWS_PROFILE; fi
  if [[ $profile != "$_awsctx_profile" ]]; then
    _awsctx_profile=$profile _awsctx_head=${profile//[[:cntrl:]]/?} _awsctx_tail='' _awsctx_class=${profile:+pinned} _awsctx_end=0
  fi
}

# Sets AWSCTX_PROMPT and AWSCTX_PROMPT_CLASS for the time now, and since when and until when that holds.
function _awsctx_render {
  \local time=''
  \local -i 10 now=EPOCHSECONDS left='_awsctx_end - EPOCHSECONDS'
  _awsctx_since=$now _awsctx_next=$(( _awsctx_ask > 0 ? _awsctx_ask : 9999999999 ))
  if (( _awsctx_end > 0 && left >= 3600 )); then
    time=" $(( left / 3600 ))h$(( left / 60 % 60 ))m"
  elif (( _awsctx_end > 0 )); then
    time=" $(( left > 0 ? left / 60 : 0 ))m"
  fi
  if (( _awsctx_end > 0 && left > 0 && now + left % 60 < _awsctx_next )); then _awsctx_next=$(( now + left % 60 + 1 )); fi
  AWSCTX_PROMPT=$_awsctx_head$time$_awsctx_tail AWSCTX_PROMPT_CLASS=$_awsctx_class
}

# What had to wait for a prompt: completion, where compinit came after this was loaded; a line, where powerlevel10k held it.
function _awsctx_catch_up {
  if (( ${+functions[compdef]} )) && [[ -z ${_comps[awsctx]-} ]]; then compdef _awsctx_complete awsctx; fi
  if [[ -n $_awsctx_later ]]; then _awsctx_say "$_awsctx_later"; fi
}

function _awsctx_say {
  # powerlevel10k's instant prompt wants silence until the real one is there.
  if [[ -n ${__p9k_instant_prompt_active-} ]]; then
    _awsctx_later=$1
  else
    _awsctx_later=''
    \builtin print -r -u2 -- "awsctx: $1"
  fi
}

# --- ask -------------------------------------------------------------------------------------------------------------

# Sets _awsctx_unseen to what no command sees of the variables that an answer may set: a line with the name of each that is
# read-only, and with the name and the value of each other that is not exported.
function _awsctx_look_at_own {
  \local name
  _awsctx_unseen=''
  for name in AWS_PROFILE AWS_REGION AWS_DEFAULT_REGION; do
    case ${(Pt)name} in
      (*readonly*) _awsctx_unseen+=$name$'\n' ;;
      (*export*|'') ;;
      (*) _awsctx_unseen+=$name=${(P)name}$'\n' ;;
    esac
  done
}

# Calls the command, and tells it where to leave an answer for this shell. Every local has a prefix: one that shadowed an exported
# variable would hide it from the command.
function _awsctx_call {
  _awsctx_look_at_own
  (( ++_awsctx_count ))
  _awsctx_answer=$_awsctx_folder/${sysparams[pid]:-$$}-$_awsctx_id
  AWSCTX_HOOK=@VERSION@ AWSCTX_ANSWER="zsh @PROTOCOL@ $_awsctx_count $_awsctx_answer" AWSCTX_MEMORY=$_awsctx_memory \
    AWSCTX_UNSEEN=$_awsctx_unseen \command awsctx "$@"
}

function awsctx {
  \builtin emulate -L zsh +o err_exit +o err_return +o force_float +o xtrace
  \local _awsctx_result=0
  # Ctrl-C ends this function in here. With `|| _awsctx_result=$?` its status would be 1, and not the command's.
  {
    _awsctx_call "$@"
  } always {
    _awsctx_result=$?
  } || :
  _awsctx_pwd=''
  if _awsctx_apply call; then _awsctx_render; fi
  return $_awsctx_result
}

# --- apply -----------------------------------------------------------------------------------------------------------

# Applies the answer to the call just made; fails where there is none. $1 is `call` where that was a call of the user's: it has looked
# at the state itself.
function _awsctx_apply {
  \local text='' line name others variables token=$_awsctx_token
  if [[ -f $_awsctx_answer && -r $_awsctx_answer ]]; then sysread -s 65536 text <$_awsctx_answer; fi
  if [[ $text != "awsctx @PROTOCOL@ $_awsctx_count"$'\n'*$'\n\n'* ]]; then return 1; fi
  if [[ $1 == call ]]; then _awsctx_state=${text#*$'\n\n'}; fi
  for line in "${(@f)${text%%$'\n\n'*}}"; do
    name=${line%%=*}
    case $line in
      (end=*[^0-9]*|ask=*[^0-9]*) ;;
      (memory=*|head=*|tail=*|class=*|end=*|ask=*|token=*) \typeset -g "_awsctx_$line" ;;
      (say=*) _awsctx_say "${line#say=}" ;;
      ([-+~]AWS*) if [[ ${name:1} != *[^A-Z_]* && ${(Pt)${name:1}} != *readonly* ]]; then _awsctx_set "$line" ${name:1}; fi ;;
    esac
  done
  variables="@VARIABLES@"
  _awsctx_variables=$variables _awsctx_profile=${AWS_PROFILE-}
  if [[ $1 == call || $token != "$_awsctx_token" ]]; then
    _awsctx_look
    _awsctx_others=("$others" 1)
    # It has changed since the command looked at it: look again.
    if [[ -n $_awsctx_token && $_awsctx_token -nt $_awsctx_answer ]]; then _awsctx_others=(); fi
  fi
}

# Exports the variable $2, unsets it, or sets it for this shell alone, as the line $1 says.
function _awsctx_set {
  case $1 in
    (+*) \export "$2=${1#*=}" ;;
    (-*) \unset $2 ;;
    (*) \typeset -g +x "$2=${1#*=}" ;;
  esac
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
