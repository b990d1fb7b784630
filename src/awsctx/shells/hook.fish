# awsctx @VERSION@: the hook for fish (3.1 or newer), loaded by: awsctx init fish | source
#
# Starts no process at a prompt. Names are data: never evaluated, never part of a printf format.
#
# A context lives in a *record*, seven lines as CONTRIBUTING.md draws them, here a list. Three layers hold one each; the
# topmost that is set is in force:
#   _awsctx_own    what the user put into AWS_PROFILE by hand
#   _awsctx_pin    what `awsctx -s` answered
#   _awsctx_base   what was taken from the state file
# The record in force is taken apart into _awsctx_source, _awsctx_name, _awsctx_region, _awsctx_facts and _awsctx_token.

set -gx AWSCTX_STATE_FILE @STATE_FILE@
set -gx AWSCTX_CONFIG @CONFIG@

# Loaded again, a shell keeps what it knows.
# (`shown` is what AWS_PROFILE was at the prompt, `prefixed` whether a call since then had another before it.)
for _awsctx_variable in own_region own_default_region calls call own pin base begun done previous source name region facts token shown prefixed
    set -q _awsctx_$_awsctx_variable; or set -g _awsctx_$_awsctx_variable
end
set -e _awsctx_variable
set -q _awsctx_calls[1]; or set -g _awsctx_calls 0
set -q AWSCTX_PROMPT; or set -g AWSCTX_PROMPT ''
set -q AWSCTX_PROMPT_CLASS; or set -g AWSCTX_PROMPT_CLASS ''
# These are looked at anew.
set -g _awsctx_seen ''
set -g _awsctx_variables ''
# How to tell that nothing has changed: there is a `token` to look at, it is `missing`, or there is `none` to be; empty: only by a
# look at everything.
set -g _awsctx_way ''
set -g _awsctx_at
set -g _awsctx_gist ''
set -g _awsctx_time ''
set -g _awsctx_until 0
set -g _awsctx_end 0
set -g _awsctx_refresh_end 0
# What this fish can do without starting a process.
set -g _awsctx_has_mtime (builtin path mtime / >/dev/null 2>/dev/null; and echo yes)
set -g _awsctx_uptime /dev/null
test -r /proc/uptime; and set -g _awsctx_uptime /proc/uptime

# --- records ---------------------------------------------------------------------------------------------------------

# Whether the arguments are the lines of a record (not: of a missing or torn file).
function _awsctx_is_record
    test "$argv[7]" = 'awsctx 1'; and not string match -qr '[[:cntrl:]]' -- "$argv[1]$argv[2]"
end

# Prints the record of profile $name, as the command knows it: the one process that a prompt may start, once for a name.
function _awsctx_ask -a name
    if string match -qr '[[:cntrl:]]' -- $name
        string join \n -- (string replace -ra '[[:cntrl:]]' '?' -- $name | string join '?') '' '0 -' '' '' '' 'awsctx 1'
        return
    end
    set -l record (command awsctx _record $name 2>/dev/null </dev/null)
    if not _awsctx_is_record $record; or test "$record[1]" != "$name"
        set record $name '' '0 -' '' '' '' 'awsctx 1'
    end
    string join \n -- $record
end

# --- the environment -------------------------------------------------------------------------------------------------

# Gives AWS_REGION and AWS_DEFAULT_REGION back as they were before the hook, unless the user has changed them since.
function _awsctx_leave_region
    test -n "$AWSCTX_REGION"; or return 0
    if test "$AWS_REGION" = "$AWSCTX_REGION"
        _awsctx_restore AWS_REGION "$AWSCTX_OLD_REGION" "$_awsctx_own_region"
    end
    if test "$AWS_DEFAULT_REGION" = "$AWSCTX_REGION"
        _awsctx_restore AWS_DEFAULT_REGION "$AWSCTX_OLD_DEFAULT_REGION" "$_awsctx_own_default_region"
    end
    set -e AWSCTX_REGION
    set -e AWSCTX_OLD_REGION
    set -e AWSCTX_OLD_DEFAULT_REGION
end

# Sets variable $name back to $old, `=VALUE`, or to $own, which is not exported; or unsets it where both are empty. A universal
# variable comes to light again by itself.
function _awsctx_restore -a name old own
    set -eg $name
    if set -qU $name
        return 0
    else if test -n "$old"
        set -gx $name (string sub -s 2 -- $old)
    else if test -n "$own"
        set -gu $name (string sub -s 2 -- $own)
    end
