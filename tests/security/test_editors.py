"""An editor that writes in place (it empties the file, then fills it) while awsctx edits: what the person wrote stays whole,
and an edit that is said to be done is done."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from tests.support import AWSCTX, WALKTHROUGH, Home, stanza

ADD = ("--session", "worksso", "--account", "1", "--role", "r")
WHOLE = WALKTHROUGH + "".join(stanza(f"p{number}") for number in range(200))

# Saves one buffer, in two pieces, with a pause after each step.
EDITOR = """if True:
    import sys, time
    path, pause, wait, text = sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
    print(flush=True)
    time.sleep(wait)
    half = text.index("[profile", len(text) // 2)
    with open(path, "w") as file:
        for piece in (text[:half], text[half:]):
            time.sleep(pause)
            file.write(piece)
            file.flush()
    print(flush=True)
"""


@pytest.mark.parametrize("pause", [0, 0.01, 0.06, 0.12])
def test_what_the_person_wrote_stays_whole(home: Home, pause: float) -> None:
    lost = []
    for number in range(8):
        home.config.write_text(WHOLE)
        saved = f"{WHOLE}# edit {number}\n"
        arguments = [str(home.config), str(pause), str(number * 0.03), saved]
        with subprocess.Popen([sys.executable, "-c", EDITOR, *arguments], stdout=subprocess.PIPE) as editor:
            assert editor.stdout is not None
            editor.stdout.readline()
            call = subprocess.Popen([AWSCTX, "add", "new", *ADD], env=home.environ, stderr=subprocess.PIPE, text=True)
            editor.stdout.readline()
            written = time.monotonic()
            _, said = call.communicate(timeout=60)
            after = time.monotonic() - written
        text = home.config.read_text()
        assert call.returncode == 0 or said.startswith("awsctx: "), said
        without = text.replace("[profile new]\nsso_session = worksso\nsso_account_id = 1\nsso_role_name = r\n", "")
        if without.strip() != saved.strip():
            lost.append((number, len(without), len(saved), call.returncode, after, said))
        elif call.returncode == 0 and after > 0.05 and text == without:
            lost.append((number, "new is lost", after))
    assert lost == [], "\n".join(map(str, lost))
