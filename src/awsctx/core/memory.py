"""What a hooked shell remembers between two decisions: one opaque word that the shell keeps and hands back. Pure.

Hot path: imports nothing that the interpreter has not loaded already.
"""

from awsctx.core.context import Context

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

# The version of what hook and command say to one another, this memory included.
PROTOCOL = "2"

_FIELDS = ("base", "pin", "previous", "shown")  # contexts: two words each
_WORDS = ("own", "source", "put_back", "serial", "beside", "told", "terminal")


class Memory:
    """The contexts (None: there is none):

    ``base``      the one that this shell took from the state
    ``pin``       the one that `awsctx -s` chose for this shell alone
    ``previous``  the one that `awsctx -s -` returns to
    ``shown``     the one in force after the last decision

    and words, empty where there is nothing:

    ``own``       the AWS_PROFILE that the user has set: it pins this shell
    ``source``    where ``shown`` was taken from
    ``put_back``  what AWS_PROFILE was before a call that something stood before: the shell may set it again behind that call
    ``serial``    the state's serial when this shell last looked at it
    ``beside``    the path of the folder's pin beside which a context was chosen: that context wins until the folder is left
    ``told``      what has been said once, separated by spaces
    ``terminal``  the terminal that this shell is on
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

    @property
    def profile(self) -> str:
        """What AWS_PROFILE was left as: empty where it was left unset."""
        return self.shown.profile if self.shown and self.source in EXPORTED else ""

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
        """The memory that ``text`` is; None for one that is none (a shell that has not asked before)."""
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


# The sources whose profile stands in AWS_PROFILE: what is taken from elsewhere is in force without it.
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
        else:  # an escaped backslash, and what stands behind it
            result += "\\" + next(pieces, "")
    return result
