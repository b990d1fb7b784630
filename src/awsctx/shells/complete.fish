# awsctx: completion for fish, part of the hook and a file of its own: awsctx.fish in a folder of fish_complete_path.
#
# `awsctx _complete` knows the answers: a candidate a line, or a TAB and the place (from 0, behind awsctx) from which on the words
# are another command's line. fish quotes candidates; they are data.

function _awsctx_complete
    set -l before (commandline -opc)
    set -l raw (commandline -ct)
    # The word as it will be read; a quote that is still open is closed for that.
    set -l word (string unescape -- "$raw"; or string unescape -- "$raw'"; or string unescape -- "$raw\"")
    set -l answer (command awsctx _complete (builtin math (builtin count $before) - 1) $before[2..-1] "$word" 2>/dev/null)
    set -l at (builtin string replace -r -f '^\t(\d+)$' '$1' -- $answer)
    if test -z "$at"
        set -q answer[1]; and builtin printf '%s\n' $answer
        return
    end
    set at (builtin math $at + 2)
    set -l command
    test $at -le (builtin count $before); and set command (string escape -- $before[$at..-1])
    complete -C (string join ' ' -- $command "$raw")
end

complete -c awsctx -e
complete -c awsctx -f -k -a '(_awsctx_complete)'
