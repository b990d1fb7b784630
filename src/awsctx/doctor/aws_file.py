"""The AWS files line by line, for checks that also need to see a file that botocore refuses."""

import os
from dataclasses import dataclass, field

from awsctx.awsfiles import names
from awsctx.awsfiles.document import Document, Section
from awsctx.store import files


@dataclass(frozen=True)
class AwsFile:
    """One of the two files. ``unreadable`` says why it could not be read; empty where it was."""

    path: str
    exists: bool = False
    unreadable: str = ""
    sections: list[Section] = field(default_factory=list)

    def at(self, line: int) -> str:
        """`FILE:LINE`."""
        return f"{self.path}:{line}"


def read_file(path: str) -> AwsFile:
    """Read the file at ``path``. Never raises."""
    path = os.path.abspath(path)
    try:
        text = names.decoded(files.read(path, names.MOST))
    except FileNotFoundError:
        return AwsFile(path)
    except OSError as e:
        return AwsFile(path, exists=True, unreadable=e.strerror or str(e))
    return AwsFile(path, True, "", Document(text.removeprefix("\ufeff")).sections)
