    # In front of what the user has; its status is handed on to it.
    if not functions -q _awsctx_user_prompt
        functions -c fish_prompt _awsctx_user_prompt
        function _awsctx_status -a status_
            return $status_
        end
        function fish_prompt
            set -l status_ $status
            test -n "$AWSCTX_PROMPT"; and builtin printf '[%s] ' $AWSCTX_PROMPT
            _awsctx_status $status_
            _awsctx_user_prompt $argv
        end
    end