end

# What was not exported is the shell's own: no child is to think that it had it.
function _awsctx_enter_region -a region
    set -gx AWSCTX_OLD_REGION (set -qx AWS_REGION; and echo "=$AWS_REGION")
    set -gx AWSCTX_OLD_DEFAULT_REGION (set -qx AWS_DEFAULT_REGION; and echo "=$AWS_DEFAULT_REGION")
    set -g _awsctx_own_region (set -qu AWS_REGION; and echo "=$AWS_REGION")
    set -g _awsctx_own_default_region (set -qu AWS_DEFAULT_REGION; and echo "=$AWS_DEFAULT_REGION")
    set -gx AWSCTX_REGION $region
    set -gx AWS_REGION $region
    set -gx AWS_DEFAULT_REGION $region
end

# The user has changed one region variable: both are the user's then, and the other is given back. One that is unset is set
# again, as AWS_PROFILE is.
function _awsctx_keep_region
    test -n "$AWSCTX_REGION"; or return 0
    if test -n "$AWS_REGION" -a "$AWS_REGION" != "$AWSCTX_REGION"
        _awsctx_leave_region
    else if test -n "$AWS_DEFAULT_REGION" -a "$AWS_DEFAULT_REGION" != "$AWSCTX_REGION"
        _awsctx_leave_region
    else
        set -gx AWS_REGION $AWSCTX_REGION
        set -gx AWS_DEFAULT_REGION $AWSCTX_REGION
    end
end

# Puts the topmost layer in force: takes it apart, and exports what it says. $when is `call` where this shell has just asked
# for it, and so for its region too.
function _awsctx_enforce -a when
    set -l source
    set -l record
    if test -n "$_awsctx_own"
        set source user
        set record $_awsctx_own
    else if test -n "$_awsctx_pin"
        set source shell
        set record $_awsctx_pin
    else if test -n "$_awsctx_base"
        set source state
        set record $_awsctx_base
    end
    set -l name "$record[1]"
    set -l region "$record[2]"

    if test "$source:$name@$region" != "$_awsctx_source:$_awsctx_name@$_awsctx_region" -o -z "$_awsctx_begun" -o "$when" = call
        _awsctx_leave_region
        if test -n "$region"
            _awsctx_enter_region $region
        end
    else
        _awsctx_keep_region
    end
    if test "$source" = user
        # Whatever is started from here inherits it from a hooked shell, and so follows.
        set -gx AWS_PROFILE $AWS_PROFILE
        set -gx AWSCTX_EXPORTED environment:$AWS_PROFILE
    else if test -n "$name"
        set -gx AWS_PROFILE $name
        set -gx AWSCTX_EXPORTED $source:$name
    else
        set -e AWS_PROFILE
        # Nothing is shown, so nothing is to run: the command is told which record of the state this shell does not go by.
        set -l serial ''
        test -z "$_awsctx_done"; or set serial (string split ' ' -- $_awsctx_done)[-2]
        set -gx AWSCTX_EXPORTED stays:$serial
    end

    set -g _awsctx_source $source
    set -g _awsctx_name $name
    set -g _awsctx_region $region
    set -g _awsctx_facts "$record[4]"
    set -g _awsctx_token "$record[6]"
end

# --- following -------------------------------------------------------------------------------------------------------

function _awsctx_say -a text
    builtin printf 'awsctx: %s\n' $text >&2
end

# Prints NAME or NAME@REGION.
function _awsctx_context -a name region
    test -n "$region"; and set name $name@$region
    builtin printf '%s\n' $name
end

# The state holds the record given, which this shell has not looked at yet, and which the shell's own call has not written:
# takes it over, or stays, as the record says (`follow`, `guarded`), and says which.
function _awsctx_follow
    set -l held (_awsctx_context $_awsctx_base[1..2])
    set -l new (_awsctx_context $argv[1..2])
    if test "$argv[5]" = never
        return 0
    end
    if test "$argv[5]" != always; and string match -q '* guarded *' " $argv[4] "
        test -n "$held"; and set held "on $held"; or set held 'without a context'
        _awsctx_say "another shell switched to $new, which is guarded: this one stays $held"
        return 0
    end
    set -g _awsctx_base $argv[1..7]
    if test -n "$new"
        _awsctx_say "now on $new (switched in another shell)"
    else
        _awsctx_say 'no active context now (unset in another shell)'
    end
