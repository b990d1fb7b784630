# awsctx @VERSION@: the hook for fish (3.1 or newer), loaded by: awsctx init fish | source
#
# Before each prompt it *notices* whether anything has changed: the state, the sign-in's token, a folder's pin, the AWS
# variables, the clock. That starts no process. Where something has, it *asks* `awsctx _hook`, which decides, and *applies* the
# answer: lines of data in a file of this shell's own. A call of `awsctx` leaves its answer there, too.
#
# Names are data: never evaluated, never part of a printf format. What goes through a command substitution is one line, so that
# no IFS cuts it.

set -q AWSCTX_STATE_FILE[1]; and test -n "$AWSCTX_STATE_FILE"; or set -gx AWSCTX_STATE_FILE @STATE_FILE@
set -q AWSCTX_CONFIG[1]; and test -n "$AWSCTX_CONFIG"; or set -gx AWSCTX_CONFIG @CONFIG@

# Loaded again, a shell keeps what it knows.
if not set -q _awsctx_id
    # The name of the answers is this shell's own, on whatever machine and in whatever container.
    set -g _awsctx_id (random)(random)(random)
    test -r /proc/sys/kernel/random/uuid; and read -g _awsctx_id </proc/sys/kernel/random/uuid
    for _awsctx_name in _awsctx_{memory,answer,token,profile,head,tail,class} AWSCTX_PROMPT AWSCTX_PROMPT_CLASS
        set -g $_awsctx_name ''
    end
    # On this shell's clock: the end to count down to, and the time to ask at.
    for _awsctx_name in _awsctx_{count,end,ask}
        set -g $_awsctx_name 0
    end
end
set -g _awsctx_folder (string replace -r '[^/]*$' shells -- $AWSCTX_STATE_FILE)
# What the last prompt saw. No real state has these values, so the first prompt asks.
for _awsctx_name in _awsctx_{state,others,pwd,pins,alone,beside}
    set -g $_awsctx_name ''
end
set -e _awsctx_name
set -g _awsctx_variables '?'
set -g _awsctx_seen ''
# What a decision reads.
set -g _awsctx_names @NAMES@
set -g _awsctx_secrets @SECRETS@

# A clock that starts no process, in seconds from some moment on: what Linux has been up, else the age of the last answer. Where
# there is neither, the prompt has no countdown.
set -g _awsctx_uptime ''
if test -r /proc/uptime
    set -g _awsctx_uptime /proc/uptime
else if builtin -n | string match -q path
    # Not as it stands: before 3.5 fish does not read a file that has it.
    eval 'function _awsctx_age; builtin path mtime -R -- $_awsctx_answer; end'
end

# --- notice ----------------------------------------------------------------------------------------------------------

# Sets _awsctx_tick.
function _awsctx_clock
    set -g _awsctx_tick 0
    if test -n "$_awsctx_uptime"
        read -g -d ' ' _awsctx_tick _awsctx_idle <$_awsctx_uptime
    else if functions -q _awsctx_age
        set -g _awsctx_tick (_awsctx_age)
    end
end

# Sets _awsctx_text to what is in the file $argv; to nothing where there is none to read. A pin is one line, and whoever made the
# folder may have made it endless.
function _awsctx_read
    set -g _awsctx_text ''
    test -f "$argv" -a -r "$argv"; or return 0
    if string match -q '*/.awsctx' -- $argv
        read -gz -n 4096 _awsctx_text <$argv
    else
        read -gz _awsctx_text <$argv
    end
end

# Sets _awsctx_found to all that is watched besides the state and the variables: the token, and the pins from here upwards, with
# what is allowed of them.
function _awsctx_look
    if test "$PWD" != "$_awsctx_pwd"
        set -g _awsctx_pwd $PWD
        set -g _awsctx_pins
        set -l folder $PWD
        while true
            test -e "$folder/.awsctx"; and set -a _awsctx_pins "$folder/.awsctx"
            string match -q '*/*' -- $folder; or break
            set folder (string replace -r '/[^/]*$' '' -- $folder)
        end
        set -q _awsctx_pins[1]; and set -a _awsctx_pins (string replace -r 'shells$' allowed -- $_awsctx_folder)
    end
    _awsctx_read $_awsctx_token
    set -g _awsctx_found "$_awsctx_text/"
    for path in $_awsctx_pins
        _awsctx_read $path
        set _awsctx_found "$_awsctx_found $path $_awsctx_text"
    end
