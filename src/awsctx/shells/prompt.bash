    # By reference: bash expands the variable once, and does not look into what comes of it.
    case ${PS1-} in
      *AWSCTX_PROMPT*) ;;
      *) PS1='${AWSCTX_PROMPT:+[$AWSCTX_PROMPT] }'${PS1-} ;;
    esac
