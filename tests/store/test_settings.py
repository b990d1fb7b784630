"""awsctx's own config: what it may say, and what is said of a mistake in it (awsctx(1), FILES)."""

from __future__ import annotations

from pathlib import Path

import pytest

from awsctx.errors import AwsctxError
from awsctx.store import settings


def load(folder: Path, text: str) -> settings.Settings:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return settings.load(str(path))


def test_none_of_it_is_needed(tmp_path: Path) -> None:
    defaults = settings.load(str(tmp_path / "absent"))
    assert (defaults.follow, defaults.guard, defaults.prompt_time, defaults.sync) == ("unguarded", (), True, {})
    assert load(tmp_path, "").follow == "unguarded"
    assert defaults.reads_only("AWSReadOnlyAccess") and defaults.reads_only("ViewOnly") and not defaults.reads_only("Reader")


@pytest.mark.parametrize("text", ["x = " + "9" * 5000, "x = " + "[" * 5000 + "]" * 5000, "\x1b = 1", "x = {" * 5000])
def test_what_no_reader_of_toml_takes_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(AwsctxError, match=r"it is (not TOML|nested too deeply)") as caught:
        load(tmp_path, text)
    assert caught.value.message.isprintable()


def test_all_of_it(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        """
        follow = "never"
        guard = ["*prod*", "root"]
        read_only = ["Audit*", "Reader"]
        [browser]
        "work*" = "one"
        "*" = "other"
        [prompt]
        time = false
        [sync.worksso]
        name = "{account}.{role}"
        region = "eu-west-1"
        output = "json"
        match = ["a*"]
        """,
    )
    assert found.follow == "never"
    assert found.guarded("my-prod-1") and found.guarded("root") and not found.guarded("Prod")
    assert found.read_only == ("Audit*", "Reader")
    assert found.reads_only("Auditor") and not found.reads_only("reader") and not found.reads_only("ReadOnly")
    for pattern in ("a:b", "*", "account:*", "account:12[!3]?-*", "role:x", "accountant:x"):
        assert load(tmp_path, f'guard = ["{pattern}"]').guard == (pattern,)
    assert not load(tmp_path, "read_only = []").reads_only("ReadOnly")
    assert [found.browser_for(name) for name in ("worksso", "else")] == ["one", "other"]
    assert not found.prompt_time
    assert found.sync["worksso"]["name"] == "{account}.{role}"


@pytest.mark.parametrize(
    ("text", "key", "allowed"),
    [
        ('folow = "never"', "'folow'", "follow, guard, agents, read_only, browser, prompt, sync"),
        ('follow = "sometimes"', "'follow'", '"always", "unguarded" or "never"'),
        ('agents = "ask"', "'agents'", '"allow" or "refuse"'),
        ("follow = true", "'follow'", '"always", "unguarded" or "never"'),
        ('guard = "prod"', "'guard'", "a list of strings"),
        ("guard = [1]", "'guard'", "a list of strings"),
        ('guard = [""]', "'guard'", "account:GLOB (of account ids), role:GLOB"),
        ('guard = ["account:"]', "'guard'", "account:GLOB (of account ids), role:GLOB"),
        ('guard = ["account:prod"]', "'guard'", "account:GLOB (of account ids), role:GLOB"),
        ('guard = ["Account:1234*"]', "'guard'", "account:GLOB (of account ids), role:GLOB"),
        ('guard = ["roles:Admin"]', "'guard'", "account:GLOB (of account ids), role:GLOB"),
        ('guard = ["role:"]', "'guard'", "account:GLOB (of account ids), role:GLOB"),
        ('read_only = "*ReadOnly*"', "'read_only'", "a list of strings"),
        ("read_only = [true]", "'read_only'", "a list of strings"),
        ('read_only = ["Reader", ""]', "'read_only'", "globs of roles"),
        ('read_only = [""]', "'read_only'", 'globs of roles\' names, such as "*ReadOnly*"'),
        ('read_only = ["role:*ReadOnly*"]', "'read_only'", 'globs of roles\' names, such as "*ReadOnly*"'),
        ("browser = 1", "'browser'", "a table"),
        ("[browser]\nwork = 1", "'browser.work'", "a command"),
        ("[browser]\nwork = ''", "'browser.work'", "a command"),
        ('[browser]\nwork = "firefox \'"', "'browser.work'", "a command"),
        ('[browser]\nwork = "fire\\u0000fox"', "'browser.work'", "a command"),
        ("prompt = 1", "'prompt'", "a table"),
        ("[prompt]\ntime = 1", "'prompt.time'", "true or false"),
        ("[prompt]\ncolour = 1", "'prompt.colour'", "time"),
        ("[sync]\nworksso = 1", "'sync.worksso'", "a table"),
        ("[sync.worksso]\nnames = 1", "'sync.worksso.names'", "name, region, output, match"),
        ("[sync.worksso]\nname = 1", "'sync.worksso.name'", "a string"),
        ("[sync.worksso]\nmatch = [1]", "'sync.worksso.match'", "a list of strings"),
    ],
)
def test_a_mistake_names_file_key_and_what_is_allowed(tmp_path: Path, text: str, key: str, allowed: str) -> None:
    with pytest.raises(AwsctxError) as error:
        load(tmp_path, text)
    assert error.value.message.startswith(str(tmp_path / "config.toml"))
    assert key in error.value.message
    assert allowed in " ".join(error.value.hints)


def test_what_is_no_toml_is_said_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(AwsctxError, match=r"config\.toml: it is not TOML: .*line 2"):
        load(tmp_path, 'follow = "never"\nguard = yes')
    (tmp_path / "config.toml").write_bytes(b"guard = ['\xff']")
    with pytest.raises(AwsctxError, match="not UTF-8"):
        settings.load(str(tmp_path / "config.toml"))
