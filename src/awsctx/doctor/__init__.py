"""`awsctx doctor`: what is wrong here, where, what follows from it, and how to fix it (awsctx(1), KNOWING).

One check is one small function from a Subject to findings; `man awsctx` has one entry for each id. No check asks the
network, runs a credential_process, or tells a secret.

    subject.py      what the checks look at        aws_file.py   the AWS files line by line
    environment.py  variables                      parsing.py    the AWS files' form
    profiles.py     what the AWS files say         signins.py    token files
    values.py       regions, outputs, programs     pins.py       the folders' pins
    sdks.py         where SDKs disagree            finding.py    the result of a check
    machine.py      modes, state, config, hook     report.py     for a person at a terminal
"""

from collections.abc import Callable
from dataclasses import replace

from awsctx.doctor import environment, machine, parsing, pins, profiles, sdks, signins, values
from awsctx.doctor.finding import SEVERITIES, Finding, Findings
from awsctx.doctor.subject import Subject

__all__ = ["CHECKS", "Finding", "Subject", "examine"]

CHECKS: tuple[Callable[[Subject], Findings], ...] = (
    environment.keys,
    environment.web_identity,
    environment.default_profile,
    environment.bearer_token,
    environment.mcp_profiles,
    environment.set_by_hand,
    environment.unknown_profile,
    environment.empty_variable,
    environment.elsewhere,
    environment.regions,
    environment.region_overridden,
    parsing.readable,
    parsing.refused,
    parsing.sections,
    parsing.prefixed_sections,
    parsing.one_name_twice,
    parsing.swallowed_lines,
    parsing.comments_in_values,
    profiles.none,
    profiles.sso_sessions,
    profiles.sso_session_names,
    profiles.sso_profiles,
    profiles.sso_agreement,
    profiles.account_ids,
    profiles.like_contexts,
    profiles.kubeconfig_profiles,
    profiles.role_sources,
    profiles.web_identities,
    profiles.source_profiles,
    profiles.half_keys,
    profiles.unused_keys,
    values.regions,
    values.region_variables,
    values.outputs,
    values.programs,
    sdks.orders,
    sdks.names,
    environment.no_region,
    pins.unknown_profile,
    pins.not_counted,
    signins.torn,
    signins.torn_keys,
    signins.ended,
    signins.missing,
    signins.by_aws_login,
    signins.login_race,
    signins.modes,
    machine.modes,
    machine.own_modes,
    machine.own_state,
    machine.own_config,
    machine.unread_config,
    machine.set_in_startup,
    machine.hook,
    machine.rendered_hook,
    machine.commands,
    machine.old_aws,
)


# Checks of what a lock does not grant, or does not let a call use: other profiles, the state, the hook.
_OUTSIDE_LOCKS = frozenset((
    *(environment.set_by_hand, profiles.kubeconfig_profiles, signins.torn_keys, machine.own_modes, machine.own_state),
    *(machine.unread_config, machine.set_in_startup, machine.hook, machine.rendered_hook),
))  # fmt: skip


def examine(subject: Subject) -> list[Finding]:
    """All findings, the worst first; of the same severity, in the order of CHECKS. Under a lock only those about what it
    grants, and no command that it refuses."""
    lock = subject.world.lock
    checks = [check for check in CHECKS if lock is None or check not in _OUTSIDE_LOCKS]
    found = [finding for check in checks for finding in check(subject)]
    if lock is not None:
        found = [_under_lock(finding, lock.path) for finding in found]
    return sorted(found, key=lambda finding: SEVERITIES.index(finding.severity))


def _under_lock(finding: Finding, path: str) -> Finding:
    """``finding`` without a fix that the lock, whose file is at ``path``, does not let through."""
    if finding.where == path or finding.where.startswith(f"{path}:"):
        advice = "correct the AWS file that the lock was made from, and start the command anew"
        return replace(finding, fix="", advice=advice)
    if finding.fix.startswith("awsctx "):
        return replace(finding, fix="", advice=f"outside the lock: {finding.fix}")
    return finding
