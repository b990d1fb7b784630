"""What the checks look at: the world, the two AWS files line by line, and the context in force."""

import os
import shutil
from functools import cached_property
from typing import Any

from awsctx import shells
from awsctx.awsfiles import grammar, names
from awsctx.awsfiles.document import Option, Section
from awsctx.awsfiles.grammar import account_and_role
from awsctx.awsfiles.headers import cannot_be_written
from awsctx.core import credentials, javascript
from awsctx.core.in_force import InForce
from awsctx.core.text import RENAME_BY_HAND, in_brackets, visible
from awsctx.doctor.aws_file import AwsFile, read_file
from awsctx.errors import AwsctxError, TimeOver
from awsctx.store import paths
from awsctx.world import World

JAVASCRIPT = "AWS SDK for JavaScript v3"


class Subject:
    """``person``: there is a user at a terminal, so checks that matter only to people (the hook, a missing `aws`) count."""

    def __init__(self, world: World, *, person: bool = False) -> None:
        self.world = world
        self.environ = world.environ
        self.person = person
        self.time_over = ""  # what is said where the time of the active context has ended

    # --- the files ----------------------------------------------------------------------------------------------------

    @cached_property
    def config(self) -> AwsFile:
        return read_file(names.config_path(self.environ))

    @cached_property
    def credentials(self) -> AwsFile:
        return read_file(names.credentials_path(self.environ))

    @cached_property
    def profiles(self) -> dict[str, dict[str, Any]]:
        """{profile: its values in both files, merged as botocore does}, as far as the files can be read. Under a lock also the
        sources of the granted profiles."""
        found = {name: self.world.files.profile(name) or {} for name in self.world.files.names()}
        for values in list(found.values()) if self.world.lock is not None else ():
            while (source := grammar.text_of(values, "source_profile")) and source not in found:
                values = found[source] = self.world.files.profile(source) or {}
        return found

    @cached_property
    def sessions(self) -> dict[str, dict[str, Any]]:
        return {name: self.world.files.session(name) or {} for name in self.world.files.sessions()}

    @cached_property
    def _sections(self) -> dict[tuple[str, str], list[tuple[AwsFile, Section]]]:
        """{(kind, name): its places in the files}; the last place counts."""
        found: dict[tuple[str, str], list[tuple[AwsFile, Section]]] = {}
        for section in self.config.sections:
            meaning = grammar.meaning(section.header)
            if meaning is not None:
                found.setdefault(meaning, []).append((self.config, section))
        for section in self.credentials.sections:
            found.setdefault((grammar.PROFILE, section.header), []).append((self.credentials, section))
        return found

    def find(self, kind: str, name: str, key: str) -> tuple[AwsFile, Option] | None:
        """Where the value that counts is written. None where no section has the key itself: [DEFAULT] may have it."""
        for file, section in reversed(self._sections.get((kind, name), [])):
            option = section.option(key)
            if option is not None:
                return file, option
        return None

    def where(self, name: str, *keys: str, kind: str = grammar.PROFILE) -> str:
        """`FILE:LINE` of the first of ``keys`` that the profile (or session) has, else of its header."""
        for key in keys:
            found = self.find(kind, name, key)
            if found is not None:
                return found[0].at(found[1].line)
        places = self._sections.get((kind, name))
        return places[0][0].at(places[0][1].line) if places else self.config.path

    # --- what is in force ---------------------------------------------------------------------------------------------

    @cached_property
    def in_force(self) -> InForce | None:
        """The context in force; None where there is none, or where its source is wrong, which other checks report."""
        try:
            return self.world.in_force()
        except TimeOver as e:
            self.time_over = e.message
        except AwsctxError:
            pass
        return None

    @property
    def profile(self) -> str:
        """The profile in force, or empty."""
        return self.in_force.context.profile if self.in_force else ""

    def method(self, profile: str) -> str:
        """How ``profile`` itself gets its credentials, whatever the environment holds."""
        return credentials.of_profile(profile, self.world.files.layers, self.world.files.session)

    @cached_property
    def javascript(self) -> str:
        """The profile whose credentials AWS SDK for JavaScript v3 takes here; empty where it takes those of a variable, or
        none."""

        def has_credentials(name: str) -> bool:
            found = javascript.finds(name) or any(section.header == name for section in self.credentials.sections)
            return found and javascript.method(self.profiles.get(name, {})) != credentials.NONE

        return javascript.takes(self.environ, has_credentials)

    def described(self, profile: str) -> str:
        """`NAME (account 1234, role r)`, as far as the config knows."""
        account, role = account_and_role(self.profiles.get(profile, {}))
        return visible(profile) + in_brackets(account=account, role=role)

    # --- what to do ---------------------------------------------------------------------------------------------------

    def unset(self, *variables: str) -> str:
        """The command that unsets ``variables`` in the user's shell."""
        return shells.unset_command(self.world.shell, list(variables))

    def command(self, start: str, name: str, end: str = "") -> dict[str, str]:
        """The cure by a command with the ``name`` of a profile or session between ``start`` and ``end``, as an argument of a
        Finding: `fix`; or `advice`, where no command takes the name."""
        if cannot_be_written(name):
            return {"advice": RENAME_BY_HAND}
        return {"fix": shells.typed(start, name, self.world.shell) + end}

    def quoted(self, word: str) -> str:
        """``word`` for the user's shell, as short as it can be."""
        return shells.quoted(word, self.world.shell)

    def which(self, command: str) -> str | None:
        """Where ``command`` is on the caller's PATH."""
        return shutil.which(command, path=self.environ.get("PATH", os.defpath))

    @staticmethod
    def short(path: str) -> str:
        return paths.short(path)
