"""Imports a component from memory, where its container has no folder that can be written.

Read as text, sent with `bootstrap.py` and compiled only where it is needed: the same rules hold.
"""

# ruff: noqa: PTH118, PTH120, RUF005

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import spec_from_file_location

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, NoReturn


def import_from(files: Mapping[str, bytes]) -> str:
    """Let the import system find the files in memory; return the folder that they pretend."""
    root = "/kfpkit-memory"

    class Loader(SourceFileLoader):
        def get_data(self, path: str) -> bytes:
            inside = os.path.relpath(path, root).replace(os.sep, "/")
            if inside in files:
                return files[inside]
            return super().get_data(path)

        def path_stats(self, path: str) -> NoReturn:
            raise OSError(path)

    class Finder:
        @staticmethod
        def find_spec(name: str, path: Any = None, target: Any = None) -> Any:
            base = name.replace(".", "/")
            for tail in ("/__init__.py", ".py"):
                if base + tail in files:
                    file = os.path.join(root, base + tail)
                    folders = [os.path.dirname(file)] if tail != ".py" else None
                    return spec_from_file_location(
                        name,
                        file,
                        loader=Loader(name, file),
                        submodule_search_locations=folders,
                    )
            if not any(each.startswith(base + "/") for each in files):
                return None
            # A folder without __init__.py: joined with what the image has of it.
            found = PathFinder.find_spec(name, path, target)
            if found is not None and found.loader is not None and found.origin:
                return found
            spec = ModuleSpec(name, None, is_package=True)
            others = list(found.submodule_search_locations or []) if found else []
            spec.submodule_search_locations = [os.path.join(root, base)] + others
            return spec

    sys.meta_path.insert(0, Finder)
    return root
