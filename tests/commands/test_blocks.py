"""`region =` with lines indented below it is a block: where only text means anything, it is no value."""

from __future__ import annotations

import json

from tests.support import WALKTHROUGH, Home

BLOCK = "[profile a]\nregion =\n  x = y\nsso_account_id =\n  1 = 2\n"


def test_a_block_where_text_belongs_is_shown_nowhere(home: Home) -> None:
    home.config.write_text(WALKTHROUGH + BLOCK)
    for call in (["a"], ["use", "a"], ["a", "-r", "eu-west-1"], ["list", "-l"], ["current"], ["doctor"], ["whoami"]):
        done = home.run(*call)
        assert "{" not in done.stdout + done.stderr, (call, done)
    found = json.loads(home.ok("list", "a", "--json"))[0]
    assert (found["region"], found["account_id"]) == (None, None)
