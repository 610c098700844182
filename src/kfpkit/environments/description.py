"""Reads the `pyproject.toml` of an environment."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from kfpkit import toml
from kfpkit.environments.names import is_debian_package
from kfpkit.environments.recipe import list_rules
from kfpkit.errors import InvalidEnvironmentError
from kfpkit.wording import quote_all

PYTHONS = ("3.10", "3.11", "3.12", "3.13")
_TABLES = (
    ("project",),
    ("dependency-groups",),
    ("tool", "poetry"),
    ("tool", "kfpkit", "environment"),
)
_SETTINGS = ("system-packages", "base-image", "image", "keep")
# As Docker Hub has it, whatever holds the same image where builds are made.
_STOCK_BASE = re.compile(
    r"(docker\.io/)?(library/)?python:3\.\d+(\.\d+)?-slim(-[a-z]+)?(@sha256:[0-9a-f]{64})?"
)
_MINORS = range(30)
_LAST_PATCH = 99


@dataclass(frozen=True, kw_only=True)
class Description:
    """The author's description of an environment, in its `pyproject.toml`.

    The file is read when a value is first needed. Each value is checked when it is read.
    `require_valid` checks all of them.

    Args:
        name: The environment's name.
        file: The `pyproject.toml`.
    """

    name: str
    file: Path

    @functools.cached_property
    def document(self) -> Mapping[str, Any]:
        """The parsed `pyproject.toml`, in which kfpkit's keys are tables."""
        try:
            document = toml.parse(self.file.read_text(encoding="utf-8"))
            for keys in _TABLES:
                toml.read_table(document, *keys)
        except (OSError, ValueError) as error:
            raise self._invalid(f"cannot be read: {error}", "Correct the file.") from None
        return document

    @functools.cached_property
    def dependencies(self) -> tuple[str, ...]:
        """The requirements of `[project]`, unchanged."""
        listed = toml.read_table(self.document, "project").get("dependencies", [])
        if isinstance(listed, list) and all(isinstance(entry, str) for entry in listed):
            return tuple(listed)
        problem = "has invalid `dependencies`: they must be a list of strings"
        raise self._invalid(problem, 'For example, write `dependencies = ["pandas>=2.2,<3"]`.')

    @functools.cached_property
    def python(self) -> str:
        """The Python version, such as "3.12"."""
        text = toml.read_table(self.document, "project").get("requires-python", "")
        minors = _find_allowed_minors(str(text))
        named = [f"3.{minor}" for minor in minors]
        if len(named) == 1 and named[0] in PYTHONS:
            return named[0]
        problem = (
            f"must name exactly one minor version of Python, from {PYTHONS[0]} to {PYTHONS[-1]}; "
            f"`requires-python` is `{text}`"
        )
        raise self._invalid(problem, 'For example, write `requires-python = ">=3.12,<3.13"`.')

    @functools.cached_property
    def system_packages(self) -> tuple[str, ...]:
        """The Debian packages that the image needs in addition to the lock, sorted."""
        packages = self._settings.get("system-packages", [])
        if isinstance(packages, list) and all(map(is_debian_package, packages)):
            return tuple(sorted(packages))
        problem = (
            "has invalid `system-packages`, which must be a list of Debian packages, not "
            f"`{packages}`"
        )
        raise self._invalid(problem, 'For example, write `["libgomp1"]`.')

    @functools.cached_property
    def base_image(self) -> str:
        """The base image of the environment's image."""
        image = self._settings.get("base-image", f"python:{self.python}-slim-bookworm")
        if isinstance(image, str):
            return image
        raise self._invalid(
            "has an invalid `base-image`, which must be a string", "Write an image reference."
        )

    @property
    def has_stock_base(self) -> bool:
        """Whether the base image is from Docker Hub, and so contains nothing of a company."""
        return _STOCK_BASE.fullmatch(self.base_image) is not None

    @functools.cached_property
    def keep(self) -> tuple[str, ...]:
        """The rules of what images leave out that don't apply to this image, sorted."""
        names = self._settings.get("keep", [])
        known = [rule.name for rule in list_rules()]
        if isinstance(names, list) and all(name in known for name in names):
            return tuple(sorted(names))
        problem = f"has an invalid `keep`, which must list what images leave out, not `{names}`"
        raise self._invalid(problem, f"Choose from {', '.join(f'`{name}`' for name in known)}.")

    @functools.cached_property
    def has_image(self) -> bool:
        """Whether components can run in it. Environments of tools stay on the author's machine."""
        wanted = self._settings.get("image", True)
        if isinstance(wanted, bool):
            return wanted
        raise self._invalid(
            "has an invalid `image`, which must be a boolean", "Write `image = false`."
        )

    def require_valid(self) -> None:
        """Refuse a `pyproject.toml` that doesn't describe an environment.

        Raises:
            InvalidEnvironmentError: The Python version or a setting is invalid.
        """
        _ = (
            self.python,
            self.dependencies,
            self.system_packages,
            self.base_image,
            self.has_image,
            self.keep,
        )
        for key in self._settings:
            if key not in _SETTINGS:
                problem = f"has an unknown setting `{key}` under `[tool.kfpkit.environment]`"
                known = quote_all(_SETTINGS)
                raise self._invalid(problem, f"Choose one of {known}.")

    @property
    def _settings(self) -> Mapping[str, Any]:
        return toml.read_table(self.document, "tool", "kfpkit", "environment")

    def _invalid(self, problem: str, remedy: str) -> InvalidEnvironmentError:
        return InvalidEnvironmentError(
            name=self.name, file=self.file, problem=problem, remedy=remedy
        )


@functools.lru_cache(maxsize=256)
def _find_allowed_minors(specifier: str) -> tuple[int, ...]:
    try:
        allowed = SpecifierSet(specifier)
    except InvalidSpecifier:
        return ()
    # What is allowed can only change at a number that is written there.
    written = {int(number) for number in re.findall(r"\d+", specifier)}
    edges = {patch for number in written for patch in (number - 1, number, number + 1)}
    patches = [patch for patch in sorted(edges | {0, _LAST_PATCH}) if 0 <= patch <= _LAST_PATCH]
    return tuple(
        minor
        for minor in _MINORS
        if any(allowed.contains(f"3.{minor}.{patch}") for patch in patches)
    )
