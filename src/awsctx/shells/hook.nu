# awsctx @VERSION@: the hook for nushell, which has no eval. `awsctx init nu --save` writes it where nushell loads it.
#
# Before each prompt it *notices* whether anything has changed: the state, the sign-in's token, a folder's pin, the AWS
# variables, the clock. That starts no process. Where something has, it *asks* `awsctx _hook`, which decides, and *applies* the
# answer: lines of data in a file of this shell's own. A call of `awsctx` leaves its answer there, too.
#
# What it keeps is one record in $env.__awsctx, which no child gets, since it is no string. Names are data: never parsed as code.

if ($env.AWSCTX_STATE_FILE? | is-empty) { $env.AWSCTX_STATE_FILE = @STATE_FILE@ }
if ($env.AWSCTX_CONFIG? | is-empty) { $env.AWSCTX_CONFIG = @CONFIG@ }

# Loaded again, a shell keeps what it knows.
if '__awsctx' not-in $env {
    $env.AWSCTX_PROMPT = ''
    $env.AWSCTX_PROMPT_CLASS = ''
    $env.__awsctx = {
        # The name of the answers is this shell's own, on whatever machine and in whatever container.
        answer: ($env.AWSCTX_STATE_FILE | path expand | path dirname | path join shells $'($nu.pid)-(random uuid)')
        count: 0, memory: '', head: '', tail: '', class: '', end: 0, ask: 0, token: '', profile: ''
        # What was there last time: nothing that could be there, so the first prompt asks.
        state: '', others: [], variables: ['?'], minutes: '', pins: [], pwd: ''
    }
    $env.config.hooks.pre_prompt = ($env.config.hooks.pre_prompt? | default [] | append {|| __awsctx_hook })
# @PROMPT@
}

# --- notice ----------------------------------------------------------------------------------------------------------

# The first 64 kB of a file; nothing where there is none to read.
def __awsctx_read [path: string] {
    try {
        if ($path | path expand | path type) == file { open --raw $path | into binary | first 65536 | decode utf-8 } else { '' }
    } catch { '' }
}

# The pins from here upwards, and what is allowed of them.
def __awsctx_pins [] {
    mut folder = $env.PWD
    mut pins = []
    loop {
        let pin = ($folder | path join .awsctx)
        if ($pin | path exists) { $pins = ($pins | append $pin) }
        if ($folder | path dirname) == $folder { break }
        $folder = ($folder | path dirname)
    }
    if ($pins | is-empty) { [] } else { $pins | append ($env.__awsctx.answer | path dirname | path dirname | path join allowed) }
}

# All that is watched besides the state and the variables: the token, and what the pins say.
def __awsctx_look [token: string, pins: list<string>] {
    [(if $token == '' { '' } else { __awsctx_read $token }), ...($pins | each {|pin| [$pin, (__awsctx_read $pin)] } | flatten)]
}

# What the AWS variables say. Of a secret, only whether it is there counts.
def __awsctx_list [] { [@VARIABLES@] }

