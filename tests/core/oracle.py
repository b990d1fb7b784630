"""botocore's own answer to "which credentials?", with nothing run and nobody asked."""

from __future__ import annotations

import functools
import os
import pickle
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

import botocore.session
from botocore import configloader
from botocore import credentials as providers
from botocore.exceptions import BotoCoreError

from awsctx.core import credentials

END = "2099-01-01T00:00:00Z"
KEYS = {"access_key": "AKIA", "secret_key": "s", "token": None, "expiry_time": END, "account_id": "1"}
FROM_CONTAINER = {"AccessKeyId": "AKIA", "SecretAccessKey": "s", "Token": "t", "Expiration": END}
FROM_INSTANCE = {**KEYS, "role_name": "r"}


def _parsed_once() -> Callable[..., Any]:
    """botocore's parser, asked once for each file; each caller gets a copy of its own, as it expects."""
    real = configloader.raw_config_parse
    parse = functools.cache(lambda *arguments: pickle.dumps(real(*arguments)))
    return lambda *arguments: pickle.loads(parse(*arguments))


class Oracle:
    """A context manager: while it is open, credential processes, container and instance services and `aws login` tokens
    answer at once, so that a chain that leads to them is one that works.

    ``same_files``: the files do not change meanwhile, so that botocore need not parse them four times per question.
    """

    def __init__(self, *, same_files: bool = False) -> None:
        self._patches = ExitStack()
        self._same_files = same_files

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
        if self._same_files:
            self._patches.enter_context(patch.object(configloader, "raw_config_parse", _parsed_once()))
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