end

# This shell moves to $name@$region by its own call: `awsctx -s -` will come back from there.
function _awsctx_remember -a name region
    if test -n "$_awsctx_name" -a "$name@$region" != "$_awsctx_name@$_awsctx_region"
        set -g _awsctx_previous $_awsctx_name\t$_awsctx_region
    end
end

# The state file says $argv[2..] (no record: it is missing or torn). $when is `call` right after a call of this shell's own,
# when what other shells did has to wait for the prompt: a line must not change its context half-way.
function _awsctx_take_state -a when
    set -l state $argv[2..-1]
    if not _awsctx_is_record $state; or not set -q state[8]
        # Nothing to go by. A shell that starts so has seen the state, all the same: the next record is a switch.
        if test -z "$_awsctx_begun$_awsctx_own$_awsctx_base"
            set -g _awsctx_base '' '' '0 -' '' '' '' 'awsctx 1'
        end
        return 0
    end
    set -l id "$state[1..3]"
    if test -n "$_awsctx_call" -a "$id" != "$_awsctx_done"; and string match -q -- "* $_awsctx_call" $state[3]
        _awsctx_remember $state[1..2]
        set -g _awsctx_own
        set -g _awsctx_pin
        set -g _awsctx_base $state[1..7]
        set -g _awsctx_done $id
        return 0
    end
    if test "$when" = call -o -n "$_awsctx_own$_awsctx_pin"
        return 0
    end
    if test -z "$_awsctx_base" -o "$state[1]@$state[2]" = "$_awsctx_base[1]@$_awsctx_base[2]"
        set -g _awsctx_base $state[1..7]
    else if test "$id" != "$_awsctx_done"
        _awsctx_follow $state
    end
    set -g _awsctx_done $id
end

# What AWS_PROFILE says now, and whether that is the user's own word.
function _awsctx_take_variable
    if test -z "$AWS_PROFILE"
        set -g _awsctx_own
    else if not string match -qr -- '^[^:]*:' "$AWSCTX_EXPORTED"; or test (string replace -r '^[^:]*:' '' -- $AWSCTX_EXPORTED) != "$AWS_PROFILE"
        # What stood before a call (`AWS_PROFILE=x awsctx NAME`) was for that call: the shell has put its own value back.
        if test -n "$_awsctx_prefixed" -a "$AWS_PROFILE" = "$_awsctx_shown"
            return 0
        end
        if test "$_awsctx_own[1]" != "$AWS_PROFILE"
            set -g _awsctx_own (_awsctx_ask "$AWS_PROFILE")
        end
    else if test -z "$_awsctx_begun"
        # Inherited from a hooked shell: no pin. What kind of profile it is, is not known yet.
        set -g _awsctx_base $AWS_PROFILE '' '0 -' '?' '' '' 'awsctx 1'
        if test "$AWSCTX_REGION" = "$AWS_REGION"
            set _awsctx_base[2] "$AWSCTX_REGION"
        end
    end
end

# Something changed: the state's text, the environment, or this is the first look.
function _awsctx_change -a text when
    # Right after a call AWS_PROFILE may hold what stood before that call: it is looked at when the prompt comes.
    test "$when" = call; or _awsctx_take_variable
    _awsctx_take_state $when (string split \n -- $text)
    if test -z "$_awsctx_own$_awsctx_pin" -a "$_awsctx_base[4]" = '?'
        set -l region "$_awsctx_base[2]"
        set -g _awsctx_base (_awsctx_ask $_awsctx_base[1])
        set _awsctx_base[2] $region
    end
    _awsctx_enforce "$when"
    set -g _awsctx_begun 1
    # What others did while a call of this shell's own was going on is still to be looked at, at the prompt.
    test "$when" = call; or set -g _awsctx_seen $text
    set -g _awsctx_way ''
    set -g _awsctx_time ''
end

# --- the sign-in's time ----------------------------------------------------------------------------------------------

# Prints the clock's time in epoch seconds.
function _awsctx_clock
    if test -n "$_awsctx_has_mtime"
        builtin math (builtin path mtime /) + (builtin path mtime -R /)
    else
        command date +%s
    end
end

