#compdef awsctx
# awsctx: completion for zsh, part of the hook and a file of its own: in a folder of fpath, it is called `_awsctx`.
#
# `awsctx _complete` knows the answers; zsh quotes them. Candidates are data.

function _awsctx_complete {
  \builtin emulate -L zsh
  \local -i 10 i at=0
  \local -a before lines values shown
  \local line word width=0

  before=("${(@Q)words[2,CURRENT-1]}")
  # Where the command that an `exec` runs begins, if it has.
  i=1
  if [[ ${before[i]-} == --debug ]]; then i+=1; fi
  if [[ ${before[i]-} == exec ]]; then
    for (( i++; i <= ${#before}; i++ )); do
      case $before[i] in
        (-p|--profile|-r|--region|-c|--match|-j|--keep|--one-per|--out) i+=1 ;;
        (--) at=$i+1; break ;;
        (-*) ;;
        (*) at=$i; break ;;
      esac
    done
  fi
  if (( at )); then
    # words[1] is awsctx itself.
    words=("${(@)words[at+1,-1]}")
    (( CURRENT -= at ))
    _normal
    return
  fi

  # The word as it will be read; PREFIX is what stands behind a quote that is still open.
  case $QIPREFIX in
    (\') word=${PREFIX//\'\\\'\'/\'} ;;
    (\") word=${(Q):-\"$PREFIX\"} ;;
    (*) word=${(Q)PREFIX} ;;
  esac
  lines=("${(@f)$(\command awsctx _complete $(( CURRENT - 2 )) "${(@)before}" "$word" 2>/dev/null)}")
  if [[ -z $lines[1] ]]; then return 1; fi
  values=("${(@)lines%%$'\t'*}")
  for line in "${(@)values}"; do
    if (( ${#line} > width )); then width=${#line}; fi
  done
  for line in "${(@)lines}"; do
    if [[ $line == *$'\t'* ]]; then
      shown+=("${(r:width:)line%%$'\t'*}  -- ${line#*$'\t'}")
    else
      shown+=("$line")
    fi
  done
  if [[ $lines[1] == *$'\t'* ]]; then
    compadd -V awsctx -l -d shown -- "${(@)values}"
  else
    compadd -V awsctx -d shown -- "${(@)values}"
  fi
}

if [[ ${funcstack[1]-} == _awsctx ]]; then _awsctx_complete "$@"; fi
