"""`add`, `copy`, `rename`, `remove`, and kubectx's ways to say the last two (awsctx(1), SWITCHING and PROFILES)."""

from __future__ import annotations

import stat

import pexpect
import pytest
from tests.signin.helpers import ended
from tests.support import AWSCTX, DEVELOPER, TESTER, WALKTHROUGH, Home, stanza
from tests.tools import locate

ROLE = "# the team's role\n[profile role]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = keys\n"
KEYS = "[keys]\naws_access_key_id = AKIAKEYS\naws_secret_access_key = shh\n\n# of CI\n[ci]\nsource_profile = keys\n"
NEW = ["--session", "worksso", "--account", "210987654321", "--role", "auditor"]


def refused(home: Home, *call: str, says: str) -> None:
    """The call fails with that, and changes nothing."""
    before = contents(home)
    done = home.run(*call)
    assert done.returncode == 1 and done.stdout == "", done
    assert done.stderr.startswith("awsctx: ") and says in done.stderr, done.stderr
    assert contents(home) == before


def contents(home: Home) -> list[bytes | None]:
    return [path.read_bytes() if path.exists() else None for path in (home.config, home.credentials, home.state)]


@pytest.fixture
def keyed(home: Home) -> Home:
    """A home with a role whose source is a pair of keys."""
    home.config.write_text(WALKTHROUGH + ROLE)
    home.credentials.write_text(KEYS)
    return home


# --- add ---


def test_add_writes_what_the_walkthrough_writes_by_hand(home: Home) -> None:
    start = WALKTHROUGH.index("[profile worksso.tester]")
    home.config.write_text(WALKTHROUGH[:start])
    done = home.run("add", TESTER, "--session", "worksso", "--account", "43214321", "--role", "tester",
                    "--region", "eu-west-2", "--output", "json")  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"added '{TESTER}'\n")
    assert home.config.read_text() == WALKTHROUGH


def test_add_needs_a_free_name_and_a_known_session(keyed: Home) -> None:
    refused(keyed, "add", TESTER, *NEW, says="already")
    refused(keyed, "add", "keys", *NEW, says="already")
    refused(keyed, "add", "x", "--session", "gone", "--account", "1", "--role", "r", says="no session named 'gone'")
    assert keyed.run("add", "x", "--session", "worksso").returncode == 2
    for empty in ("--account", "--role"):
        refused(keyed, "add", "x", *NEW, empty, "", says=f"{empty} needs a value")


@pytest.mark.parametrize("name", ["", " ", "\u00a0 ", "-", ".", "a\nb", "a\x1b[31m"])
def test_names_that_no_profile_should_get(home: Home, name: str) -> None:
    for call in (("add", *NEW, "--", name), ("copy", "--", TESTER, name), ("rename", "--", TESTER, name)):
        refused(home, *call, says="cannot be")


@pytest.mark.parametrize("more", [[], ["--follow"]], ids=["", "--follow"])
def test_add_refuses_what_no_aws_call_would_take(home: Home, more: list[str]) -> None:
    new = ["add", "x", *(more or NEW)]
    refused(home, *new, "--output", "jsn", says="'jsn' is not an output format\n  did you mean: json\n")
    refused(home, *new, "--output", "bogus", says="it is one of: json, text, table, yaml, yaml-stream, off\n")
    if not more:
        refused(home, *new, "--account", "12a", says="'12a' is not an account's id")
        refused(home, *new, "--account", "-1", says="'-1' is not an account's id")


def test_odd_names_are_quoted_so_that_aws_reads_them_back(home: Home) -> None:
    odd = ["a b", "q'q", 'd"d', "]", "a]b", "#", "x=y", ".dot", "ünï", "back\\slash", "$(id)", "--", "-x"]
    for name in odd:
        home.ok("add", *NEW, "--", name)
    listed = home.run("configure", "list-profiles", command=[locate.aws2()]).stdout.splitlines()
    assert listed == [DEVELOPER, TESTER, *odd]
    home.ok("copy", "--", "q'q", 'new "one')
    home.ok("rename", "--", 'new "one', "]]")
    home.ok("remove", "-y", "--", *odd, "]]")
    assert home.config.read_text() == WALKTHROUGH


