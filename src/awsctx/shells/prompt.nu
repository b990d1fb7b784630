    # By value at each prompt; what it says is text, and no code.
    let __awsctx_user_prompt = ($env.PROMPT_COMMAND? | default '')
    $env.PROMPT_COMMAND = {||
        let shown = ($env.AWSCTX_PROMPT? | default '')
        let before = (if ($__awsctx_user_prompt | describe) == closure { do $__awsctx_user_prompt } else { $__awsctx_user_prompt })
        if $shown == '' { $before } else { $"[($shown)] ($before)" }
    }
