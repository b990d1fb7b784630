    # By value at each prompt; what it says is text, and no code.
    let __awsctx_user_prompt = ($env.PROMPT_COMMAND? | default '')
    $env.PROMPT_COMMAND = {||
        let shown = ($env.AWSCTX_PROMPT? | default '')
        let before = (if ($__awsctx_user_prompt | describe) == closure { do $__awsctx_user_prompt } else { $__awsctx_user_prompt })
        let plain = ($env.NO_COLOR? | default '') != '' or ($env.TERM? | default '') in ['', dumb]
        let colour = match (if $plain { '' } else { $env.AWSCTX_PROMPT_CLASS? }) {
            'ok' => (ansi green),
            'guarded' => (ansi red),
            'expired' => (ansi yellow),
            'overridden' => (ansi magenta),
            'pinned' => (ansi cyan),
            _ => ''
        }
        let end = if $colour == '' { '' } else { ansi reset }
        if $shown == '' { $before } else { $"($colour)[($shown)]($end) ($before)" }
    }