end

# Sets _awsctx_exported to what a command sees of the AWS variables. Of a secret that is whether it is there.
function _awsctx_list
    set -g _awsctx_exported ''
    for name in $_awsctx_names
        set -q -x $name; and set _awsctx_exported "$_awsctx_exported/$name=$$name"
    end
    for name in $_awsctx_secrets
        set -q -x $name; and set _awsctx_exported "$_awsctx_exported/$name"
    end
end

# Something has changed, or may have: looks at everything, and asks where it has.
function _awsctx_update
    _awsctx_read $AWSCTX_STATE_FILE
    set -l state "$_awsctx_text"
    _awsctx_look
    _awsctx_list
    _awsctx_clock
    if test "$state/$_awsctx_found/$_awsctx_exported" != "$_awsctx_state/$_awsctx_others/$_awsctx_variables"
        or test "$_awsctx_ask" != 0 -a "$_awsctx_tick" -ge "$_awsctx_ask"
        # What is here now has been asked about, whatever comes of it.
        set -g _awsctx_state "$state"
        set -g _awsctx_others "$_awsctx_found"
        set -g _awsctx_variables "$_awsctx_exported"
        set -g _awsctx_ask 0
        # fish says that a command is gone, whatever is redirected.
        if command -sq awsctx
            _awsctx_call _hook >/dev/null 2>/dev/null
            _awsctx_apply; or _awsctx_go_on
        else
            _awsctx_go_on
        end
    end
    _awsctx_render
end

# There is no answer: all stays as it is, but for a prompt that AWS_PROFILE makes untrue.
function _awsctx_go_on
    set -l profile ''
    set -q -x AWS_PROFILE; and set profile "$AWS_PROFILE"
    test "$profile" = "$_awsctx_profile"; and return
    set -g _awsctx_profile "$profile"
    set -g _awsctx_head (string replace -ra '[[:cntrl:]]' '?' -- "$profile" | string join '?')
    set -g _awsctx_tail ''
    set -g _awsctx_class ''
    test -n "$profile"; and set -g _awsctx_class pinned
    set -g _awsctx_end 0
end

# Sets AWSCTX_PROMPT and AWSCTX_PROMPT_CLASS for the time now, when that is over, and what tells the next prompt that nothing has
# changed.
function _awsctx_render
    set -l time ''
    set -g _awsctx_next 99999999999
    test "$_awsctx_ask" = 0; or set -g _awsctx_next $_awsctx_ask
    if test "$_awsctx_end" != 0
        _awsctx_clock
        set -l minutes (builtin math "max(floor(($_awsctx_end - $_awsctx_tick) / 60), 0)")
        set time " "$minutes"m"
        test $minutes -ge 60; and set time " "(builtin math "floor($minutes / 60)")"h"(builtin math "$minutes % 60")"m"
        set -g _awsctx_next (builtin math "min($_awsctx_next, $_awsctx_end - $minutes * 60 + 0.01)")
    end
    set -g AWSCTX_PROMPT "$_awsctx_head$time$_awsctx_tail"
    set -g AWSCTX_PROMPT_CLASS "$_awsctx_class"
    # What the next prompt may compare at once, where it has nothing to look at but the state, alone or beside a token.
    set -g _awsctx_seen "$_awsctx_pwd $_awsctx_state/$_awsctx_others"
    set -g _awsctx_alone ''
    set -g _awsctx_beside ''
    if test -z "$_awsctx_pins" -a -r "$AWSCTX_STATE_FILE"
        test -z "$_awsctx_token" -a "$_awsctx_ask" = 0; and set -g _awsctx_alone $AWSCTX_STATE_FILE
        test -r "$_awsctx_token" -a -n "$_awsctx_uptime"; and set -g _awsctx_beside $_awsctx_token
    end
end

# --- ask -------------------------------------------------------------------------------------------------------------

