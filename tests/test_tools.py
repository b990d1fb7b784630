"""What installs aws and jq on each system."""

from __future__ import annotations

from pathlib import Path

import pytest

from awsctx.tools import how_to_get


@pytest.mark.parametrize(
    ("manager", "aws", "jq"),
    [
        ("brew", "brew install awscli", "brew install jq"),
        ("apt-get", "sudo apt-get install awscli", "sudo apt-get install jq"),
        ("dnf", "sudo dnf install awscli2", "sudo dnf install jq"),
        ("", "see https://docs.aws.amazon.com/cli/", "see https://jqlang.org/download"),
    ],
)
def test_by_the_package_manager_that_is_here(manager: str, aws: str, jq: str) -> None:
    def which(command: str) -> str | None:
        return command if command == manager else None

    assert how_to_get("aws", root=False, which=which, os_release="/nowhere").startswith(aws)
    assert how_to_get("jq", root=False, which=which) == jq
    assert how_to_get("jq", root=True, which=which) == jq.removeprefix("sudo ")


def test_ubuntu_has_aws_as_a_snap(tmp_path: Path) -> None:
    (tmp_path / "os-release").write_text("NAME=Ubuntu\nID=ubuntu\n")
    how = how_to_get(
        "aws",
        root=True,
        which=lambda command: command if command == "apt-get" else None,
        os_release=str(tmp_path / "os-release"),
    )
    assert how == "snap install aws-cli --classic"
