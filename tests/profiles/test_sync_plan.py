"""The plan as a function: whatever is granted and whatever the files hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from awsctx.awsfiles import edit, verify
from awsctx.awsfiles.headers import CONFIG
from awsctx.errors import AwsctxError
from awsctx.profiles.sync_plan import name_for
from awsctx.profiles.sync_plan import plan as planned
from awsctx.profiles.sync_template import DEFAULT_TEMPLATE, plain
from awsctx.profiles.sync_values import MARK, Account, Options, Plan

ids = st.sampled_from(["1", "2", "3", "4"])
roles = st.sampled_from(["r", "s", "r s", "x\n", "../y"])
accounts = st.builds(
    Account,
    ids,
    st.sampled_from(["", "dev", "pr od", "p\x1b[31m"]),
    st.just("e@x"),
    st.lists(roles, unique=True).map(tuple),
    st.sampled_from(["", "", "", "no answer"]),
)
templates = st.sampled_from([DEFAULT_TEMPLATE, "{account_id}.{role}", "{role}@{account_id}"])
options = st.builds(
    Options, st.just("w"), templates, templates, st.sampled_from(["", "eu-west-1"]), st.just(""),
    st.sampled_from([(), ("r",), ("dev", "2")]), st.booleans(),
    st.sampled_from([frozenset(), frozenset({"w.dev.r", "1.r"}), frozenset({"mine"})]),
)  # fmt: skip
names = st.sampled_from(["w.dev.r", "1.r", "r@2", "mine", "w.1.r", "boss"])
marks = st.sampled_from(["", "awsctx_sync = w\n", "awsctx_sync = v\n"])
sources = st.sampled_from(["", "", "source_profile = 1.r\n", "source_profile = mine\n"])
stanzas = st.builds(
    lambda id, role, mark, source: f"# c\nsso_account_id = {id}\nsso_role_name = {role}\nown = key\n{mark}{source}",
    ids, st.sampled_from(["r", "s"]), marks, sources,
)  # fmt: skip
files = st.dictionaries(names, stanzas).map(
    lambda found: "[sso-session w]\n" + "".join(f"[profile {name}]\n{body}" for name, body in found.items())
)


def _is_outside(granted: list[Account], wanted: Options, values: Mapping[str, object]) -> bool:
    """Whether a profile's role is granted, and the filter is for others."""
    account = next((account for account in granted if account.id == values["sso_account_id"]), None)
    role = values["sso_role_name"]
    return account is not None and role in account.roles and not wanted.matches(account, str(role))


@given(st.lists(accounts, unique_by=lambda account: account.id), options, files)
def test_what_a_plan_does_and_what_it_never_does(granted: list[Account], wanted: Options, text: str) -> None:
    before, _ = verify.sections("f", text.encode(), CONFIG)
    try:
        plan = planned(granted, wanted, before, [])
    except AwsctxError as e:
        assert "two profiles would get the name" in e.message or "matches no account and no role" in e.message
        return
    after, _ = verify.sections("f", edit.apply(text, plan.ops, CONFIG).encode(), CONFIG)
    now = dict(after)
    for title, values in before:
        if values.get(MARK) != "w":  # whatever is not ours stays, but for the names that it follows
            followed = plan.renamed.get(str(values.get("source_profile")), values.get("source_profile"))
            assert now[title] == ({**values, "source_profile": followed} if followed else values)
        elif values["sso_account_id"] in {account.id for account in granted if account.trouble}:
            assert title[1] in {name for _, name in now}
        elif _is_outside(granted, wanted, values):
            assert now[title] == values
    pairs = [(values.get("sso_account_id"), values.get("sso_role_name")) for _, values in after]
    if not plan.troubles:
        for account in granted:
            for role in account.roles:
                if "\n" not in role and wanted.matches(account, role):
                    assert (account.id, role) in pairs
    assert len({title for title, _ in after}) == len(after)
    assert planned(granted, replace(wanted, previous=wanted.template, given=plan.given), after, []).ops == []


# --- an account that is renamed in AWS is the same account ---

NAMES = ["dev", "prod", "dév", "stage", "dev prod"]
numbered = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique_by=plain)
WANTED = Options("w", region="eu-west-1")


def granting(names: list[str]) -> list[Account]:
    return [Account(str(number), name, f"{name}@x", ("r", "s")) for number, name in enumerate(names)]


def synced(names: list[str], text: str, given: frozenset[str], **options: object) -> tuple[str, Plan]:
    """The file after one sync, and the plan."""
    before, _ = verify.sections("f", text.encode(), CONFIG)
    plan = planned(granting(names), replace(WANTED, given=given, **options), before, [])
    return edit.apply(text, plan.ops, CONFIG), plan


