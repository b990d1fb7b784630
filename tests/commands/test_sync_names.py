"""The names that `awsctx sync` gives, and which it changes or leaves to the user (awsctx(1), PROFILES)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.commands.granting import DEV, PROD, SESSION, Site, granting, values

from awsctx.demo.standin import Account, Client


@pytest.fixture
def site(aws: Client, tmp_path: Path) -> Site:
    return granting(aws, tmp_path / "home")


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


def test_an_account_of_the_same_name_takes_the_profile_over(site: Site) -> None:
    site.sync("-y")
    site.grant(Account("333333333333", "dev", ("admin", "reader")), PROD)
    assert "2 changed" in site.sync("-y").stderr
    assert values(site, "worksso.dev.admin")["sso_account_id"] == "333333333333"


@pytest.mark.parametrize("template", ["{accountt}", "all", "{role", "role}", "{role.x}", "{0}", "{role!r}", "{role}\x1b[31m"])
def test_a_template_that_is_none(site: Site, template: str) -> None:
    assert "\x1b" not in site.sync("-y", "--name", template, status=2).stderr
    assert site.config.read_text() == SESSION


def test_fields_of_a_name(site: Site) -> None:
    site.grant(Account("7", "", ("r s",), "a@b.example"), Account("8", "ä\u00a0ö", ("r",), ""))
    site.sync("-y", "--name", "{session}/{account}/{account_id}/{role}/{email}")
    assert site.names() == ["worksso/7/7/r-s/a-b.example", "worksso/a-o/8/r/8"]