# --- copy ---


def test_copy_takes_the_stanza_without_the_mark_of_sync(keyed: Home) -> None:
    with keyed.config.open("a") as file:
        file.write("[profile made]\nsso_session = worksso\nawsctx_sync = worksso\nregion = eu-west-1\n")
    keyed.ok("copy", "made", "mine")
    assert keyed.config.read_text().endswith("[profile mine]\nsso_session = worksso\nregion = eu-west-1\n")
    refused(keyed, "copy", "keys", "more", says="'keys' has no stanza in the config")
    refused(keyed, "copy", "made", "keys", says="already")
    refused(keyed, "copy", "mad", "x", says="no profile named 'mad'")


# --- rename ---


@pytest.mark.parametrize("call", [("rename", "keys", "new"), ("new=keys",), ("rename", ".", "new"), ("new=.",)], ids=" ".join)
def test_rename_follows_wherever_the_name_stands(keyed: Home, call: tuple[str, ...]) -> None:
    keyed.ok(TESTER)
    keyed.ok("keys@eu-west-3")
    keyed.ok(*call)
    assert keyed.config.read_text() == WALKTHROUGH + ROLE.replace("keys", "new")
    assert keyed.credentials.read_text() == KEYS.replace("[keys]", "[new]").replace("= keys", "= new")
    assert keyed.ok("-c") == "new@eu-west-3\n"
    assert keyed.ok("history") == f"new@eu-west-3\n{TESTER}\n"


def test_rename_of_a_profile_in_both_files(home: Home) -> None:
    home.credentials.write_text(f"[{TESTER}]\naws_access_key_id = AKIA\n")
    home.ok("rename", TESTER, "t")
    assert home.config.read_text() == WALKTHROUGH.replace(TESTER, "t")
    assert home.credentials.read_text() == "[t]\naws_access_key_id = AKIA\n"
    assert not home.state.exists()


def test_rename_needs_a_free_name(keyed: Home) -> None:
    refused(keyed, f"{TESTER}=role", says="already")
    refused(keyed, "keys=role", says="already")
    refused(keyed, "x=gone", says="no profile named 'gone'")
    refused(keyed, "x=.", says="there is none")
    assert "nothing to do" in keyed.run("role=role").stderr


def test_a_profile_whose_name_has_an_equals_sign_wins_over_the_split(home: Home) -> None:
    home.config.write_text(WALKTHROUGH + stanza("a=b") + stanza("b"))
    home.ok("a=b")
    assert home.active() == "a=b"
    home.ok("a=b@eu-west-1")
    assert home.ok("-c") == "a=b@eu-west-1\n"
    home.ok("c=a=b")
    assert home.active() == "c"
    home.ok("b2=b")
    assert home.ok("list").splitlines()[2:] == ["c", "b2"]


@pytest.mark.parametrize("twice", [False, True])
def test_rename_follows_in_the_section_that_is_for_all(keyed: Home, twice: bool) -> None:
    every = "[DEFAULT]\n# for all\nsource_profile: keys\n" + ("[DEFAULT]\noutput = json\n" if twice else "")
    role = "[profile role]\nrole_arn = arn:aws:iam::1:role/r\n"
    keyed.config.write_text(every + WALKTHROUGH + role)
    keyed.credentials.write_text("[DEFAULT]\r\nsource_profile = keys\r\n[keys]\r\naws_access_key_id = AKIAKEYS\r\n")
    keyed.ok("rename", "keys", "new")
    assert keyed.config.read_text() == every.replace("keys", "new") + WALKTHROUGH + role
    assert keyed.credentials.read_bytes() == (b"[DEFAULT]\r\nsource_profile = new\r\n[new]\r\naws_access_key_id = AKIAKEYS\r\n")
    assert "source_profile = new" in keyed.ok("show", "role")