# Calls the command, and tells it where to leave an answer for this shell. Every local has a prefix: one that shadowed an exported
# variable would hide it from the command.
function _awsctx_call
    set -g _awsctx_count (builtin math $_awsctx_count + 1)
    set -g _awsctx_answer $_awsctx_folder/$fish_pid-$_awsctx_id
    # What no command sees of the variables that an answer may set.
    set -g _awsctx_unseen ''
    for _awsctx_name in AWS_PROFILE AWS_REGION AWS_DEFAULT_REGION
        set -q $_awsctx_name; and not set -q -x $_awsctx_name; and set _awsctx_unseen "$_awsctx_unseen$_awsctx_name=$$_awsctx_name"\n
    end
    AWSCTX_HOOK=@VERSION@ AWSCTX_ANSWER="fish @PROTOCOL@ $_awsctx_count $_awsctx_answer" AWSCTX_MEMORY="$_awsctx_memory" \
        AWSCTX_UNSEEN="$_awsctx_unseen" command awsctx $argv
end

function awsctx --description 'switch AWS profiles'
    _awsctx_call $argv
    set -l _awsctx_status $status
    # The next prompt looks at everything.
    set -g _awsctx_pwd ''
    set -g _awsctx_seen ''
    _awsctx_apply call; and _awsctx_render
    return $_awsctx_status
end

# --- apply -----------------------------------------------------------------------------------------------------------

# Applies the answer to the call just made; fails where there is none. $argv is `call` where that was a call of the user's: it has
# looked at the state itself.
function _awsctx_apply
    _awsctx_read $_awsctx_answer
    string match -q "awsctx @PROTOCOL@ $_awsctx_count"\n\*\n\n\* -- "$_awsctx_text"; or return 1
    set -l token "$_awsctx_token"
    set -g _awsctx_now 0
    begin
        read -l first
        while read -l -d = name value; and test -n "$name"
            switch $name
                case memory head tail class token
                    set -g _awsctx_$name "$value"
                case now end ask
                    string match -qr '^[0-9]+$' -- "$value"; and set -g _awsctx_$name $value
                case say
                    builtin printf 'awsctx: %s\n' "$value" >&2
                case '+AWS*' '-AWS*' '~AWS*'
                    _awsctx_set
            end
        end
        read -gz _awsctx_text
    end <$_awsctx_answer
    test "$argv" = call; and set -g _awsctx_state "$_awsctx_text"

    # As seconds from now on, which is what this shell's clock can tell.
    _awsctx_clock
    for name in _awsctx_end _awsctx_ask
        test "$$name" = 0; or set -g $name (builtin math "$$name - $_awsctx_now + $_awsctx_tick")
    end
    test -n "$_awsctx_uptime"; or functions -q _awsctx_age; or set -g _awsctx_end 0
    set -g _awsctx_profile "$AWS_PROFILE"
    _awsctx_list
    set -g _awsctx_variables "$_awsctx_exported"
    if test "$argv" = call -o "$token" != "$_awsctx_token"
        _awsctx_look
        set -g _awsctx_others "$_awsctx_found"
    end
    return 0
end

# Exports a variable, unsets it, or sets it for this shell alone, as the answer's $name and $value say. What a wider scope says
# already is not said again.
function _awsctx_set --no-scope-shadowing
    set -l variable (string match -r '[A-Z_]+' -- $name)
    set -e -g $variable
    switch $name
        case '+*'
            set -q -x $variable; and test "$$variable" = "$value"; or set -gx $variable "$value"
        case '~*'
            set -gu $variable "$value"
    end
end

# @COMPLETION@

# --- loading ---------------------------------------------------------------------------------------------------------

# A script gets the function alone: it has no prompt.
if status is-interactive
    # fish tells when one of the variables has changed, or is exported.
    function _awsctx_changed --on-variable=$_awsctx_names --on-variable=$_awsctx_secrets
        set -g _awsctx_seen ''
    end
    function _awsctx_hook --on-event fish_prompt
        # The fast path: a few reads and one comparison, all inline, since in fish each command costs half a read and a function
        # call a whole one. `contains` compares a long token in a third of the time of `test`.
        if test -f "$_awsctx_beside" -a -f "$AWSCTX_STATE_FILE"
            read -lz text <$AWSCTX_STATE_FILE
            read -lz token <$_awsctx_beside
            read -l -d ' ' tick idle <$_awsctx_uptime
            contains -- "$PWD $text/$token/" $_awsctx_seen
            and test $tick -lt $_awsctx_next
            and return 0
        else if test -f "$_awsctx_alone"
            read -lz text <$_awsctx_alone
            contains -- "$PWD $text//" $_awsctx_seen
            and return 0
        end
        _awsctx_update
    end
# @PROMPT@
end