# Prints the epoch seconds of time $text, 0 where it is none: 2026-11-23T12:00:00Z, with a fraction maybe, and UTC, an offset
# or nothing for the Z.
function _awsctx_epoch -a text
    set -l part (string match -r -- '^(\d{4})-([01]\d)-([0-3]\d)[Tt ]([0-2]\d):([0-5]\d):([0-6]\d)(.*)$' "$text")
    or begin
        echo 0
        return
    end
    set -l year $part[2]
    set -l month $part[3]
    # The year begins in March, so that the leap day is its last.
    if test $month -lt 3
        set month (builtin math $month + 12)
        set year (builtin math $year - 1)
    end
    set -l days (builtin math "365 * $year + floor($year / 4) - floor($year / 100) + floor($year / 400) + floor((153 * ($month - 3) + 2) / 5) + $part[4] - 719469")
    set -l offset 0
    set -l zone (string match -r -- '([-+])(\d\d):?(\d\d)$' "$part[8]")
    and set offset (builtin math "$zone[2]($zone[3] * 3600 + $zone[4] * 60)")
    builtin math "$days * 86400 + $part[5] * 3600 + $part[6] * 60 + $part[7] - ($offset)"
end

# Takes the token's text apart: sets _awsctx_end, and _awsctx_refresh_end to the time until which it can be refreshed; 0
# where there is no such time. What is no whole token has ended.
function _awsctx_parse_token -a text
    set -g _awsctx_end 0
    set -g _awsctx_refresh_end 0
    string match -qr -- '(?s)^\s*\{.*\}\s*$' $text; or return 0
    string match -qr -- '"accessToken"\s*:\s*"' $text; or return 0
    set -l found (string match -r -- '"expiresAt"\s*:\s*"([^"]*)"' $text); or return 0
    set -g _awsctx_end (_awsctx_epoch $found[2])
    test $_awsctx_end != 0; or return 0
    string match -qr -- '"refreshToken"\s*:\s*"[^"]' $text; or return 0
    set found (string match -r -- '"registrationExpiresAt"\s*:\s*"([^"]*)"' $text); or return 0
    set -g _awsctx_refresh_end (_awsctx_epoch $found[2])
end

# Notes by which pieces of the token's text, cut at each `": "`, it can be told to be the same: where they are, and what they
# say. To compare all of it, or just a long refresh token at its end, takes fish longer than everything else; a file that was
# cut short there is seen when the minute is over.
function _awsctx_note_token -a text
    set -l pieces (string split '": "' -- $text)
    set -l before
    set -g _awsctx_at
    for piece in $pieces
        set -a before x
        string match -qr '"(expiresAt|registrationExpiresAt)$' -- $piece
        and set -a _awsctx_at (builtin math (count $before) + 1)
    end
    # Written otherwise: all of it.
    set -q _awsctx_at[1]; or set _awsctx_at 1
    test (string length -- "$pieces[-1]") -gt 200; or set -a _awsctx_at (count $pieces)
    # There is to be no more than there is.
    set -a _awsctx_at (builtin math (count $pieces) + 1)
    set -g _awsctx_gist "$pieces[$_awsctx_at]"
end

# Reads the token and the clock: sets _awsctx_time to the time to the sign-in's end, ` expired` or nothing, _awsctx_until to
# the tick until which that holds, a minute at most, and _awsctx_way. A tick is a
# second of the clock that costs no process and no thread to read: the system's uptime, where there is one.
function _awsctx_tell_time
    set -g _awsctx_way missing
    set -l text ''
    if test -f $_awsctx_token -a -r $_awsctx_token
        set -g _awsctx_way token
        read -z text <$_awsctx_token
    end
    _awsctx_parse_token "$text"
    _awsctx_note_token "$text"

    read -l tick idle <$_awsctx_uptime; or set tick (_awsctx_clock)
    set -l now $tick
    test $_awsctx_uptime = /dev/null; or set now (_awsctx_clock)
    set -l until (builtin math $now + 60)
    set -g _awsctx_time ''
    if test $now -lt $_awsctx_end
        set -l minutes (builtin math "floor(($_awsctx_end - $now) / 60)")
        set until (builtin math "$_awsctx_end - $minutes * 60 + min(1, $minutes)")
        if not string match -q '* no-time *' " $_awsctx_facts "
            if test $minutes -lt 60
                set -g _awsctx_time " "$minutes"m"
            else
                set -g _awsctx_time " "(builtin math "floor($minutes / 60)")h(builtin math "$minutes % 60")m
            end
        end
    else if test $now -ge $_awsctx_refresh_end
        set -g _awsctx_time ' expired'
    else
        set until (builtin math "min($until, $_awsctx_refresh_end)")
    end
    # A second early: the clock's seconds are whole ones.
    set -g _awsctx_until (builtin math "$tick + $until - $now - 1")
