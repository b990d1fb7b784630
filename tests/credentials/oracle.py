"""botocore's own answer to "which credentials?", with nothing run and nobody asked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

import botocore.session
from botocore import credentials as providers
from botocore.exceptions import BotoCoreError

from awsctx import credentials

END = "2099-01-01T00:00:00Z"
KEYS = {"access_key": "AKIA", "secret_key": "s", "token": None, "expiry_time": END, "account_id": "1"}
FROM_CONTAINER = {"AccessKeyId": "AKIA", "SecretAccessKey": "s", "Token": "t", "Expiration": END}
FROM_INSTANCE = {**KEYS, "role_name": "r"}


class Oracle:
    """A context manager: while it is open, credential processes, container and instance services and `aws login` tokens
    answer at once, so that a chain that leads to them is one that works."""

    def __init__(self) -> None:
        self._patches = ExitStack()

    def __enter__(self) -> Oracle:
        def instance(fetcher: Any) -> dict[str, Any]:
            return {} if fetcher._disabled else FROM_INSTANCE

        for target, name, answer in (
            (providers.ProcessProvider, "_retrieve_credentials_using", lambda *_: KEYS),
            (providers.ContainerMetadataFetcher, "retrieve_full_uri", lambda *_, **__: FROM_CONTAINER),
            (providers.InstanceMetadataFetcher, "retrieve_iam_role_credentials", instance),
            (providers.LoginCredentialFetcher, "load_cached_credentials", lambda *_: KEYS),
            (providers, "EC", object()),  # what `aws login` needs and botocore alone does not bring
        ):
            self._patches.enter_context(patch.object(target, name, answer))
        return self

    def __exit__(self, *_: object) -> None:
        self._patches.close()

    def method(self, environ: Mapping[str, str], profile: str | None = None) -> str:
        """botocore's method in ``environ`` (``profile``: named in the call), in awsctx's words: `none`, `error`."""
        with patch.dict(os.environ, environ, clear=True):
            try:
                # Without its event handlers a session is made five times faster, and they have no say here.
                found = botocore.session.Session(profile=profile, include_builtin_handlers=False).get_credentials()
            except (BotoCoreError, KeyError):
                return credentials.ERROR
        return credentials.NONE if found is None else str(found.method)
