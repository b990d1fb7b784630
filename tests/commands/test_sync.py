"""`awsctx sync` through the installed command (awsctx(1), PROFILES)."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pexpect
import pytest
from tests.commands.granting import DEV, PROD, SESSION, Site, granting
from tests.signin.helpers import ended
from tests.support import AWSCTX

from awsctx.demo.standin import Account, Client

MADE = SESSION + "".join(
    f"[profile worksso.{name}]\nsso_session = worksso\nsso_account_id = {id}\nsso_role_name = {name.split('.')[1]}\n"
    "awsctx_sync = worksso\n"
    for name, id in (("dev.admin", DEV.id), ("dev.reader", DEV.id), ("prod.reader", PROD.id))
)


@pytest.fixture
def site(aws: Client, tmp_path: Path) -> Site:
    return granting(aws, tmp_path / "home")


def values(site: Site, name: str) -> dict[str, str]:
    return dict(json.loads(site.ok("show", "--json", "--", name))["profile"])


def settings(site: Site) -> dict[str, object]:
    return dict(tomllib.loads(site.settings.read_text(encoding="utf-8"))["sync"]["worksso"])


def test_a_profile_for_every_account_and_role(site: Site) -> None:
    done = site.sync("-y")
    assert done.stdout == "" and "3 added" in done.stderr
    assert site.config.read_text() == MADE
    assert settings(site) == {"name": "{session}.{account}.{role}"}
    before = site.config.stat()
    done = site.sync()
    assert done.stderr == "nothing to do\n"
    assert site.config.stat() == before


def test_dry_run_shows_the_diff_and_writes_nothing(site: Site) -> None:
    done = site.sync("--dry-run", "--name", "{role}@{account}", "--prune", "-y")
    assert done.stdout.startswith("--- ") and "+[profile admin@dev]\n" in done.stdout
    assert "3 added" in done.stderr
    assert site.config.read_text() == SESSION and not site.settings.exists()
    assert not (site.aws / "config.lock").exists()


def test_nobody_to_ask_writes_nothing(site: Site) -> None:
    done = site.sync(status=1)
    assert "nobody is there to ask" in done.stderr
    assert done.stderr.startswith("3 added in ~/.aws/config:\n  added    worksso.dev.admin  (account dev, role admin)\n")
    assert "+[profile" not in done.stderr
    done = site.sync("--diff", status=1)
    assert done.stderr.startswith("3 added in ") and "+[profile worksso.dev.admin]\n" in done.stderr
    assert site.config.read_text() == SESSION and not site.settings.exists()


def at_terminal(site: Site, *arguments: str, lines: int = 24, **variables: str) -> pexpect.spawn[str]:
    environ = {**site.environ, **variables}
    return pexpect.spawn(
        str(AWSCTX), ["sync", *arguments], env=environ, cwd=site.folder, encoding="utf-8", timeout=30, dimensions=(lines, 80)
    )  # fmt: skip


REGION = "Region of the profiles (- for none) [eu-west-1]: "


@pytest.mark.parametrize(("answer", "code"), [("y\r", 0), ("n\r", 1), ("\x03", 130)])
def test_a_person_sees_what_is_done_and_is_asked(site: Site, answer: str, code: int) -> None:
    child = at_terminal(site, "--diff", lines=60)
    child.expect_exact(REGION)
    child.send("-\r")
    child.expect_exact("accounts ")  # the bar
    child.expect_exact("3 added in ~/.aws/config:\r\n  added    worksso.dev.admin  (account dev, role admin)\r\n")
    child.expect_exact("\x1b[32m+[profile worksso.dev.admin]\x1b[0m")
    child.expect_exact("Write this? [y/N] ")
    child.send(answer)
    assert ended(child) == code
    assert site.config.read_text() == (MADE if code == 0 else SESSION)
    assert not site.settings.exists() or settings(site) == {"name": "{session}.{account}.{role}", "region": ""}


def test_where_the_config_changes_during_the_question_the_hint_repeats_the_call(site: Site) -> None:
    site.configure('[sync.worksso]\nregion = "eu-west-1"\n')
    for typed, repeated in (
        (["worksso", "--region", "eu-west-3", "--match", "dev*"], "--region eu-west-3 --match 'dev*' worksso"),
        (["--region", ""], "--region '' worksso"),
    ):
        child = at_terminal(site, *typed)
        if "" in typed:
            child.expect_exact(REGION)
            child.send("-\r")
        child.expect_exact("Write this? [y/N] ")
        site.config.write_text(site.config.read_text() + MADE[len(SESSION) :].partition("[profile worksso.dev.reader]")[0])
        child.send("y\r")
        assert ended(child) == 1
        assert f"look at it again: awsctx sync {repeated}\r\n" in child.before
        site.config.write_text(SESSION)


@pytest.mark.parametrize(("typed", "region"), [(["\r"], "eu-west-1"), (["eu-wset-3\r", "eu-west-3\r"], "eu-west-3")])
def test_a_person_is_asked_for_a_region_once(site: Site, typed: list[str], region: str) -> None:
    child = at_terminal(site)
    for answer in typed:
        child.expect_exact(REGION)
        child.send(answer)
    assert len(typed) == 1 or "'eu-wset-3' is not a region; did you mean: " in child.before
    child.expect_exact("Write this? [y/N] ")
    child.send("y\r")
    assert ended(child) == 0
    assert values(site, "worksso.dev.admin")["region"] == region and settings(site)["region"] == region
    child = at_terminal(site)
    child.expect_exact("nothing to do")
    assert ended(child) == 0 and "Region" not in child.before


def test_the_region_is_one_by_option_and_where_it_is_remembered(site: Site) -> None:
    done = site.sync("-y", "--region", "eu-north-7")
    assert done.stderr.count("awsctx: warning: botocore knows no region 'eu-north-7'") == 1
    assert values(site, "worksso.dev.admin")["region"] == "eu-north-7"
    site.configure('[sync.worksso]\nregion = "prod"\n')
    done = site.sync("-y", status=1)
    assert done.stderr.startswith("awsctx: ~/.config/awsctx/config.toml: [sync.worksso]: 'prod' is not a region\n")


def test_what_is_longer_than_the_terminal_goes_through_the_pager(site: Site) -> None:
    site.configure('[sync.worksso]\nregion = "eu-west-1"\n')
    kept = site.folder / "paged"
    pager = f"sh -c 'cat >{kept}; echo \"paged $LESS\"'"
    child = at_terminal(site, PAGER=pager)
    child.expect_exact("  added    worksso.prod.reader  (account prod, role reader)\r\n")
    child.expect_exact("Write this? [y/N] ")
    child.send("n\r")
    assert ended(child) == 1 and not kept.exists(), "it fits"
    child = at_terminal(site, lines=4, PAGER=pager)
    child.expect_exact("paged FRX\r\n")
    child.expect_exact("Write this? [y/N] ")
    child.send("n\r")
    assert ended(child) == 1
    assert kept.read_text().startswith("3 added in ~/.aws/config:\n  added    worksso.dev.admin")
    for no_pager in ("", "cat", "there-is-none", "'"):
        child = at_terminal(site, lines=4, PAGER=no_pager)
        child.expect_exact("  added    worksso.prod.reader  (account prod, role reader)\r\n")
        child.send("n\r")
        assert ended(child) == 1
    assert "paged" not in site.sync(status=1, env={"PAGER": pager}).stderr
    child = at_terminal(site, "--dry-run", lines=4, PAGER=pager)
    child.expect_exact("paged FRX\r\n")
    assert ended(child) == 0 and "+[profile worksso.dev.admin]" in kept.read_text()


def test_an_account_renamed_in_aws_is_the_same_account(site: Site) -> None:
    site.sync("-y")
    site.ok("worksso.dev.reader@eu-west-3")
    site.ok("worksso.dev.admin")
    site.ok("rename", "worksso.prod.reader", "worksso.production.reader")  # by a person, and like one of the template's
    with site.config.open("a") as file:
        file.write("[profile chained]\nsource_profile = worksso.dev.reader\n")
    kube = site.folder / "kube"
    kube.write_text(
        "users:\n- name: eks\n  user:\n    exec:\n      env:\n      - name: AWS_PROFILE\n        value: worksso.dev.admin\n"
    )
    site.grant(Account(DEV.id, "Developers (old)", DEV.roles), Account(PROD.id, "live", PROD.roles))
    done = site.sync("-y", env={"KUBECONFIG": str(kube)})
    assert "  renamed  worksso.dev.admin -> worksso.Developers-old.admin\n" in done.stderr
    assert "  kept     worksso.production.reader  (named by a person; the template says worksso.live.reader)\n" in done.stderr
    assert "~/kube:7: AWS_PROFILE of the user 'eks' still names 'worksso.dev.admin': change it there" in done.stderr
    assert done.stderr.startswith("2 renamed, 1 kept in ") and "added" not in done.stderr
    assert site.names() == [
        "worksso.Developers-old.admin", "worksso.Developers-old.reader", "worksso.production.reader", "chained",
    ]  # fmt: skip
    assert values(site, "chained")["source_profile"] == "worksso.Developers-old.reader"
    assert site.ok("history") == "worksso.Developers-old.admin\nworksso.Developers-old.reader@eu-west-3\n"
    assert site.sync().stderr == "nothing to do\n"


def test_two_accounts_change_names(site: Site) -> None:
    site.grant(DEV, Account(PROD.id, "prod", ("admin", "reader")))
    site.sync("-y")
    site.ok("worksso.dev.admin")
    site.grant(Account(DEV.id, "prod", DEV.roles), Account(PROD.id, "dev", ("admin", "reader")))
    assert "4 renamed" in site.sync("-y").stderr
    assert site.ok("-c") == "worksso.prod.admin\n"
    for name, id in (("prod", DEV.id), ("dev", PROD.id)):
        for role in DEV.roles:
            its = values(site, f"worksso.{name}.{role}")
            assert (its["sso_account_id"], its["sso_role_name"]) == (id, role)
    assert site.sync().stderr == "nothing to do\n"


def test_the_names_given_are_kept_beside_the_state_and_a_damaged_file_knows_none(site: Site) -> None:
    site.sync("-y")
    kept = site.state.parent / "sync.json"
    assert json.loads(kept.read_text()) == {"worksso": ["worksso.dev.admin", "worksso.dev.reader", "worksso.prod.reader"]}
    assert kept.stat().st_mode & 0o777 == 0o600
    kept.write_text('{"worksso": 1, "x"')
    site.grant(DEV, Account(PROD.id, "live", PROD.roles))
    assert site.sync("-y").stderr == "nothing to do\n"  # as if a person had named it
    assert site.names()[-1] == "worksso.prod.reader"


def test_options_are_remembered_and_the_configs_comments_stay(site: Site) -> None:
    site.configure('# my guard\nguard = ["*prod*"] # all\n\n[sync.worksso] # here\nname = "{role}.{account}"  # short\n')
    site.sync("-y", "--region", "eu-west-3", "--output", "text", "--match", "prod", "--match", "adm*")
    assert site.names() == ["admin.dev", "reader.prod"]
    assert values(site, "reader.prod") == {
        "sso_session": "worksso", "sso_account_id": PROD.id, "sso_role_name": "reader",
        "region": "eu-west-3", "output": "text", "awsctx_sync": "worksso",
    }  # fmt: skip
    assert site.settings.read_text() == (
        '# my guard\nguard = ["*prod*"] # all\n\n[sync.worksso] # here\nname = "{role}.{account}"  # short\n'
        'region = "eu-west-3"\noutput = "text"\nmatch = ["prod", "adm*"]\n'
    )
    assert "nothing to do" in site.sync().stderr
    site.sync("-y", "--match", "*")
    assert values(site, "reader.dev")["region"] == "eu-west-3"
    assert settings(site)["match"] == ["*"]


def test_another_template_renames_what_the_one_before_has_named(site: Site) -> None:
    site.sync("-y")
    site.ok("use", "worksso.dev.admin")
    site.ok("rename", "worksso.prod.reader", "mine")
    with site.config.open("a") as file:
        file.write("[profile chained]\nsource_profile = worksso.dev.reader\n")
    site.credentials.write_text("[also]\nsource_profile = worksso.dev.reader\n")
    site.sync("-y", "--name", "{account}/{role}")
    assert site.names() == ["dev/admin", "dev/reader", "mine", "chained", "also"]
    assert values(site, "chained")["source_profile"] == values(site, "also")["source_profile"] == "dev/reader"
    assert site.active() == "dev/admin"
    assert "nothing to do" in site.sync().stderr


def test_what_a_person_wrote_is_left_alone_and_not_doubled(site: Site) -> None:
    own = f"[profile boss]\nsso_session = worksso\nsso_account_id = {DEV.id}\nsso_role_name = admin\n"
    site.config.write_text(SESSION + own + own.replace("boss", "chief"))
    done = site.sync("-y")
    assert "written by hand, and left alone: boss, chief\n" in done.stderr
    assert site.names() == ["boss", "chief", "worksso.dev.reader", "worksso.prod.reader"]
    assert own in site.config.read_text()


@pytest.mark.parametrize("where", ["config", "credentials", "another session's"])
def test_a_name_that_is_held_is_left_out_and_named(site: Site, where: str) -> None:
    held = {
        "config": "[profile worksso.dev.admin]\nregion = x\n",
        "credentials": "[worksso.dev.admin]\naws_access_key_id = AKIA\n",
        "another session's": "[profile worksso.dev.admin]\nawsctx_sync = other\nregion = x\n",
    }[where]
    path = site.credentials if where == "credentials" else site.config
    path.write_text((path.read_text() if path.exists() else "") + held)
    done = site.sync("-y", "--prune", status=1)
    assert "awsctx: left out: 'admin' in 111111111111: the name 'worksso.dev.admin' is in use\n" in done.stderr
    assert held in path.read_text()
    assert set(site.names()) == {"worksso.dev.admin", "worksso.dev.reader", "worksso.prod.reader"}
    assert "awsctx: left out" in site.sync(status=1).stderr


def test_two_with_one_name_is_an_error_before_anything_is_written(site: Site) -> None:
    site.grant(Account("1", "a b", ("r",)), Account("2", "a/b", ("r",)))
    done = site.sync("-y", status=1)
    assert done.stderr.startswith("awsctx: two profiles would get the name 'worksso.a-b.r': 'r' in a b (1) and 'r' in a/b (2)")
    assert site.config.read_text() == SESSION and not site.settings.exists()
    site.sync("-y", "--name", "{account}.{account_id}.{role}")
    assert site.names() == ["a-b.1.r", "a-b.2.r"]


def test_the_users_own_keys_in_a_generated_profile_stay(site: Site) -> None:
    site.sync("-y")
    own = "# slow\nmax_attempts = 9\nregion = r1\n"
    site.config.write_text(site.config.read_text().replace("sso_role_name = admin\n", "sso_role_name = admin\n" + own))
    assert "nothing to do" in site.sync().stderr
    site.sync("-y", "--region", "eu-west-1")
    assert values(site, "worksso.dev.admin")["max_attempts"] == "9"
    assert values(site, "worksso.dev.admin")["region"] == "eu-west-1"
    assert "# slow\n" in site.config.read_text()


def test_prune_removes_what_is_not_granted_any_more(site: Site) -> None:
    site.sync("-y")
    own = "[profile own]\nsso_session = worksso\nsso_account_id = 9\nsso_role_name = r\n"
    with site.config.open("a") as file:
        file.write(own + "[profile chained]\nsource_profile = worksso.prod.reader\n")
    site.grant(Account("111111111111", "dev", ("admin",)))
    done = site.sync()
    assert "nothing to do" in done.stderr
    assert "not granted any more: worksso.dev.reader, worksso.prod.reader; to remove them: --prune" in done.stderr
    done = site.sync("-y", "--prune")
    assert "kept: 'worksso.prod.reader': chained has it as source_profile" in done.stderr
    assert site.names() == ["worksso.dev.admin", "worksso.prod.reader", "own", "chained"]
    assert own in site.config.read_text()


@pytest.mark.parametrize(
    "spelling", ["[sync]\nworksso.region = 'eu-west-1'\n", "[sync]\nworksso = {region = 'eu-west-1'} # x\n"]
)
def test_a_table_without_a_header_of_its_own_remembers_too(site: Site, spelling: str) -> None:
    site.configure(spelling)
    done = site.sync("-y", "--name", "{account}.{role}")
    assert "warning" not in done.stderr and "remembered in " in done.stderr
    assert settings(site) == {"region": "eu-west-1", "name": "{account}.{role}"}
    assert site.sync().stderr == "nothing to do\n"


def test_the_state_follows_what_is_pruned(site: Site) -> None:
    site.sync("-y")
    site.ok("worksso.dev.admin")
    site.ok("worksso.prod.reader")
    site.ok("worksso.dev.reader@eu-west-3")
    site.credentials.write_text("[worksso.prod.reader]\naws_access_key_id = AKIA\n")
    site.grant(Account("111111111111", "dev", ("admin",)))
    assert "was the active profile" not in site.sync("--prune", "--dry-run").stderr
    assert site.ok("-c") == "worksso.dev.reader@eu-west-3\n"
    done = site.sync("-y", "--prune", env={"AWS_PROFILE": "worksso.dev.reader"})
    assert (
        "2 removed\n'worksso.dev.reader' was the active profile: no context is active now\nnote: AWS_PROFILE in this shell"
        in done.stderr
    )
    assert site.run("-c").returncode == 1
    assert site.ok("history") == "worksso.prod.reader\nworksso.dev.admin\n"  # the one that has keys is still there


def test_an_account_of_the_same_name_takes_the_profile_over(site: Site) -> None:
    site.sync("-y")
    site.grant(Account("333333333333", "dev", ("admin", "reader")), PROD)
    assert "2 changed" in site.sync("-y").stderr
    assert values(site, "worksso.dev.admin")["sso_account_id"] == "333333333333"


@pytest.mark.parametrize("arguments", [("-y",), ("-y", "--prune")], ids=" ".join)
def test_what_is_outside_of_the_filter_is_still_granted_and_stays(site: Site, arguments: tuple[str, ...]) -> None:
    site.sync("-y")
    done = site.sync("--match", "prod", *arguments)
    assert done.stderr.startswith("note: outside of --match, and kept: 2 profiles\n") and "not granted" not in done.stderr
    assert len(site.names()) == 3
    site.sync(*arguments)  # the filter is remembered
    assert len(site.names()) == 3
    site.grant(DEV)  # the rest is granted no longer, though the filter is for it
    assert site.sync(*arguments, status=1).stderr.startswith("awsctx: --match 'prod' matches no account and no role that ")
    site.grant(Account(DEV.id, "dev", ("admin",)), PROD)
    done = site.sync(*arguments)
    assert ("not granted any more: worksso.dev.reader" in done.stderr) == ("--prune" not in arguments)
    assert ("worksso.dev.reader" in site.names()) == ("--prune" not in arguments)


def test_a_filter_that_matches_nothing_is_an_error_before_anything_is_written(site: Site) -> None:
    done = site.sync("-y", "--match", "Dev", "--match", "x*", "--prune", status=1)
    assert done.stderr.splitlines() == [
        "awsctx: --match 'Dev', 'x*' matches no account and no role that the session 'worksso' grants",
        "  name accounts (by name or id) or roles, case counts: --match 'prod*'; or lift the filter: --match '*'",
        "  nothing has been written",
    ]
    assert site.config.read_text() == SESSION and not site.settings.exists()


def test_an_empty_region_is_forgotten_and_asked_for_again(site: Site) -> None:
    site.configure('# mine\n[sync.worksso]\nregion = "eu-west-3"  # far\noutput = "text"\n\n# the end\n')
    done = site.sync("-y", "--region", "", "--output", "")
    assert "forgotten in ~/.config/awsctx/config.toml: region, output\n" in done.stderr
    assert settings(site) == {"name": "{session}.{account}.{role}"}
    assert site.settings.read_text().startswith("# mine\n") and site.settings.read_text().endswith("# the end\n")
    assert "region" not in values(site, "worksso.dev.admin")
    assert site.sync("-y", "--region", "").stderr == "nothing to do\n"
    site.sync("-y", "--region", "eu-west-1")
    for arguments in (["--region", ""], []):
        child = at_terminal(site, *arguments)
        if arguments:
            child.expect_exact(REGION)
            child.send("-\r")
        child.expect_exact("remembered in ~/.config/awsctx/config.toml: region" if arguments else "nothing to do")
        assert ended(child) == 0 and "Region" not in child.before
    assert settings(site)["region"] == ""


@pytest.mark.parametrize("where", ["option", "own config"])
def test_the_output_is_one_that_aws_knows(site: Site, where: str) -> None:
    if where == "option":
        done = site.sync("-y", "--output", "jsn", status=1)
        assert done.stderr == "awsctx: 'jsn' is not an output format\n  did you mean: json\n"
    else:
        site.configure('[sync.worksso]\noutput = "bogus"\n')
        done = site.sync("-y", status=1)
        assert done.stderr.startswith(
            "awsctx: ~/.config/awsctx/config.toml: [sync.worksso]: 'bogus' is not an output format\n  it is one of: json, "
        )
    assert site.config.read_text() == SESSION


def test_an_account_that_could_not_be_read(site: Site, aws: Client) -> None:
    site.sync("-y")
    site.grant(DEV, PROD, Account("333333333333", "new", ("r",)))
    before = site.config.read_text()
    refusal = {"operation": "ListAccountRoles", "kind": "status", "status": 403, "skip": 0, "times": 1}
    aws.control(faults=[refusal])
    done = site.sync("-y", "--prune", status=1)
    assert "awsctx: could not read " in done.stderr and "profiles stay as they are" in done.stderr
    assert site.config.read_text().startswith(before)  # whichever it was, nothing of the others is gone
    aws.control(faults=[{**refusal, "times": None}])
    done = site.sync("-y", "--prune", status=1)
    assert "the roles of no account could be read" in done.stderr
    assert site.config.read_text().startswith(before)


def test_which_session(site: Site) -> None:
    assert "no session and no profile named 'gone'" in site.sync("gone", status=1).stderr
    other = "[sso-session other]\nsso_start_url = https://other.awsapps.com/start\nsso_region = eu-west-1\n"
    site.config.write_text(SESSION + other)
    assert "several sessions: worksso, other" in site.sync("-y", status=1).stderr
    several = site.sync("--name", "{role} {account}", "--match", "-x", "--prune", status=1).stderr
    assert several.endswith("name one: awsctx sync --name '{role} {account}' --match=-x --prune worksso\n")
    site.sync("worksso", "-y")
    assert len(site.names()) == 3
    site.sync("worksso.dev.admin", "--dry-run")
    assert "`.` is the context in force, and there is none" in site.sync(".", status=1).stderr
    site.ok("worksso.dev.admin")
    assert site.sync(".").stderr == "nothing to do\n"
    with site.config.open("a") as file:
        file.write("[profile old]\nsso_start_url = https://old.awsapps.com/start\nsso_region = eu-west-1\n")
        file.write("sso_account_id = 1\nsso_role_name = r\n")
    assert "'old' signs in by a start URL of its own, not a session\n" in site.sync("old", status=1).stderr
    site.config.write_text("")
    assert "awsctx setup" in site.sync(status=1).stderr


@pytest.mark.parametrize("template", ["{accountt}", "all", "{role", "role}", "{role.x}", "{0}", "{role!r}", "{role}\x1b[31m"])
def test_a_template_that_is_none(site: Site, template: str) -> None:
    assert "\x1b" not in site.sync("-y", "--name", template, status=2).stderr
    assert site.config.read_text() == SESSION


def test_fields_of_a_name(site: Site) -> None:
    site.grant(Account("7", "", ("r s",), "a@b.example"), Account("8", "ä\u00a0ö", ("r",), ""))
    site.sync("-y", "--name", "{session}/{account}/{account_id}/{role}/{email}")
    assert site.names() == ["worksso/7/7/r-s/a-b.example", "worksso/a-o/8/r/8"]


def test_whatever_the_portal_says_is_data(site: Site) -> None:
    site.grant(
        Account("1", "$(touch pwned)", ("$(id)",), "`id`\n[profile pwned]"),
        Account("2", "../../etc", ("%F{red}", "be\x07ll")),
        Account("3", "[profile x]\nregion = nowhere", ("a=b;c#d", "ünï")),
        Account("4", "bell\x07 escape\x1b[31m", ("-x", " padded ")),
    )
    for arguments in (["--dry-run"], ["-y"], []):
        done = site.sync("--name", "{account}.{role}.{email}", *arguments)
        talk = done.stdout + done.stderr
        assert not {"\x07", "\x1b"} & set(talk)
        assert r"left out: the role 'be\x07ll' of ../../etc (2)" in talk
        assert "left out: the role ' padded ' of " in talk
    assert site.names() == [
        "touch-pwned.id.id-profile-pwned", "..-..-etc.F-red.2", "profile-x-region-nowhere.a-b-c-d.3",
        "profile-x-region-nowhere.uni.3", "bell-escape-31m.x.4",
    ]  # fmt: skip
    assert values(site, "..-..-etc.F-red.2")["sso_role_name"] == "%F{red}"
    assert values(site, "profile-x-region-nowhere.a-b-c-d.3")["sso_role_name"] == "a=b;c#d"
    assert not list(site.folder.rglob("pwned"))


# --- the sign-in ---


def test_without_a_token_it_says_how_to_sign_in(site: Site, aws: Client) -> None:
    aws.control(end_tokens=True, end_refreshes=True)
    assert "awsctx login worksso" in site.sync("-y", status=3).stderr  # the portal has ended what looked good
    for token in (site.aws / "sso" / "cache").glob("*.json"):
        token.unlink()
    done = site.sync("-y", status=3)
    assert done.stderr.startswith("awsctx: session 'worksso' needs a sign-in") and "awsctx login worksso" in done.stderr
    assert site.config.read_text() == SESSION


def test_on_a_terminal_it_offers_to_sign_in(site: Site, aws: Client) -> None:
    for token in (site.aws / "sso" / "cache").glob("*.json"):
        token.unlink()
    aws.control(device=1)
    environ = {**site.environ, "SSH_CONNECTION": "1 2 3 4"}  # the device code, which the stand-in approves by itself
    child = pexpect.spawn(str(AWSCTX), ["sync", "-y"], env=environ, cwd=site.folder, encoding="utf-8", timeout=30)
    child.expect_exact("session 'worksso' needs a sign-in. Sign in now? [Y/n] ")
    child.send("y\r")
    child.expect_exact("3 added")
    assert ended(child) == 0
    assert site.config.read_text() == MADE
