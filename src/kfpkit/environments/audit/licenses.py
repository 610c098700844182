"""Reads the licenses of installed distributions from their metadata."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path
from types import MappingProxyType

from packaging.utils import canonicalize_name

_SPDX: Mapping[str, str] = MappingProxyType(
    {
        "3-Clause BSD License": "BSD-3-Clause",
        "Apache 2.0": "Apache-2.0",
        "Apache License 2.0": "Apache-2.0",
        "Apache License, Version 2.0": "Apache-2.0",
        "Apache Software License": "Apache-2.0",
        "BSD 3-Clause": "BSD-3-Clause",
        "BSD 3-Clause License": "BSD-3-Clause",
        "ISC License (ISCL)": "ISC",
        "MIT License": "MIT",
        "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
        "Python Software Foundation License": "PSF-2.0",
    }
)


def read_licenses(venv: Path) -> dict[str, str]:
    """Read the licenses of the distributions in a virtual environment.

    Args:
        venv: The virtual environment.

    Returns:
        Licenses by normalized distribution name: an SPDX expression if the metadata has one or
        clearly means one, otherwise the original string. Distributions without a declared license
        are left out.
    """
    folders = [str(folder) for folder in venv.glob("lib/python3.*/site-packages")]
    found = {
        canonicalize_name(distribution.metadata["Name"]): _read_license(distribution)
        for distribution in distributions(path=folders)
    }
    return {name: declared for name, declared in sorted(found.items()) if declared}


def _read_license(distribution: Distribution) -> str:
    expression = _field(distribution, "License-Expression")
    if expression:
        return expression
    lines = _field(distribution, "License").splitlines() or [""]
    # More than one line is a whole license's text, at times under its title.
    named = lines[0] if len(lines) == 1 or lines[0] in _SPDX else ""
    if named in {"", "UNKNOWN"}:
        classifiers = distribution.metadata.get_all("Classifier") or []
        ends = [text.rpartition(" :: ")[2] for text in classifiers if text.startswith("License")]
        named = ", ".join(end for end in ends if end != "OSI Approved")
    return _SPDX.get(named, named)


def _field(distribution: Distribution, name: str) -> str:
    return str((distribution.metadata.get_all(name) or [""])[0]).strip()
