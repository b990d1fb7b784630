"""The manifest: what an installation has made, in order, a line each: KIND PATH. install.sh writes its first lines.

environment  the venv of the command; `link` is ours where it points into it
folder       one that was missing, to be removed when it is empty again
link         the command, the man page, a completion
startup      a start-up file that was missing, to be removed when it is empty again
block        a start-up file that has the hook's lines, at its end when they came
block-after-newline  the same, behind a newline that the file's last line lacked
hook         the rendered hook
method       uv, pipx or venv: the last line of a first installation, without which it is not complete
"""

import os
from pathlib import Path

from awsctx.install import block
from awsctx.store import paths


class Manifest:
    """The lines of the file ``path``; ``begun`` of them were there when this run began."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.begun = len(self.entries())

    def entries(self) -> list[tuple[str, str]]:
        """(kind, path), in the order in which they were made."""
        try:
            lines = os.fsdecode(self.path.read_bytes()).split("\n")
        except FileNotFoundError:
            return []
        return [(kind, path) for kind, space, path in (line.partition(" ") for line in lines) if space]

    def value(self, kind: str) -> str:
        """The path (or word) of the last line of that kind; empty: there is none."""
        return next((path for found, path in reversed(self.entries()) if found == kind), "")

    def record(self, kind: str, path: str | Path) -> None:
        """Add a line, unless it is there. To be called before the thing is made, so that no end leaves it unrecorded."""
        if (kind, str(path)) not in self.entries():
            with self.path.open("ab") as file:
                file.write(os.fsencode(f"{kind} {path}\n"))

    def make_folder(self, folder: Path) -> None:
        """Make it and its missing parents; they are then ours."""
        missing = [path for path in (folder, *folder.parents) if not path.is_dir()]
        for path in reversed(missing):
            self.record("folder", path)
            path.mkdir()

    def is_ours(self, link: Path) -> bool:
        """Whether it is a link into the command's environment."""
        return link.is_symlink() and str(link.readlink()).startswith(self.value("environment") + "/")

    def undo(self) -> None:
        """Take back what this run has made."""
        entries = self.entries()
        for kind, path in reversed(entries[self.begun :]):
            self._remove(kind, Path(path))
        kept = "".join(f"{kind} {path}\n" for kind, path in entries[: self.begun])
        self.path.write_bytes(os.fsencode(kept))

    def remove_things(self) -> None:
        """Remove all that is recorded, but for the folders, which go when the environment has gone from them."""
        for kind, path in reversed(self.entries()):
            if kind != "folder":
                self._remove(kind, Path(path))

    def _remove(self, kind: str, path: Path) -> None:
        """Remove one thing, if it is still what was made. One that cannot be removed is no reason to leave the others."""
        try:
            if kind == "folder":
                path.rmdir()
            elif kind == "link" and self.is_ours(path):
                path.unlink()
            elif kind in block.KINDS:
                block.remove(path, kind)
            elif (kind == "startup" and path.stat().st_size == 0) or kind == "hook":
                path.unlink()
        except FileNotFoundError:
            pass
        except OSError:
            if kind in block.KINDS:
                first = block.START.decode().rstrip()
                print(f"could not write {paths.short(str(path))}: remove the lines from '{first}' on there yourself")