end

# --- the prompt ------------------------------------------------------------------------------------------------------

# Whether botocore takes its credentials from a variable, although AWS_PROFILE is set.
function _awsctx_is_overridden
    if test -n "$AWS_ACCESS_KEY_ID"
        return 0
    else if test -n "$AWS_WEB_IDENTITY_TOKEN_FILE"; and not string match -q '* assume-role *' " $_awsctx_facts "
        return 0
    else if test -n "$AWS_ROLE_ARN"; and string match -q '* web-identity *' " $_awsctx_facts "
        return 0
    end
    test -n "$AWS_DEFAULT_PROFILE" -a "$AWS_DEFAULT_PROFILE" != "$_awsctx_name"
end

# Sets AWSCTX_PROMPT and AWSCTX_PROMPT_CLASS.
function _awsctx_tell
    if test -z "$_awsctx_name"
        set -g AWSCTX_PROMPT ''
        set -g AWSCTX_PROMPT_CLASS ''
        return 0
    end
    set -g AWSCTX_PROMPT "$_awsctx_name$_awsctx_time"
    # A region that the user has changed since is not this context's any more.
    if test -n "$_awsctx_region" -a "$_awsctx_region" = "$AWSCTX_REGION"
        set -g AWSCTX_PROMPT "$_awsctx_name@$_awsctx_region$_awsctx_time"
    end
    if _awsctx_is_overridden
        set -g AWSCTX_PROMPT "$AWSCTX_PROMPT !"
        set -g AWSCTX_PROMPT_CLASS overridden
    else if string match -q '* guarded *' " $_awsctx_facts "
        set -g AWSCTX_PROMPT_CLASS guarded
    else if test "$_awsctx_source" != state
        set -g AWSCTX_PROMPT_CLASS pinned
    else if test "$_awsctx_time" = ' expired'
        set -g AWSCTX_PROMPT_CLASS expired
    else
        set -g AWSCTX_PROMPT_CLASS ok
    end
end

# Looks at the state, the environment and the clock, and brings everything up to date; $when is `prompt`, or `call` after a
# call of this shell's own. A name without the prefix would find a variable of the user's where there is no state to read.
function _awsctx_update -a when
    test -r "$AWSCTX_STATE_FILE"; and read -lz _awsctx_text <$AWSCTX_STATE_FILE
    set -l others "$AWS_DEFAULT_PROFILE/$AWS_ACCESS_KEY_ID/$AWS_WEB_IDENTITY_TOKEN_FILE/$AWS_ROLE_ARN"
    if test "$_awsctx_text" != "$_awsctx_seen" -o "$AWS_PROFILE/$AWS_REGION/$AWS_DEFAULT_REGION/$others" != "$_awsctx_variables"
        _awsctx_change "$_awsctx_text" "$when"
        set -g _awsctx_variables "$AWS_PROFILE/$AWS_REGION/$AWS_DEFAULT_REGION/$others"
    else if test "$_awsctx_way" = none -o "$_awsctx_way" = missing -a ! -r "$_awsctx_token"
        return 0
    end
    set -g _awsctx_way none
    test -z "$_awsctx_token"; or _awsctx_tell_time
    _awsctx_tell
end

# --- the command -----------------------------------------------------------------------------------------------------

# Whether a call is one for this shell alone: -s or --shell among the arguments of a switch.
function _awsctx_is_for_shell
    set -l first 1
    set -l skip ''
    for argument in $argv
        if test -n "$skip"
            set skip ''
            continue
        end
        switch $argument
            case --
                return 1
            case -s --shell
                return 0
            case -r --region -p --profile
                set skip 1
            case '--*'
            case -
                set first ''
            case '-*'
                string match -qr -- '^-[cdhqsuy]*s[cdhqsuy]*$' $argument; and return 0
            case @SUBCOMMANDS@
                test -n "$first"; and return 1
            case use
            case '*'
                set first ''
        end
    end
    return 1
end