def test_two_sections_that_would_get_one_header_are_named(home: Home) -> None:
    top = WALKTHROUGH.count("\n") + 1
    for one, other, old, new in (
        ("[profile default]", "[default]", "default", "ddd"),
        ("[profile 'a b']", '[profile "a b"]', "a b", "ddd"),
        ("[profile x]", '[profile "x"]', "x", "default"),
    ):
        home.config.write_text(f"{WALKTHROUGH}{one}\nregion = eu-west-1\n{other}\nregion = eu-west-2\n")
        both = f"{home.config}:{top} ({one}) and {home.config}:{top + 2} ({other}) spell one name"
        refused(home, "rename", old, new, says=both)
        hint = home.run("rename", old, new).stderr.splitlines()[1]
        assert f"aws reads only the last, line {top + 2}: by hand, remove the other" in hint
        assert "eu-west-2" in home.ok("show", old)


def test_rename_says_what_it_leaves(home: Home) -> None:
    home.configure(f'guard = ["{TESTER}", "*.developer"]\n')
    (home.folder / ".awsctx").write_text(f"{TESTER}@eu-west-1\n")
    done = home.run("rename", TESTER, "t")
    assert f"names '{TESTER}'" in done.stderr and f".awsctx still names '{TESTER}'" in done.stderr
    assert "'worksso.developer' was guarded, 'd' is not" in home.run("rename", DEVELOPER, "d").stderr


# --- remove ---


@pytest.mark.parametrize("call", [("remove",), ("-d",), ("-y", "-d")], ids=" ".join)
def test_remove_takes_the_profile_and_its_own_comments(keyed: Home, call: tuple[str, ...]) -> None:
    keyed.ok("role")
    done = keyed.run(*call, "role", "keys", "ci", "-y")
    assert (done.returncode, done.stdout) == (0, "")
    assert "removed 'role', 'keys', 'ci'" in done.stderr
    assert "'role' was the active profile: no context is active now" in done.stderr
    assert keyed.config.read_text() == WALKTHROUGH
    assert keyed.credentials.read_text() == ""
    assert keyed.run("-c").returncode == 1 and keyed.ok("history") == ""


def test_remove_is_all_or_none(keyed: Home) -> None:
    refused(keyed, "remove", "role", "gone", "-y", says="no profile named 'gone'")
    refused(keyed, "remove", "keys", "role", "-y", says="'keys' stays: 'ci' needs it as source_profile")
    refused(keyed, "remove", "keys", "-y", says="'role', 'ci' need it as source_profile")
    refused(keyed, "remove", f"{TESTER}@eu-west-1", "-y", says="no profile named")
    keyed.credentials.write_text("[a]\n[a]\n")
    refused(keyed, "remove", TESTER, "-y", says=f"{keyed.credentials}:2: ")


def test_remove_is_refused_while_a_role_needs_the_profile_by_the_section_for_all(keyed: Home) -> None:
    role = "[profile role]\nrole_arn = arn:aws:iam::1:role/r\n"
    keyed.config.write_text("[DEFAULT]\nsource_profile = keys\n" + WALKTHROUGH + role)
    keyed.credentials.write_text("[keys]\naws_access_key_id = AKIAKEYS\n")
    refused(keyed, "remove", "keys", "-y", says="'keys' stays: 'role' needs it as source_profile, by [DEFAULT]")
    keyed.ok("remove", "keys", "role", "-y")  # to the others, which sign in, it means nothing
    assert keyed.config.read_text() == "[DEFAULT]\nsource_profile = keys\n" + WALKTHROUGH


