"""A real shell at a pseudo-terminal, driven as a user drives it.

Every prompt of such a shell carries a number that the shell itself counts up, so a test waits for the prompt after its
line, however often that prompt is drawn, and never for a time to pass.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import signal
import time
from pathlib import Path
from types import TracebackType

import pexpect
from tests.support import Home

SHELLS = ("bash", "zsh", "fish")
TIMEOUT = 20  # seconds; only a failure waits so long

LOAD = {
    "bash": 'eval "$(awsctx init bash)"',
    "zsh": 'eval "$(awsctx init zsh)"',
    "fish": "awsctx init fish | source",
}

_RC_BEFORE = {
    "bash": "PS1='<P${test_prompts}>'; test_prompts=0; PROMPT_COMMAND='test_prompts=$((test_prompts + 1))'; HISTFILE=\n",
    "zsh": (
        "unsetopt prompt_sp prompt_cr; setopt prompt_subst; PROMPT='<P${test_prompts}>'; typeset -gi test_prompts=0\n"
        "test_count() { : $(( ++test_prompts )) }; precmd_functions+=(test_count)\n"
    ),
    "fish": (
        "set -g fish_greeting; set -g test_prompts 0; set -g fish_autosuggestion_enabled 0\n"
        "function test_count --on-event fish_prompt; set -g test_prompts (builtin math $test_prompts + 1); end\n"
        "function fish_prompt; echo -n \"<P$test_prompts>\"; end\n"
        "function fish_title; end\n"
    ),
}  # fmt: skip

# What a shell sends besides text: escape sequences, redrawn prompts, fish's sign for a line without an end.
_CONTROLS = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[=>]|\x1b\([A-Z]|\x1b\][^\x07]*\x07|<P\d+>|\u23ce\s+")


def tool(name: str) -> str:
    """The path of a tool that the tests cannot do without: a missing one fails them."""
    path = shutil.which(name)
    assert path is not None, f"{name} is missing: the tests need it"
    return path


class Terminal:
    """An interactive ``shell`` in ``home``.

    Its start-up file runs ``before``, loads the hook by ``load`` (None: the usual line; empty: none), runs ``after``.
    ``env`` adds variables to the home's; None removes one.
    """

    def __init__(
        self,
        shell: str,
        home: Home,
        *,
        before: str = "",
        load: str | None = None,
        after: str = "",
        env: dict[str, str | None] | None = None,
        cwd: Path | None = None,
        wrapper: tuple[str, ...] = (),
    ) -> None:
        self.shell = shell
        self.home = home
        self.prompts = 0
        self.cwd = cwd or home.folder
        self._answers = 0
        self._folder = home.folder / f"terminal-{id(self):x}"
        self._folder.mkdir()
        rc = "\n".join([_RC_BEFORE[shell], before, LOAD[shell] if load is None else load, after, ""])
        environ = {**home.environ, "TERM": "dumb", "COLUMNS": "1000", **(env or {})}
        command = self._command(rc, environ)
        self.child = pexpect.spawn(
            tool((wrapper or command)[0]),
            [*(wrapper + tuple(command))[1:]],
            env={name: value for name, value in environ.items() if value is not None},  # type: ignore[arg-type]
            cwd=str(self.cwd),
            encoding="utf-8",
            codec_errors="surrogateescape",
            timeout=TIMEOUT,
            dimensions=(50, 1000),
            echo=False,
        )
        self.child.delaybeforesend = None
        self.greeting = self._until_prompt()

    def _command(self, rc: str, environ: dict[str, str | None]) -> list[str]:
        if self.shell == "bash":
            file = self._folder / "bashrc"
            command = ["bash", "--noprofile", "--rcfile", str(file), "-i"]
        elif self.shell == "zsh":
            file = self._folder / ".zshrc"
            environ["ZDOTDIR"] = str(self._folder)
            command = ["zsh", "-d", "-i"]
        else:
            file = self._folder / "fish" / "config.fish"
            file.parent.mkdir()
            # Without this folder (the second is fish 4's), fish sets out to read every man page there is, behind our back.
            for parent in (".local/share", ".cache"):
                (self.home.folder / parent / "fish/generated_completions").mkdir(parents=True, exist_ok=True)
            environ["XDG_CONFIG_HOME"] = str(self._folder)
            environ.setdefault("AWSCTX_CONFIG", str(self.home.settings))
            command = ["fish", "-i"]
        file.write_text(rc, encoding="utf-8")
        return command

    def _until_prompt(self) -> str:
        self.prompts += 1
        self.child.expect_exact(f"<P{self.prompts}>")
        before = self.child.before
        assert isinstance(before, str)
        return _CONTROLS.sub("", before).replace("\r", "")

    def run(self, line: str = "") -> str:
        """Type ``line`` and Enter; what appears until the next prompt, the echo of the line included."""
        self.child.send(line + "\r")
        return self._until_prompt()

    def said(self, line: str = "") -> str:
        """Type ``line``; what awsctx says (its lines on the terminal) until the next prompt."""
        return "\n".join(re.findall(r"^.*?(awsctx: .*)$", self.run(line), re.MULTILINE))

    def get(self, *names: str) -> list[str]:
        """The values of shell variables as a new prompt has them; `?` for the unset ones."""
        self.run()
        answer = self._answer()
        if self.shell == "fish":
            words = " ".join(f'(set -q {name}; and builtin printf "%s\\n" "${name}"; or echo "?")' for name in names)
        else:
            words = " ".join(f'"${{{name}-?}}"' for name in names)
        self.run(f"builtin printf '%s\\0' {words} > {answer}")
        return answer.read_text(encoding="utf-8", errors="surrogateescape").split("\0")[:-1]

    def environment(self) -> dict[str, str]:
        """What a command started after a new prompt gets."""
        self.run()
        answer = self._answer()
        self.run(f"command env -0 > {answer}")
        pairs = answer.read_text(encoding="utf-8", errors="surrogateescape").split("\0")[:-1]
        return dict(pair.split("=", 1) for pair in pairs)

    @property
    def prompt(self) -> str:
        """AWSCTX_PROMPT, as a new prompt has it."""
        return self.get("AWSCTX_PROMPT")[0]

    @property
    def kind(self) -> str:
        """AWSCTX_PROMPT_CLASS, as a new prompt has it."""
        return self.get("AWSCTX_PROMPT_CLASS")[0]

    @property
    def profile(self) -> str | None:
        """AWS_PROFILE as commands get it; None where it is not exported."""
        return self.environment().get("AWS_PROFILE")

    def _answer(self) -> Path:
        self._answers += 1
        return self._folder / f"answer{self._answers}"

    @property
    def status(self) -> str:
        """The status of the last command, as this shell writes it."""
        return "$status" if self.shell == "fish" else "$?"

    def set(self, name: str, value: str) -> str:
        """`export NAME=VALUE`, as this shell writes it."""
        return self.run(f"set -gx {name} {self.quote(value)}" if self.shell == "fish" else f"export {name}={self.quote(value)}")

    def unset(self, *names: str) -> str:
        """`unset NAME...`, as this shell writes it."""
        return self.run(f"{'set -e' if self.shell == 'fish' else 'unset'} {' '.join(names)}")

    def quote(self, text: str) -> str:
        """``text`` as one word of this shell."""
        if self.shell == "fish":
            return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
        return "'" + text.replace("'", "'\\''") + "'"

    def close(self) -> None:
        """End the shell at once: pexpect's politeness would cost each test a fifth of a second."""
        self.child.ptyproc.delayafterclose = self.child.ptyproc.delayafterterminate = 0.01
        self.child.kill(signal.SIGKILL)
        if self.child.isalive():
            self.child.wait()
        self.child.close(force=True)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def outside(home: Home, *arguments: str) -> None:
    """Another shell, without a hook, calls awsctx."""
    done = home.run(*arguments)
    assert done.returncode == 0, done


def token_file(home: Home, session: str = "worksso") -> Path:
    """Where the AWS CLI keeps the token of ``session``."""
    digest = hashlib.sha1(session.encode(), usedforsecurity=False).hexdigest()
    return home.aws / "sso" / "cache" / f"{digest}.json"


def moment(seconds: float) -> str:
    """The time in ``seconds`` from now, as a token has it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def sign_in(home: Home, seconds: float, *, refreshable: float | None = None, **values: object) -> Path:
    """Write a token, as big as a real one, that ends in ``seconds`` from now and can be refreshed for ``refreshable``."""
    token: dict[str, object] = {
        "startUrl": "https://worksso.awsapps.com/start",
        "region": "eu-west-1",
        "accessToken": "a" * 900,
        "expiresAt": moment(seconds),
        "clientId": "c" * 40,
        "clientSecret": "s" * 1600,
    }
    if refreshable is not None:
        token |= {"registrationExpiresAt": moment(refreshable), "refreshToken": "r" * 500}
    path = token_file(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(token | values), encoding="utf-8")
    return path
