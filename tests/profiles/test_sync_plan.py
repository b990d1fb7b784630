"""The plan as a function: whatever is granted and whatever the files hold."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from awsctx.awsfiles import edit, verify
from awsctx.awsfiles.headers import CONFIG
from awsctx.errors import AwsctxError
from awsctx.profiles import sync_plan as sync

ids = st.sampled_from(["1", "2", "3", "4"])
roles = st.sampled_from(["r", "s", "r s", "x\n", "../y"])
accounts = st.builds(
    sync.Account,
    ids,
    st.sampled_from(["", "dev", "pr od", "p\x1b[31m"]),
    st.just("e@x"),
    st.lists(roles, unique=True).map(tuple),
    st.sampled_from(["", "", "", "no answer"]),
)
templates = st.sampled_from([sync.DEFAULT_TEMPLATE, "{account_id}.{role}", "{role}@{account_id}"])
options = st.builds(
    sync.Options, st.just("w"), templates, templates, st.sampled_from(["", "eu-west-1"]), st.just(""),
    st.sampled_from([(), ("r",), ("dev", "2")]), st.booleans(),
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


@given(st.lists(accounts, unique_by=lambda account: account.id), options, files)
def test_what_a_plan_does_and_what_it_never_does(granted: list[sync.Account], wanted: sync.Options, text: str) -> None:
    before, _ = verify.sections("f", text.encode(), CONFIG)
    try:
        plan = sync.plan(granted, wanted, before, [])
    except AwsctxError as e:
        assert "two would get the name" in e.message
        return
    after, _ = verify.sections("f", edit.apply(text, plan.ops, CONFIG).encode(), CONFIG)
    now = dict(after)
    for title, values in before:
        if values.get(sync.MARK) != "w":  # whatever is not ours stays, but for the names that it follows
            followed = plan.renamed.get(str(values.get("source_profile")), values.get("source_profile"))
            assert now[title] == ({**values, "source_profile": followed} if followed else values)
        elif values["sso_account_id"] in {account.id for account in granted if account.trouble}:
            assert title[1] in {name for _, name in now}
    pairs = [(values.get("sso_account_id"), values.get("sso_role_name")) for _, values in after]
    if not plan.troubles:
        for account in granted:
            for role in account.roles:
                if "\n" not in role and wanted.matches(account, role):
                    assert (account.id, role) in pairs
    assert len({title for title, _ in after}) == len(after)
    assert sync.plan(granted, replace(wanted, previous=wanted.template), after, []).ops == []
