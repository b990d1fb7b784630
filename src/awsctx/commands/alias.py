"""`awsctx alias`: a function for each profile. The function runs a command with that profile, or switches to it.

`awsctx init --aliases` runs this at every start of a shell, so this module imports nothing that the front door does not.
"""

from __future__ import annotations

import os

from awsctx import shells
from awsctx.commands import Result
from awsctx.core.text import visible
from awsctx.errors import UsageError
from awsctx.world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# The keywords, builtins and functions of bash, zsh and fish (a test asks the shells).
WORDS = frozenset(
    """
    N_ _ _awsctx_as abbr alias and argparse autoload awsctx begin bg bind bindkey block break breakpoint builtin
    bye caller case cd cdh chdir command commandline compadd comparguments compcall compctl compdescribe
    compfiles compgen compgroups complete compopt compquote compset comptags comptry compvalues contains
    contains_seq continue coproc count declare diff dirh dirs disable disown do done echo echotc echoti elif
    else emit emulate enable end esac eval exec exit export false fc fg fi float for foreach funced funcsave
    function functions getln getopts grep hash help history if in integer isatty jobs kill la let limit ll local
    log logout ls man mapfile math nextd nocorrect noglob not open or path popd prevd print printf private psub
    pushd pushln pwd r random read readarray readonly realpath rehash repeat return sched select seq set
    set_color setenv setopt shift shopt source stat status strftime string suspend switch syserror sysopen
    sysread sysseek syswrite test then time times trap true ttyctl type typeset ulimit umask unalias unfunction
    unhash unlimit unset unsetopt until vared wait whence where which while zcompile zformat zle zmodload
    zparseopts zregexparse zstat zstyle zsystem
    """.split()  # noqa: SIM905 (a list literal would be 150 lines long)
)
# The keywords and builtins of nushell (a test asks it).
NU_WORDS = frozenset(
    """
    abbr alias all ansi any append ast attr banner bits break bytes cal cd char chunk-by chunks clear collect columns
    combinations commandline compact complete config const continue cp date debug decode def default describe detect
    difference do drop du each echo encode enumerate error every exec exit explain explore export export-env extern fill
    filter find first flatten for format from generate get glob grid group-by hash headers help hide hide-env histogram
    history http idx if ignore input insert inspect interleave intersect into is-admin is-redirected is-empty is-not-empty is-
    redirected is-terminal items job join keybindings kill last length let let-env lines load-env loop ls match math
    matrix merge metadata mkdir mktemp module move mut mv nu-check nu-highlight open overlay panic par-each parse path
    peek permutations plugin port prepend print ps pwd query random reduce reject rename return reverse rm roll rotate
    run run-external run-internal save schema scope select semver seq shuffle skip sleep slice sort sort-by source
    source-env split start stor str sys table take tee term timeit to touch transpose try tutor ulimit umask uname union
    uniq uniq-by unlet update upsert url use values version view watch where which while whoami window with-env wrap zip
    """.split()  # noqa: SIM905
)
# The functions that a shell calls by itself: for its hooks, its prompt, a key. A profile of that name would run unasked.
_CALLED = frozenset(
    """
    add-zle-hook-widget add-zsh-hook bracketed-paste-magic chpwd colors command_not_found_handle command_not_found_handler
    compaudit compdump compinit delete-or-exit down-line-or-beginning-search down-or-search edit-command-line
    edit_command_buffer is-at-least nextd-or-forward-token nextd-or-forward-word periodic precmd preexec
    prevd-or-backward-token prevd-or-backward-word promptinit
    regexp-replace up-line-or-beginning-search up-or-search url-quote-magic zshaddhistory zshexit
    """.split()  # noqa: SIM905
)
_CALLED_BEGINNINGS = ("_", "fish_", "prompt_", "TRAP", "VCS_INFO_", "vcs_info", "zsh_")
_INSIDE = "_.-+@:"


