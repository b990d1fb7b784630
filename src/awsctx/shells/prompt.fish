    # In front of what the user has; its status and its arguments are handed on to it.
    if not functions -q _awsctx_user_prompt
        functions -c fish_prompt _awsctx_user_prompt
        function _awsctx_status -a status_
            return $status_
        end
        function _awsctx_colour
            test -z "$NO_COLOR" -a -n "$TERM" -a "$TERM" != dumb; and set_color $argv
        end
        function fish_prompt
            set -l status_ $status
            if test -n "$AWSCTX_PROMPT"
                switch "$AWSCTX_PROMPT_CLASS"
                    case ok
                        _awsctx_colour green
                    case guarded
                        _awsctx_colour red
                    case expired
                        _awsctx_colour yellow
                    case overridden
                        _awsctx_colour magenta
                    case pinned
                        _awsctx_colour cyan
                end
                builtin printf '[%s]' $AWSCTX_PROMPT
                _awsctx_colour normal
                builtin printf ' '
            end
            _awsctx_status $status_
            _awsctx_user_prompt $argv
        end
    end