def pairs(text: str) -> dict[str, tuple[object, object]]:
    found, _ = verify.sections("f", text.encode(), CONFIG)
    return {name: (v.get("sso_account_id"), v.get("sso_role_name")) for (kind, name), v in found if kind == "profile"}


@given(numbered, st.data())
def test_the_profiles_of_renamed_accounts_are_renamed_whatever_names_they_change(names: list[str], data: st.DataObject) -> None:
    first, plan = synced(names, "[sso-session w]\n", frozenset())
    now = data.draw(st.lists(st.sampled_from(NAMES), min_size=len(names), max_size=len(names), unique_by=plain))
    second, plan = synced(now, first + "[profile chained]\nsource_profile = " + min(plan.given) + "\n", plan.given)
    assert not plan.troubles and not plan.added and not plan.pruned and not plan.changed
    expected = {
        name_for(DEFAULT_TEMPLATE, "w", account, role): (account.id, role) for account in granting(now) for role in "rs"
    }
    found = pairs(second)
    del found["chained"]
    assert found == expected and plan.given == set(expected)
    source = dict(verify.sections("f", second.encode(), CONFIG)[0])[("profile", "chained")]["source_profile"]
    assert pairs(second)[str(source)] == pairs(first)[min(pairs(first))]
    assert synced(now, second, plan.given)[1].ops == []


def test_two_accounts_that_change_names() -> None:
    first, plan = synced(["dev", "prod"], "[sso-session w]\n", frozenset())
    second, plan = synced(["prod", "dev"], first, plan.given)
    assert plan.renamed == {"w.dev.r": "w.prod.r", "w.prod.r": "w.dev.r", "w.dev.s": "w.prod.s", "w.prod.s": "w.dev.s"}
    assert pairs(second)["w.prod.r"] == ("0", "r") and pairs(second)["w.dev.s"] == ("1", "s")
    assert "~" not in second


def test_one_that_a_person_has_named_keeps_that_name() -> None:
    first, plan = synced(["dev"], "[sso-session w]\n", frozenset())
    own = first.replace("w.dev.r", "w.mine.r")  # it fits the template, too
    second, plan = synced(["prod"], own, plan.given)
    assert plan.renamed == {"w.dev.s": "w.prod.s"} and list(pairs(second)) == ["w.mine.r", "w.prod.s"]
    assert plan.kept == {"w.mine.r": "named by a person; the template says w.prod.r"}
    assert plan.described() == (
        "  renamed  w.dev.s -> w.prod.s\n  kept     w.mine.r  (named by a person; the template says w.prod.r)\n"
    )
    assert synced(["stage"], second, plan.given)[1].renamed == {"w.prod.s": "w.stage.s"}


def test_a_name_that_is_held_blocks_and_is_tried_again() -> None:
    first, plan = synced(["dev"], "[sso-session w]\n", frozenset())
    held = first + "[profile w.prod.r]\nregion = x\n"
    second, plan = synced(["prod"], held, plan.given)
    assert plan.troubles == ["left as it is: 'w.dev.r': there is a profile named 'w.prod.r' already"]
    _, plan = synced(["prod"], second.replace("[profile w.prod.r]", "[profile other]"), plan.given)
    assert plan.renamed == {"w.dev.r": "w.prod.r"} and not plan.troubles


def test_the_name_of_a_pruned_one_is_free() -> None:
    first, plan = synced(["dev", "prod"], "[sso-session w]\n", frozenset())
    now = [Account("1", "dev", "", ("r", "s"))]
    before, _ = verify.sections("f", first.encode(), CONFIG)
    kept = planned(now, replace(WANTED, given=plan.given), before, [])
    assert kept.renamed == {} and len(kept.troubles) == 2 and kept.kept["w.dev.r"] == "not granted any more"
    done = planned(now, replace(WANTED, given=plan.given, prune=True), before, [])
    assert done.renamed == {"w.prod.r": "w.dev.r", "w.prod.s": "w.dev.s"} and done.pruned == ["w.dev.r", "w.dev.s"]
    assert pairs(edit.apply(first, done.ops, CONFIG)) == {"w.dev.r": ("1", "r"), "w.dev.s": ("1", "s")}


def test_what_of_a_name_is_let_into_another() -> None:
    for text, expected in (
        ("müller", "muller"), ("ü", "u"), ("ü", "u"), ("Ångström AB", "Angstrom-AB"), (" a (b) ", "a-b"),
        ("東京 dev", "dev"), ("東京", ""), ("a東京b", "a-b"), ("--", ""), ("-a-", "a"), ("ﬁ", "fi"), ("a/́b", "a-b"),
    ):  # fmt: skip
        assert plain(text) == expected


@given(st.text())
def test_a_part_of_a_name_is_plain(text: str) -> None:
    made = plain(text)
    assert plain(made) == made and made == made.strip("-")
    assert all(letter.isascii() and (letter.isalnum() or letter in "._-") for letter in made)
