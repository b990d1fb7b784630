# shellcheck shell=bash
# awsctx: completion for bash, part of the hook and a file of its own: bash-completion loads it when it is called `awsctx`.
#
# `awsctx _complete` knows the answers. What is done here is to tell it the words as bash will read them (COMP_WORDS has them
# cut at every `:`, `=` and `@`), and to quote what it answers as the word under the cursor is quoted. Candidates are data.

# Takes the line before the cursor ($1) apart as the shell would: sets words (unquoted; the last one is the one to complete),
# raw (that one as it was typed), quote (the quote that is open in it, or nothing) and opened (raw up to that quote).
function _awsctx_split {
  local rest=$1 word='' any='' c
  words=() raw='' quote='' opened=''
  while [ -n "$rest" ]; do
    c=${rest:0:1} rest=${rest:1}
    case $quote$c in
      [$' \t\n'])
        if [ -n "$any" ]; then words+=("$word"); fi
        word='' raw='' any=''
        continue
        ;;
      "''" | '""') quote='' ;;
      \' | \") quote=$c opened=$raw$c ;;
      \\ | \"\\)
        c=${rest:0:1} rest=${rest:1}
        # Between double quotes, a backslash is one for these alone.
        case $quote$c in \"[!\"\\\$\`]*) word=$word\\ ;; esac
        word=$word$c raw=$raw\\
        ;;
      *) word=$word$c ;;
    esac
    any=1 raw=$raw$c
  done
  words+=("$word")
}

# Sets quoted to $1 as it has to stand where quote is open.
function _awsctx_quote {
  case $quote in
    \') quoted=${1//\'/\'\\\'\'} ;;
    \")
      quoted=${1//\\/\\\\} quoted=${quoted//\"/\\\"} quoted=${quoted//\$/\\\$} quoted=${quoted//\`/\\\`}
      quoted=${quoted//!/\"\\!\"}
      ;;
    *) printf -v quoted %q "$1" ;;
  esac
}

# Sets at to the index, among words, of the command that an `exec` runs; 0: there is none yet.
function _awsctx_command_at {
  local i=1
  at=0
  if [ "${words[i]-}" = --debug ]; then i=$((i + 1)); fi
  if [ "${words[i]-}" != exec ]; then return 0; fi
  while i=$((i + 1)) && [ "$i" -lt "${#words[@]}" ]; do
    case ${words[i]} in
      -p | --profile | -r | --region | -c | --match | -j | --keep | --one-per | --out) i=$((i + 1)) ;;
      --)
        if [ "$((i + 1))" -lt "${#words[@]}" ]; then at=$((i + 1)); fi
        return 0
        ;;
      -*) ;;
      # One that is still being typed may become an option of exec's, but not once there is a letter of it.
      ?*) at=$i && return 0 ;;
    esac
  done
}

# Completes the command in words from $1 on as that command would be completed by itself.
function _awsctx_complete_command {
  local i word
  if declare -F _comp_command_offset >/dev/null || declare -F _command_offset >/dev/null; then
    # Where it begins in COMP_WORDS, which has more pieces than there are words.
    for ((i = 1; i < COMP_CWORD; i++)); do
      if [ "${COMP_WORDS[i]}" = -- ] || [ "${COMP_WORDS[i]}" = "${words[$1]}" ]; then break; fi
    done
    if [ "${COMP_WORDS[i]}" = -- ]; then i=$((i + 1)); fi
    if declare -F _comp_command_offset >/dev/null; then _comp_command_offset "$i"; else _command_offset "$i"; fi
    return
  fi
  if [ "$1" -eq "$((${#words[@]} - 1))" ]; then
    while IFS='' read -r word; do
      COMPREPLY+=("$word")
    done <<<"$(compgen -c -- "${words[$1]}" | sort -u)"
  else
    compopt -o bashdefault -o default 2>/dev/null || :
  fi
}

function _awsctx_complete {
  local words raw quote opened quoted at line=${COMP_LINE:0:COMP_POINT} kept value IFS=$' \t\n'
  COMPREPLY=()
  _awsctx_split "$line"
  _awsctx_command_at
  if [ "$at" != 0 ]; then
    _awsctx_complete_command "$at"
    return
  fi

  # readline replaces only what stands after the last of its word breaks, or after an open quote: what stands before is kept.
  kept=''
  if [ -n "$quote" ]; then
    kept=$opened
  elif [ -n "${2-}" ] && [ "${raw%"$2"}" != "$raw" ]; then
    kept=${raw%"$2"}
  elif [ -z "${2-}" ]; then
    kept=$raw
  fi
  line=$(command awsctx _complete "$((${#words[@]} - 2))" "${words[@]:1}" 2>/dev/null)
  if [ -z "$line" ]; then return 0; fi
  # In words of the name, not of the line.
  local full=("${words[@]}") open=$quote
  _awsctx_split "x $kept"
  kept=${words[1]-} words=("${full[@]}") quote=$open
  while IFS='' read -r value; do
    value=${value%%$'\t'*}
    _awsctx_quote "${value#"$kept"}"
    COMPREPLY+=("$quoted")
  done <<<"$line"
}

case ${BASH_VERSINFO[0]}.${BASH_VERSINFO[1]} in
  [1-3].* | 4.[0-3]) complete -F _awsctx_complete awsctx ;;
  *) complete -o nosort -F _awsctx_complete awsctx ;;
esac