def alias(world: World, glob: str = "", *, shell: str = "") -> Result:
    """The functions for the profiles that match ``glob`` (empty: all), in the words of ``shell`` (empty: the user's own).
    The lines to tell the user name what is left out. Raises UsageError for a shell that has no such functions."""
    names = world.files.names()
    if glob:
        from fnmatch import fnmatchcase

        names = [name for name in names if fnmatchcase(name, glob)]
    good, no_function, commands, called = sort_out(names, world.environ, shell or world.shell)
    talk = [] if names or not glob else [f"no profile matches '{visible(glob)}'"]
    if no_function:
        talk.append(f"awsctx: left out, since no function can have the name: {_listed(no_function)}")
    if commands:
        talk.append(f"awsctx: left out, since there is a command of that name: {_listed(commands)}")
    if called:
        talk.append(f"awsctx: left out, since shells call a function of that name by themselves: {_listed(called)}")
    return Result(alias_functions(shell or world.shell, good), *talk)


def sort_out(names: Iterable[str], environ: Mapping[str, str], shell: str) -> tuple[list[str], list[str], list[str], list[str]]:
    """(names to make functions of, names that no function can have, names of commands, names that shells call)."""
    words = WORDS | NU_WORDS if os.path.basename(shell) == "nu" else WORDS
    good, no_function, commands, called = [], [], [], []
    on_path = _on_path(environ)
    for name in names:
        if not _is_function_name(name):
            no_function.append(name)
        elif name in _CALLED or name.startswith(_CALLED_BEGINNINGS):
            called.append(name)
        elif name in words or name in on_path:
            commands.append(name)
        else:
            good.append(name)
    return good, no_function, commands, called


def alias_functions(shell: str, names: Iterable[str]) -> str:
    """The text that defines a function for each of ``names``, which ``sort_out`` has found good.

    `NAME COMMAND…` runs COMMAND by `awsctx exec`, `NAME` alone switches. Raises UsageError.
    """
    try:
        found = shells.find(shell)
    except UsageError:
        raise UsageError(
            f"no functions for the shell '{visible(shell)}'", "name another: awsctx alias --shell bash|zsh|fish|nu"
        ) from None
    if found.name == "fish":
        lines = [_FISH, *(f"function {name}; _awsctx_as {name} $argv; end" for name in names)]
    elif found.name == "nu":
        lines = [_NU, *(f"def --env --wrapped {name} [...rest] {{ _awsctx_as {name} ...$rest }}" for name in names)]
    else:
        lines = [_POSIX, *(f'function {name} {{ _awsctx_as {name} "$@"; }}' for name in names)]
    return "\n".join([*lines, ""])


# `function` keeps a shell alias of the same name from being expanded here. To switch, the hook's function `awsctx` is called
# where there is one, so that this shell follows at once.
_POSIX = """\
function _awsctx_as {
  local _awsctx_name=$1
  shift
  if [ "$#" -gt 0 ]; then command awsctx exec -p "$_awsctx_name" -- "$@"; else awsctx use "$_awsctx_name"; fi
}"""
_FISH = """\
function _awsctx_as
    if set -q argv[2]
        command awsctx exec -p $argv[1] -- $argv[2..-1]
    else
        awsctx use $argv[1]
    end
end"""


_NU = """\
def --env --wrapped _awsctx_as [name: string, ...rest] {
    if ($rest | is-empty) { awsctx use $name } else { ^awsctx exec -p $name -- ...$rest }
}"""


def _is_function_name(name: str) -> bool:
    """Whether every shell takes ``name`` as the name of a function, without quotes and whatever its options."""
    first = name[:1]
    return (first.isalpha() or first == "_") and all(c.isalnum() or c in _INSIDE for c in name) and name.isprintable()


def _on_path(environ: Mapping[str, str]) -> set[str]:
    found: set[str] = set()
    for folder in environ.get("PATH", os.defpath).split(os.pathsep):
        try:
            found.update(os.listdir(folder or "."))
        except OSError:
            continue
    return found


def _listed(names: list[str]) -> str:
    return ", ".join(map(visible, names))
