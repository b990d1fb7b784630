"""Each finding's id is told in the docstring of the check that finds it, which is where the man page's entries come from."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

from awsctx import doctor
from awsctx.doctor import CHECKS

ID = re.compile(r"[a-z]+(-[a-z]+)+")


MAN = Path(__file__).parents[2] / "man" / "awsctx.1"


def test_each_id_has_an_entry_in_the_man_page() -> None:
    section = MAN.read_text(encoding="utf-8").partition(".Sh FINDINGS\n")[2].partition("\n.Sh ")[0]
    lines = "\n".join(re.findall(r"^\.It (.*)$", section, re.MULTILINE))
    entries = set(re.findall(r"[a-z]+(?:-[a-z]+)+", lines))
    assert entries == told_ids()


def told_ids() -> set[str]:
    told = set()
    for check in CHECKS:
        # `one-id: what it is`, `one, two: what they are`, several such parts divided by semicolons
        for part in re.split(r";\s(?=[a-z-]+: )", inspect.getdoc(check) or ""):
            told |= {word for word in part.partition(": ")[0].split(", ") if ID.fullmatch(word)}
    return told


def test_the_docstrings_name_the_ids_that_the_code_gives() -> None:
    given = set()
    for module in {inspect.getmodule(check) for check in CHECKS}:
        assert module is not None
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
                first = node.args[0]
                given |= {first.value} if isinstance(first, ast.Constant) else set()
    given |= set(doctor.parsing._FIXES)  # a problem of a file is known by the id
    assert told_ids() == given
