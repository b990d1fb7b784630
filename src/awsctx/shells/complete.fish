# awsctx: completion for fish, part of the hook and a file of its own: awsctx.fish in a folder of fish_complete_path.
#
# `awsctx _complete` knows the answers; fish quotes them. Candidates are data.

# Prints the index, among the words given, of the command that an `exec` runs; nothing where there is none yet.
function _awsctx_command_at
    set -l skip 1
    set -l exec ''
    set -l i 0
    while test $i -lt (builtin count $argv)
        set i (builtin math $i + 1)
        if test $skip = 1
            set skip 0
        else if test -z "$exec"
            switch $argv[$i]
                case --debug
                case exec
                    set exec 1
                case '*'
                    return
            end
        else
            switch $argv[$i]
                case -p --profile -r --region -c --match -j --keep --one-per --out
                    set skip 1
                case --
                    builtin math $i + 1
                    return
                case '-*'
                case '*'
                    echo $i
                    return
            end
        end
    end
end

function _awsctx_complete
    set -l before (commandline -opc)
    set -l raw (commandline -ct)
    set -l at (_awsctx_command_at $before)
    if test -n "$at"
        set -l command
        test $at -le (builtin count $before); and set command (string escape -- $before[$at..-1])
        complete -C (string join ' ' -- $command "$raw")
        return
    end
    # The word as it will be read; a quote that is still open is closed for that.
    set -l word (string unescape -- "$raw"; or string unescape -- "$raw'"; or string unescape -- "$raw\"")
    command awsctx _complete (builtin math (builtin count $before) - 1) $before[2..-1] "$word" 2>/dev/null
end

complete -c awsctx -e
complete -c awsctx -f -k -a '(_awsctx_complete)'