def __awsctx_now [] { (date now | into int) // 1_000_000_000 }

def --env __awsctx_hook [] {
    if $env.PWD != $env.__awsctx.pwd {
        $env.__awsctx = ($env.__awsctx | merge {pwd: $env.PWD, pins: (__awsctx_pins)})
    }
    let was = $env.__awsctx
    let state = (__awsctx_read ($env.AWSCTX_STATE_FILE? | default ''))
    let others = (__awsctx_look $was.token $was.pins)
    let variables = (__awsctx_list)
    let now = (__awsctx_now)
    let due = $was.ask > 0 and $was.ask <= $now
    if $state != $was.state or $others != $was.others or $variables != $was.variables or $due {
        # What is here now has been asked about, whatever comes of it.
        $env.__awsctx = ($was | merge {state: $state, others: $others, variables: $variables, ask: 0, count: ($was.count + 1)})
        try { with-env (__awsctx_handover) { ^awsctx _hook o+e> /dev/null } }
        __awsctx_apply false
    } else if $was.end > 0 and (($was.end - $now) // 60) != $was.minutes {
        __awsctx_show
    }
}

# Sets $env.AWSCTX_PROMPT and $env.AWSCTX_PROMPT_CLASS for the time now.
def --env __awsctx_show [] {
    let was = $env.__awsctx
    let minutes = ($was.end - (__awsctx_now)) // 60
    let time = if $was.end == 0 { '' } else if $minutes >= 60 { $" ($minutes // 60)h($minutes mod 60)m" } else { $" ([$minutes 0] | math max)m" }
    $env.__awsctx = ($was | merge {minutes: $minutes})
    $env.AWSCTX_PROMPT = $was.head + $time + $was.tail
    $env.AWSCTX_PROMPT_CLASS = $was.class
}

# --- ask -------------------------------------------------------------------------------------------------------------

# What a call is told: where to leave an answer for this shell.
def __awsctx_handover [] {
    let was = $env.__awsctx
    {AWSCTX_HOOK: '@VERSION@', AWSCTX_ANSWER: $"nu @PROTOCOL@ ($was.count) ($was.answer)", AWSCTX_MEMORY: $was.memory}
}

# Switch AWS profiles: what the command does for this shell takes effect at once. Only a call that stands last in here can be piped
# on; a switch has nothing to pipe, and the others do nothing that could not wait for the prompt.
def --env --wrapped awsctx [...rest: string@__awsctx_complete] {
    if ($rest.0? | default '') in [@SUBCOMMANDS@ -c --current] {
        $in | ^awsctx ...$rest
    } else {
        $env.__awsctx = ($env.__awsctx | merge {count: ($env.__awsctx.count + 1), pwd: ''})
        let failed = (try { with-env (__awsctx_handover) { ^awsctx ...$rest }; null } catch {|e| $e })
        __awsctx_apply true
        if $failed != null { error make --unspanned {msg: $"awsctx failed with exit code ($env.LAST_EXIT_CODE)"} }
    }
}

# --- apply -----------------------------------------------------------------------------------------------------------

# Applies the answer to the call just made, where there is one; `own` where that was a call of the user's: it has looked at the state
# itself. Where there is none all stays as it is, but for a prompt that another AWS_PROFILE of the user's has made untrue.
def --env __awsctx_apply [own: bool] {
    let was = $env.__awsctx
    let text = (__awsctx_read $was.answer)
    let parts = ($text | split row -n 2 "\n\n")
    if not ($text | str starts-with $"awsctx @PROTOCOL@ ($was.count)\n") or ($parts | length) != 2 {
        let profile = ($env.AWS_PROFILE? | default '')
        if not $own and $profile != $was.profile {
            let head = ($profile | str replace -ar '[[:cntrl:]]' '?')
            $env.__awsctx = ($was | merge {head: $head, tail: '', class: (if $head == '' { '' } else { 'pinned' }), end: 0, profile: $profile})
            __awsctx_show
        }
        return
    }
    for line in ($parts.0 | lines | skip 1) {
        let pair = ($line | split row -n 2 '=')
        match $pair.0 {
            'say' => { print -e $"awsctx: ($pair.1)" }
            'end' | 'ask' => { $env.__awsctx = ($env.__awsctx | merge {($pair.0): ($pair.1 | into int)}) }
            'memory' | 'head' | 'tail' | 'class' | 'token' => { $env.__awsctx = ($env.__awsctx | merge {($pair.0): $pair.1}) }
            $name if ($name =~ '^\+AWS[A-Z_]*$') => { load-env {($name | str substring 1..): $pair.1} }
            $name if ($name =~ '^-AWS[A-Z_]*$') => { hide-env --ignore-errors ($name | str substring 1..) }
        }
    }
    let is = $env.__awsctx
    $env.__awsctx = ($is | merge {variables: (__awsctx_list), profile: ($env.AWS_PROFILE? | default '')})
    if $own {
        $env.__awsctx = ($env.__awsctx | merge {pwd: $env.PWD, pins: (__awsctx_pins), state: $parts.1})
    }
    if $own or $is.token != $was.token {
        $env.__awsctx = ($env.__awsctx | merge {others: (__awsctx_look $is.token $env.__awsctx.pins)})
    }
    __awsctx_show
}

# @COMPLETION@
