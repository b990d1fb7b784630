    # Sets the colour that the class has in the prompt, and what ends it, where the terminal is to have any.
    function _awsctx_colour {
      local status=$?
      _awsctx_on='' _awsctx_off=$'\033[0m'
      case ${AWSCTX_PROMPT_CLASS-} in
        ok) _awsctx_on=$'\033[32m' ;;
        guarded) _awsctx_on=$'\033[31m' ;;
        expired) _awsctx_on=$'\033[33m' ;;
        overridden) _awsctx_on=$'\033[35m' ;;
        pinned) _awsctx_on=$'\033[36m' ;;
      esac
      case ${NO_COLOR-}/${TERM-} in /dumb | / | ?*/*) _awsctx_on='' ;; esac
      if [ -z "$_awsctx_on" ]; then _awsctx_off=''; fi
      case $- in *e*) return 0 ;; esac
      return "$status"
    }
    # Of an array, the first element: the hook's.
    # shellcheck disable=SC2178,SC2128
    case ${PROMPT_COMMAND-} in
      *_awsctx_colour*) ;;
      *) PROMPT_COMMAND=${PROMPT_COMMAND/_awsctx_hook/_awsctx_hook;_awsctx_colour} ;;
    esac
    # By reference: bash expands a variable once, and does not look into what comes of it.
    case ${PS1-} in
      *AWSCTX_PROMPT*) ;;
      *) PS1='\[${_awsctx_on-}\]${AWSCTX_PROMPT:+[$AWSCTX_PROMPT]}\[${_awsctx_off-}\]${AWSCTX_PROMPT:+ }'${PS1-} ;;
    esac
