"""`imports.json`, which maps import names to the distributions of a lock.

Names are the shortest unique prefixes: `sklearn` for all of scikit-learn, but
`google.cloud.storage`, because distributions share the namespace packages `google` and
`google.cloud`. The names come from the RECORD files of a virtual environment that was installed
from the lock. They are never guessed from a distribution's name.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from packaging.utils import canonicalize_name

_EXTENSION = re.compile(r"\.(?:cpython-[^.]+|abi3|pypy[^.]+)\.so$|\.so$")


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """The distribution that provides an import.

    Args:
        name: The normalized name, as in a lock.
        version: The locked version.
    """

    name: str
    version: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The content of `imports.json`.

    Args:
        lock: The digest of the lock that it was generated from.
        imports: Import prefixes, with their distributions.
    """

    lock: str
    imports: Mapping[str, Distribution]


def read(file: Path) -> Manifest:
    """Read an `imports.json`.

    Raises:
        OSError: The file can't be read.
        ValueError: The file isn't JSON, or has another structure.
    """
    document = json.loads(file.read_text(encoding="utf-8"))
    try:
        distributions = {
            name: Distribution(name=name, version=version)
            for name, version in document["distributions"].items()
        }
        imports = {prefix: distributions[name] for prefix, name in document["imports"].items()}
        return Manifest(lock=document["lock"], imports=imports)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"{file.name} has another shape: {error!r}") from None


def format_manifest(manifest: Manifest) -> str:
    """Format a manifest as the content of an `imports.json`."""
    versions = {found.name: found.version for found in manifest.imports.values()}
    document = {
        "lock": manifest.lock,
        "distributions": dict(sorted(versions.items())),
        "imports": {prefix: found.name for prefix, found in sorted(manifest.imports.items())},
    }
    return json.dumps(document, indent=1) + "\n"


def read_installed_imports(venv: Path, *, without: Iterable[str] = ()) -> dict[str, Distribution]:
    """Read the import prefixes that the distributions of a virtual environment provide.

    Args:
        venv: The virtual environment.
        without: Names of distributions to skip.

    Returns:
        Shortest unique prefixes, with their distributions.
    """
    owners: dict[str, set[Distribution]] = {}
    folders: set[str] = set()
    for record in sorted(venv.glob("lib/python3.*/site-packages/*.dist-info/RECORD")):
        name, _, version = record.parent.name.removesuffix(".dist-info").rpartition("-")
        found = Distribution(name=canonicalize_name(name), version=version)
        if found.name in without:
            continue
        for folder, module in _read_modules(record):
            folders.add(folder)
            owners.setdefault(module, set()).add(found)
    return _find_shortest_prefixes(owners, folders)


def read_pin(requirements: Path) -> Distribution:
    """Read the only distribution that a requirements file pins.

    Raises:
        ValueError: It doesn't pin exactly one.
    """
    found = re.search(
        r"^([\w.-]+)==([^\s\\;]+)", requirements.read_text(encoding="utf-8"), re.MULTILINE
    )
    if found is None:
        raise ValueError(f"{requirements} does not pin a distribution")
    return Distribution(name=canonicalize_name(found[1]), version=found[2])


def _read_modules(record: Path) -> Iterable[tuple[str, str]]:
    """Read the modules of a distribution, each with the dotted name of its folder."""
    with record.open(encoding="utf-8", newline="") as lines:
        for line, *_ in csv.reader(lines):
            path = PurePosixPath(line)
            module = _module(path)
            if module is not None:
                yield ".".join(path.parts[:-1]), module


def _module(path: PurePosixPath) -> str | None:
    if path.suffix == ".py":
        stem = path.stem
    elif _EXTENSION.search(path.name):
        stem = _EXTENSION.sub("", path.name)
    else:
        return None
    parts = path.parts[:-1] if stem == "__init__" else (*path.parts[:-1], stem)
    return ".".join(parts) if parts and all(part.isidentifier() for part in parts) else None


def _find_shortest_prefixes(
    owners: Mapping[str, set[Distribution]], folders: Collection[str]
) -> dict[str, Distribution]:
    below: dict[str, set[Distribution]] = {}
    for module, found in owners.items():
        for prefix in (*_parents(module), module):
            below.setdefault(prefix, set()).update(found)
    prefixes: dict[str, Distribution] = {}
    whole: set[str] = set()
    for prefix in sorted(below, key=lambda name: (name.count("."), name)):
        if not whole.isdisjoint(_parents(prefix)):
            continue
        candidates = owners.get(prefix, set())
        # A folder that holds packages alone is a namespace, to which a distribution that is not
        # here may add.
        if len(below[prefix]) == 1 and (candidates or prefix in folders):
            candidates = below[prefix]
            whole.add(prefix)
        if candidates:
            prefixes[prefix] = min(candidates, key=lambda found: found.name)
    return prefixes


def _parents(module: str) -> Iterable[str]:
    parts = module.split(".")
    return (".".join(parts[:length]) for length in range(1, len(parts)))
