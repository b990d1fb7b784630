"""README.md and docs/ say what works: each of their commands runs, in the demo's sandbox, in a shell with the hook."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.tools import locate

from awsctx.demo.play import MORE
from awsctx.demo.sandbox import CONFIG, prepare
from awsctx.demo.scenario import MISSION_ACCOUNTS
from awsctx.demo.standin import Client, spawn
from awsctx.store import settings

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What stands in a command for the reader's own word, the longest first.
WORDS = {
    "NAME@REGION": "worksso.tester@eu-west-3",
    "NEW=OLD": "fresh=worksso.developer",
    "NAME": "worksso.tester",
    "REGION": "eu-west-3",
    "GLOB": "'*.readonly'",
    "COMMAND": "true",
    "PART": "tester",
    "ansible-playbook FILE": "true",
    "aws …": "aws sts get-caller-identity",
    "…": "true",
}
# What a command that is only named needs besides, or answers for the reader who is at no terminal here.
WHOLE = {
    "awsctx exec": "awsctx exec -- true",
    "awsctx PART": "awsctx worksso.tester",
    "awsctx setup": "awsctx setup --session s --start-url https://worksso.awsapps.com/start --sso-region eu-west-1 --scopes "
    "sso:account:access --account 123412341234 --role developer --region eu-west-1 --output json --profile s --browser",
    "awsctx sync": "awsctx sync -y --match readonly",
    "awsctx sync --prune": "awsctx sync --prune -y --match readonly",
    "awsctx sync --dry-run": "awsctx sync --dry-run --match readonly",
    "awsctx add": "awsctx add fresh --session worksso --account 123412341234 --role developer",
    "awsctx copy": "awsctx copy worksso.developer fresh",
    "awsctx rename": "awsctx rename worksso.developer fresh",
    "awsctx remove": "awsctx remove -y worksso.developer",
    "awsctx -d NAME": "awsctx -d worksso.developer -y",
    "awsctx login NAME": "awsctx login worksso",
    "awsctx demo": "awsctx demo --help",
    "awsctx exec --failed": "! awsctx exec --match '*.readonly' -- false && ! awsctx exec --failed",
    "awsctx init fish | source": "fish -c 'awsctx init fish | source'",
    "awsctx doctor": "! awsctx doctor",  # the second account has eight digits
    "awsctx exec --lock --read-only -- COMMAND": "awsctx add play --session worksso --account 111122223333 --role admin; "
    "awsctx exec --lock --read-only -p play -- true",
    "awsctx use list": "awsctx copy worksso.developer list; awsctx use list",
    'eval "$(awsctx init zsh)"': """zsh -c 'eval "$(awsctx init zsh)"'""",
}
# The real AWS CLI; what the stand-in does not have answers in the form that AWS's reference says.
AWS = """\
#!/bin/bash
case $1-$2 in
  cloudtrail-describe-trails) echo '{"trailList": []}' ;;
  iam-list-users) echo '{"Users": [{"UserName": "old-ci"}]}' ;;
  iam-list-access-keys) printf 'ACCESSKEYMETADATA\\tAKIAIOSFODNN7EXAMPLE\\tActive\\t%s\\n' "${@: -1}" ;;
  *) exec REAL "$@" ;;
esac
"""


def spans(text: str) -> Iterator[str]:
    """The awsctx commands that stand in a sentence or a table."""
    for found in re.findall(r"`([^`\n]+)`", FENCED.sub("", text)):
        if re.match(r'awsctx($| )|eval "\$\(awsctx ', found):
            yield found.replace("\\|", "|")


def blocks(*languages: str) -> list[tuple[str, str]]:
    return [
        (document.name, block)
        for document in DOCUMENTS
        for language, block in FENCED.findall(document.read_text(encoding="utf-8"))
        if language in languages
    ]


COMMANDS = sorted({span for document in DOCUMENTS for span in spans(document.read_text(encoding="utf-8"))})
Run = Callable[[str], subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def cloud() -> Iterator[Client]:
    with spawn(warm=True, accounts=(*MISSION_ACCOUNTS, *MORE)) as aws:
        yield aws


@pytest.fixture(scope="module")
def config(cloud: Client, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The walkthrough's profiles, and those of two accounts more."""
    sandbox = prepare(tmp_path_factory.mktemp("sync"), cloud, callers=os.environ)
    command = ["awsctx", "sync", "--match", "shop", "--match", "mail", "--region", "eu-west-1", "--yes"]
    subprocess.run(command, env=sandbox.environ, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    text = (sandbox.home / ".aws" / "config").read_text(encoding="utf-8")
    assert text.startswith(CONFIG)
    return text


@pytest.fixture
def bash(cloud: Client, config: str, tmp_path: Path) -> Run:
    """Runs lines in a bash with the hook, in a new sandbox, two switches after its start."""
    sandbox = prepare(tmp_path, cloud, tools=[locate.tools() / "bin"], callers=os.environ, config=config)
    add_aws(sandbox.bin)
    start = 'eval "$(awsctx init bash)"; awsctx worksso.developer; awsctx worksso.tester; set -eo pipefail\n'

    def run(lines: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", start + lines],
            env=sandbox.environ,
            cwd=sandbox.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def add_aws(folder: Path) -> None:
    path = folder / "aws"
    path.write_text(AWS.replace("REAL", str(locate.tools() / "bin" / "aws")), encoding="utf-8")
    path.chmod(0o755)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_in_a_sentence_runs(command: str, bash: Run) -> None:
    line = WHOLE.get(command, command)
    for word, value in WORDS.items():
        line = re.sub(rf"(?<![\w{{]){re.escape(word)}(?!\w)", value, line)
    done = bash(line)
    assert done.returncode == 0, (line, done)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("document", "block"), blocks("sh"))
def test_each_block_of_commands_runs(document: str, block: str, bash: Run) -> None:
    # All of an account's regions are asked in a test of their own: each is a start of the AWS CLI.
    done = bash(block.replace("-r all", "-r eu-west-1,us-east-1"))
    assert done.returncode == 0, (document, done)


@pytest.mark.parametrize(("document", "block"), blocks("toml"))
def test_each_config_is_one(document: str, block: str, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(block, encoding="utf-8")
    settings.load(str(path))


def test_the_whole_configuration_is_in_its_document() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    for key in (*settings._TOP, *settings._PROMPT, *settings._SYNC):
        assert re.search(rf"^\[?{key}\b", text, re.MULTILINE), key


def test_what_the_documents_link_to_is_there() -> None:
    for document in (*DOCUMENTS, ROOT / "CONTRIBUTING.md"):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_the_readme_links_to_each_document() -> None:
    readme = DOCUMENTS[0].read_text(encoding="utf-8")
    assert [document.name for document in DOCUMENTS[1:] if f"](docs/{document.name}" not in readme] == []
