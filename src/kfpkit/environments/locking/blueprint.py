"""The `pyproject.toml` of a new environment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from kfpkit import toml
from kfpkit.environments.description import PYTHONS
from kfpkit.environments.environment import Environment
from kfpkit.environments.names import is_debian_package
from kfpkit.environments.shipped import ORIGIN
from kfpkit.environments.tools import RUNNING
from kfpkit.errors import (
    InvalidEnvironmentError,
    InvalidPythonVersionError,
    InvalidRequirementError,
)

_PYPROJECT = """\
[project]
name = {project}
version = "0"
requires-python = ">={python},<{next_python}"
{comment}dependencies = [
{dependencies}]

[tool.poetry]
package-mode = false
"""


@dataclass(frozen=True, kw_only=True)
class Blueprint:
    """The plan for a new environment.

    Args:
        name: Its name.
        requirements: Its dependencies, such as "pandas>=2". They replace those of `like` with the
            same name.
        like: The environment to start from. The new one takes its Python version, dependencies,
            Debian packages, base image (for the same Python) and, where allowed, locked versions.
            "kfpkit:sklearn" names one of kfpkit's own.
        origin: The same, if it must be one of kfpkit's own.
        python: The Python version, such as "3.12" (default: that of `like`, or the running one).
        system_packages: Debian packages that its image needs in addition to the lock.
    """

    name: str
    requirements: Sequence[str] = ()
    like: str | None = None
    origin: str | None = None
    python: str | None = None
    system_packages: Sequence[str] = ()

    @property
    def is_copy(self) -> bool:
        """Whether it is an unchanged copy of one of kfpkit's own."""
        changes = (self.requirements, self.python, self.system_packages)
        return self.is_from_kfpkit and not any(changes)

    @property
    def is_from_kfpkit(self) -> bool:
        """Whether it starts from one of kfpkit's own."""
        return self.origin is not None or (self.like or "").startswith(ORIGIN)

    @property
    def source(self) -> str | None:
        """The name of the environment that it starts from."""
        return self.origin or self.like


def describe_environment(blueprint: Blueprint, source: Environment | None) -> str:
    """Describe a new environment.

    The project gets a name that no dependency has, because Poetry fails otherwise.

    Args:
        blueprint: The plan.
        source: The environment to start from.

    Returns:
        The content of its `pyproject.toml`.

    Raises:
        InvalidEnvironmentError: `source` can't be copied.
        InvalidPythonVersionError: The Python version is invalid or not supported.
        InvalidRequirementError: A requirement is invalid, or not allowed in an environment.
    """
    version = blueprint.python or (source.description.python if source else RUNNING)
    dependencies = _merge_dependencies(source, blueprint.requirements)
    text = _PYPROJECT.format(
        project=json.dumps(f"{blueprint.name}-environment"),
        python=version,
        next_python=_next_python(version),
        comment=f"# Started from the environment `{blueprint.source}`.\n" if source else "",
        dependencies="".join(f"  {json.dumps(dependency)},\n" for dependency in dependencies),
    )
    return text + _format_settings(source, blueprint.system_packages, version)


def _next_python(version: str) -> str:
    if version not in PYTHONS:
        raise InvalidPythonVersionError(version=version, supported=PYTHONS)
    return f"3.{int(version.removeprefix('3.')) + 1}"


def _merge_dependencies(source: Environment | None, requirements: Sequence[str]) -> list[str]:
    wanted: dict[str, str] = {}
    for requirement in requirements:
        name = _parse_name(requirement)
        if name in wanted:
            raise InvalidRequirementError(
                requirement=requirement,
                problem=f"specifies `{name}` more than once",
                remedy='Join the bounds with a comma, such as "pandas>=2.2,<3".',
            )
        wanted[name] = requirement.strip()
    kept = [text for text in _copy_dependencies(source) if _parse_name(text) not in wanted]
    return sorted([*kept, *wanted.values()], key=str.casefold)


def _parse_name(requirement: str) -> str:
    try:
        parsed = Requirement(requirement)
    except InvalidRequirement as error:
        raise InvalidRequirementError(
            requirement=requirement,
            problem=f"cannot be read ({str(error).splitlines()[0]})",
            remedy='Write it as pip takes it, such as "pandas>=2.2,<3".',
        ) from None
    name = canonicalize_name(parsed.name)
    if parsed.url:
        raise InvalidRequirementError(
            requirement=parsed.name,  # the address may hold a password
            problem="is a URL, which a lock must not contain",
            remedy="Specify a version, and set the index that has it in `POETRY_PYPI_MIRROR_URL` "
            "and `UV_DEFAULT_INDEX`.",
        )
    if name == "kfp":
        raise InvalidRequirementError(
            requirement=requirement,
            problem="is not needed: every environment contains kfp's runtime",
            remedy="Leave it out.",
        )
    return name


def _copy_dependencies(source: Environment | None) -> list[str]:
    if source is None:
        return []
    poetry = toml.read_table(source.description.document, "tool", "poetry")
    elsewhere = sorted({"dependencies", "group", "source"} & set(poetry))
    if elsewhere:
        raise InvalidEnvironmentError(
            name=source.name,
            file=source.pyproject,
            problem=f"has `tool.poetry.{elsewhere[0]}`, which cannot be copied",
            remedy="Move the dependencies to `[project]`, or omit `--like`.",
        )
    return list(source.description.dependencies)


def _format_settings(source: Environment | None, system: Sequence[str], python: str) -> str:
    for package in system:
        if not is_debian_package(package):
            raise InvalidRequirementError(
                requirement=package,
                problem="is not a Debian package",
                remedy='Write its name, such as "libgomp1".',
            )
    packages = sorted({*system, *(source.description.system_packages if source else ())})
    lines = [f"system-packages = {json.dumps(packages)}\n"] if packages else []
    if source and source.description.python == python and _names_base_image(source):
        lines.append(f"base-image = {json.dumps(source.description.base_image)}\n")
    return "\n[tool.kfpkit.environment]\n" + "".join(lines) if lines else ""


def _names_base_image(source: Environment) -> bool:
    return "base-image" in toml.read_table(
        source.description.document, "tool", "kfpkit", "environment"
    )