# The command answered the record given to a call with -s: one to pin, or one without a name, to follow the state again.
# Fails where it is no record.
function _awsctx_take_reply
    _awsctx_is_record $argv; or return 1
    _awsctx_remember $argv[1..2]
    set -g _awsctx_own
    set -g _awsctx_pin
    test -n "$argv[1]"; and set -g _awsctx_pin $argv
    # Whatever AWS_PROFILE said is over.
    set -e AWS_PROFILE
    set -g _awsctx_variables ''
    return 0
end

# Another shell has switched right after a call of this one's did: what was asked for here, $name@$region, is in force until the
# prompt all the same.
function _awsctx_keep_switch -a name region
    _awsctx_remember $name "$region"
    set -g _awsctx_own
    set -g _awsctx_pin
    set -g _awsctx_base $name "$region" '0 -' '?' '' '' 'awsctx 1'
    set -g _awsctx_variables ''
end

# Every local has a prefix: one that shadowed an exported variable would hide it from the command.
function awsctx --description 'switch AWS profiles'
    set -l _awsctx_status
    set -l _awsctx_when call
    set -l _awsctx_applies ''
    test "$AWS_PROFILE" = "$_awsctx_shown"; or set -g _awsctx_prefixed 1
    set -g _awsctx_calls (builtin math $_awsctx_calls + 1)
    set -g _awsctx_call fish:$fish_pid:$_awsctx_calls
    if _awsctx_is_for_shell $argv
        set -l _awsctx_reply (AWSCTX_CALL=$_awsctx_call AWSCTX_HOOK=@VERSION@ AWSCTX_REPLY=1 AWSCTX_SHELL_PREVIOUS="$_awsctx_previous" command awsctx $argv)
        set _awsctx_status $status
        if test $_awsctx_status -ne 0; or not _awsctx_take_reply $_awsctx_reply
            set -q _awsctx_reply[1]; and builtin printf '%s\n' $_awsctx_reply
        else
            set _awsctx_applies yes
            test -n "$_awsctx_pin"; or set _awsctx_when prompt
        end
    else
        AWSCTX_CALL=$_awsctx_call AWSCTX_HOOK=@VERSION@ command awsctx $argv
        set _awsctx_status $status
    end
    # What the call did for this shell is applied at once; all else waits for the prompt.
    test -r "$AWSCTX_STATE_FILE"; and read -lz _awsctx_text <$AWSCTX_STATE_FILE
    set -l _awsctx_mine (string match -r -- "(?m)^(.*)\t(.*)\t$_awsctx_call\$" "$_awsctx_text")
    if test -n "$_awsctx_mine"; and not string match -q -- "* $_awsctx_call"\n'*' "$_awsctx_text"
        _awsctx_keep_switch $_awsctx_mine[2..3]
        set _awsctx_applies yes
    end
    if test -n "$_awsctx_applies"; or string match -q -- "* $_awsctx_call"\n'*' "$_awsctx_text"
        _awsctx_update $_awsctx_when
    end
    set -g _awsctx_way ''
    return $_awsctx_status
end

# @COMPLETION@

# --- loading ---------------------------------------------------------------------------------------------------------

# A script gets the function alone: it has no prompt.
if status is-interactive
    function _awsctx_hook --on-event fish_prompt
        # Has nothing changed? Three reads and a comparison tell. Each command more takes fish as long as half a read, a
        # function's call as long as a whole one, so that all of it stands here.
        if test "$_awsctx_way" = token -a -r "$AWSCTX_STATE_FILE" -a -r "$_awsctx_token"
            read -lz text <$AWSCTX_STATE_FILE
            read -laz -d '": "' pieces <$_awsctx_token
            read -l tick idle <$_awsctx_uptime; or set -l tick (_awsctx_clock)
            test "$text/$pieces[$_awsctx_at]/$AWS_PROFILE/$AWS_REGION/$AWS_DEFAULT_REGION/$AWS_DEFAULT_PROFILE/$AWS_ACCESS_KEY_ID/$AWS_WEB_IDENTITY_TOKEN_FILE/$AWS_ROLE_ARN" = "$_awsctx_seen/$_awsctx_gist/$_awsctx_variables" -a $tick -lt $_awsctx_until
            and return 0
        end
        _awsctx_update prompt
        set -g _awsctx_shown "$AWS_PROFILE"
        set -g _awsctx_prefixed ''
    end
# @PROMPT@
end
