"""What a hooked shell remembers between two decisions: one opaque word that the shell keeps and hands back. Pure.

Hot path: imports nothing that the interpreter has not loaded already.
"""

from awsctx.core.context import Context

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

_FIELDS = ("base", "pin", "previous", "shown")  # contexts: two words each
_WORDS = ("own", "source", "put_back", "serial", "beside", "told", "terminal", "region", "default_region")


class Memory:
    """The contexts (None: there is none):

    ``base``      the context that this shell took from the state
    ``pin``       the context that `awsctx -s` chose for this shell alone
    ``previous``  the context that `awsctx -s -` returns to
    ``shown``     the context in force after the last decision

    The words (empty: there is none):

    ``own``       the AWS_PROFILE that the user has set: it pins this shell
    ``source``    the source of ``shown``
    ``put_back``  the AWS_PROFILE that the shell may restore after `AWS_PROFILE=x awsctx NAME`: no choice of the user
    ``serial``    the serial of the state that this shell last looked at
    ``beside``    the path of the folder's pin that the user overrode by a switch there, until the shell leaves the folder
    ``told``      the notes that this shell has said already, separated by spaces
    ``terminal``  the terminal that this shell is on
    ``region``    `=VALUE`: the AWS_REGION that this shell had, and did not export, before a context's region
    ``default_region``  the same for AWS_DEFAULT_REGION
    """

    __slots__ = (*_FIELDS, *_WORDS)

    def __init__(self) -> None:
        self.base: Context | None = None
        self.pin: Context | None = None
        self.previous: Context | None = None
        self.shown: Context | None = None
        self.own = ""
        self.source = ""
        self.put_back = ""
        self.serial = ""
        self.beside = ""
        self.told = ""
        self.terminal = ""
        self.region = ""
        self.default_region = ""

    @property
    def profile(self) -> str:
        """The AWS_PROFILE that the last decision set; empty where it left AWS_PROFILE unset."""
        return self.shown.profile if self.shown and self.source in EXPORTED else ""

    def tells(self, word: str) -> bool:
        """Whether this shell has not said the note ``word`` yet; from now on it has."""
        if word in self.told.split(" "):
            return False
        self.told = f"{self.told} {word}".strip()
        return True

    def regions_back(
        self, environ: "Mapping[str, str]", after: "Mapping[str, str]", own: "Mapping[str, str]"
    ) -> dict[str, str]:
        """The regions that this shell gets back without an export, where ``environ`` becomes ``after`` and a context's region
        goes. Where one comes, this remembers those that the shell has and does not export: ``own``."""
        back = {}
        for variable, word in (("AWS_REGION", "region"), ("AWS_DEFAULT_REGION", "default_region")):
            if after.get("AWSCTX_REGION") and not environ.get("AWSCTX_REGION"):
                setattr(self, word, f"={own[variable]}" if variable in own else "")
            elif variable in environ and variable not in after and getattr(self, word):
                back[variable] = getattr(self, word)[1:]
                setattr(self, word, "")
        return back

    def text(self) -> str:
        """This memory as one line without line breaks."""
        words: list[str] = []
        for name in _FIELDS:
            context = getattr(self, name) or Context("")
            words += context
        words += [getattr(self, name) for name in _WORDS]
        return "\t".join([_escaped(word) for word in words])

    @classmethod
    def read(cls, text: str) -> "Self | None":
        """The memory that ``text`` holds; None where it holds none: the shell has not asked before."""
        words = [_unescaped(word) for word in text.split("\t")]
        if len(words) != 2 * len(_FIELDS) + len(_WORDS):
            return None
        memory = cls()
        for number, name in enumerate(_FIELDS):
            profile, region = words[2 * number : 2 * number + 2]
            setattr(memory, name, Context(profile, region) if profile else None)
        for name, word in zip(_WORDS, words[2 * len(_FIELDS) :], strict=True):
            setattr(memory, name, word)
        return memory


# The sources whose profile a hook puts into AWS_PROFILE. The others (`default`, say) leave it unset.
EXPORTED = ("environment", "shell", "directory", "state")

_ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))


def _escaped(word: str) -> str:
    for plain, escape in _ESCAPES:
        if plain in word:
            word = word.replace(plain, escape)
    return word


def _unescaped(word: str) -> str:
    if "\\" not in word:
        return word
    plain = {escape[1]: letter for letter, escape in _ESCAPES}
    first, *rest = word.split("\\")
    result, pieces = first, iter(rest)
    for piece in pieces:
        if piece:
            result += plain.get(piece[0], "") + piece[1:]
        else:  # an escaped backslash; the next piece follows it as it is
            result += "\\" + next(pieces, "")
    return result
