# `awsctx _complete` knows the answers. nushell puts a candidate on the line as it is, so one that is more than plain letters is
# quoted here.
def __awsctx_complete [context: string, position: int] {
    let line = ($context | str substring 0..<$position)
    let typed = ($line | parse --regex `(?P<word>"(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s"']+)` | get word | each {|word| __awsctx_unquoted $word })
    let words = (if ($line | str ends-with ' ') { $typed | append '' } else { $typed } | skip 1)
    let found = (try { ^awsctx _complete (($words | length) - 1) ...$words | lines } catch { [] })
    # A tab first: another command's line begins here, which is completed as that command is.
    if ($found.0? | default '' | str starts-with "\t") { return null }
    let completions = ($found | each {|line|
        let pair = ($line | split row -n 2 "\t")
        {value: (__awsctx_quoted $pair.0), description: ($pair.1? | default '')}
    })
    {options: {completion_algorithm: substring, sort: false, case_sensitive: true}, completions: $completions}
}

def __awsctx_quoted [word: string] {
    if $word =~ '^[A-Za-z0-9_./@:=+-]+$' { $word } else { $word | to nuon }
}

def __awsctx_unquoted [word: string] {
    if ($word | str starts-with '"') {
        try { ($word | str trim --char '"' | $'"($in)"' | from nuon) } catch { $word | str substring 1.. }
    } else { $word | str trim --char "'" }
}