def test_the_active_profile_is_a_dot(home: Home) -> None:
    home.ok(DEVELOPER)
    home.ok(TESTER)
    home.ok("-d", ".", "-y")
    assert home.ok("list") == f"{DEVELOPER}\n"
    assert home.ok("history") == f"{DEVELOPER}\n"
    home.ok("-")
    assert home.active() == DEVELOPER


def test_an_own_config_that_is_wrong_is_said_before_anything_is_written(home: Home) -> None:
    home.configure("bogus = 1\n")
    for call in (("rename", TESTER, "t"), ("t=worksso.tester",), ("remove", TESTER, "-y")):
        refused(home, *call, says="unknown key 'bogus'")


def test_nobody_to_ask(home: Home) -> None:
    refused(home, "remove", TESTER, says="nobody is there to ask")


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1), ("", 1), ("\x03", 130)])
def test_remove_asks(home: Home, answer: str, code: int) -> None:
    home.credentials.write_text(f"[{TESTER}]\naws_access_key_id = AKIA\n")
    child = pexpect.spawn(str(AWSCTX), ["-d", TESTER], env=home.environ, cwd=home.folder, encoding="utf-8", timeout=30)
    child.expect_exact(f"Remove '{TESTER}', with the keys in ")
    child.send(answer if answer == "\x03" else answer + "\r")
    assert ended(child) == code, child.before
    assert (TESTER in home.config.read_text()) == (TESTER in home.credentials.read_text()) == (code != 0)


# --- all of them ---


@pytest.mark.parametrize(
    "call", [("add", "x", *NEW), ("copy", "role", "x"), ("rename", "keys", "x"), ("x=keys",), ("remove", "keys", "ci", "role")],
    ids=lambda call: call[0],
)  # fmt: skip
def test_dry_run_shows_the_diff_and_writes_nothing(keyed: Home, call: tuple[str, ...]) -> None:
    keyed.ok("keys")
    before = contents(keyed)
    done = keyed.run(*call, "--dry-run")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(("--- ", "+++ ")) and "\n@@ " in done.stdout
    assert "AKIA" not in done.stdout and "shh" not in done.stdout and "\x1b" not in done.stdout
    assert contents(keyed) == before
    assert not (keyed.aws / "config.lock").exists()


@pytest.mark.parametrize(("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_a_diff_is_coloured_on_a_terminal(home: Home, variables: dict[str, str], coloured: bool) -> None:
    environ = {**home.environ, **variables}
    out = pexpect.run(f"{AWSCTX} copy {TESTER} x --dry-run", env=environ, cwd=home.folder, timeout=30).decode()  # type: ignore[arg-type]
    assert ("\x1b[32m+[profile x]\x1b[0m" in out) == coloured
    assert "+[profile x]" in out


def test_mode_symlink_line_ends_and_final_newline_stay(home: Home) -> None:
    real = home.folder / "dotfiles"
    text = WALKTHROUGH.rstrip("\n").replace("\n", "\r\n")
    real.write_bytes(text.encode())
    real.chmod(0o444)
    home.config.unlink()
    home.config.symlink_to(real)
    home.ok("add", "x", *NEW)
    home.ok("rename", "x", "y")
    home.ok("remove", "y", "-y")
    assert home.config.is_symlink() and stat.S_IMODE(real.stat().st_mode) == 0o444
    assert real.read_bytes().decode() == text


def test_completion_of_the_names(home: Home) -> None:
    def offered(*words: str) -> list[str]:
        return [line.split("\t")[0] for line in home.ok("_complete", str(len(words) - 1), *words).splitlines()]

    for before in (["remove"], ["-d"], ["remove", TESTER], ["-d", "-y"], ["rename"], ["copy"], ["show"]):
        assert offered(*before, "worksso.d") == [DEVELOPER]
    assert offered("add", "x", "--session", "") == ["worksso"]
    assert offered("sync", "") == ["worksso", DEVELOPER, TESTER]
    assert "--dry-run" in offered("-d", "--")
