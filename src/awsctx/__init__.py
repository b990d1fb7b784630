"""awsctx: a context switcher for AWS profiles, for the command line."""

import os
import sys
from _frozen_importlib import ModuleSpec  # importlib.machinery has these, too, and takes as long to load as five of our modules
from _frozen_importlib_external import MAGIC_NUMBER, SourceFileLoader
from marshal import loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType, ModuleType

__version__ = "0.1.0"

_SUFFIX = f"{sys.implementation.cache_tag}.pyc"
_HEADER = MAGIC_NUMBER + bytes(4)  # no flags: what it was compiled from is told by time and size (py_compile, PEP 552)


class _Loader(SourceFileLoader):
    code: "CodeType"

    def get_code(self, fullname: str) -> "CodeType":
        return self.code


class _Finder:
    """Opens a module of this package by the name of its compiled file. Python would list each folder, look for the module in
    five ways and read it with seven system calls: of an everyday call, which loads thirty modules, that takes a tenth.

    What was not compiled by this Python from this very source is left to Python."""

    @classmethod
    def find_spec(
        cls, fullname: str, path: "Sequence[str] | None" = None, target: "ModuleType | None" = None
    ) -> ModuleSpec | None:
        if not path or fullname[:7] != "awsctx.":
            return None
        stem = fullname.rpartition(".")[2]
        spec = cls._compiled(fullname, path[0], stem)
        if spec is None and (spec := cls._compiled(fullname, f"{path[0]}/{stem}", "__init__")):
            spec.submodule_search_locations = [f"{path[0]}/{stem}"]
        return spec

    @staticmethod
    def _compiled(fullname: str, folder: str, stem: str) -> ModuleSpec | None:
        source, cached = f"{folder}/{stem}.py", f"{folder}/__pycache__/{stem}.{_SUFFIX}"
        try:
            file = os.open(cached, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            made = os.stat(source)
            data = os.read(file, 1 << 17)
        except OSError:
            return None
        finally:
            os.close(file)
        times = (int(made.st_mtime) & 0xFFFFFFFF | (made.st_size & 0xFFFFFFFF) << 32).to_bytes(8, "little")
        if data[:16] != _HEADER + times or len(data) == 1 << 17:
            return None
        loader = _Loader(fullname, source)
        loader.code = loads(memoryview(data)[16:])  # noqa: S302 - from the file that Python itself would load it from
        spec = ModuleSpec(fullname, loader, origin=source)
        spec.has_location = True
        spec.cached = cached
        return spec


if not sys.flags.optimize:  # other files then
    sys.meta_path.insert(0, _Finder)
