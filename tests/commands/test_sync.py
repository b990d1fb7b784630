"""`awsctx sync` through the installed command (awsctx(1), PROFILES)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.commands.granting import DEV, MADE, PROD, SESSION, Site, granting, settings, values

from awsctx.demo.standin import Account, Client


@pytest.fixture
def site(aws: Client, tmp_path: Path) -> Site:
    return granting(aws, tmp_path / "home")


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


def test_the_region_is_one_by_option_and_where_it_is_remembered(site: Site) -> None:
    done = site.sync("-y", "--region", "eu-north-7")
    assert done.stderr.count("awsctx: warning: botocore knows no region 'eu-north-7'") == 1
    assert values(site, "worksso.dev.admin")["region"] == "eu-north-7"
    site.configure('[sync.worksso]\nregion = "prod"\n')
    done = site.sync("-y", status=1)
    assert done.stderr.startswith("awsctx: ~/.config/awsctx/config.toml: [sync.worksso]: 'prod' is not a region\n")


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
