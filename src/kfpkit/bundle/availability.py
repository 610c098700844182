"""Determines what a component's environment provides, and which statements can run there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from kfpkit.bundle.effects import resolve_name
from kfpkit.bundle.modules import ALWAYS, Module, Modules, is_standard, parents, ships_with_kfpkit
from kfpkit.bundle.reading import ImportStatement, Use, find_imported_uses, read_source
from kfpkit.errors import UnparsableSourceError


class Distribution(Protocol):
    """An installed distribution."""

    @property
    def name(self) -> str:
        """Its name."""


class LeftOut(Protocol):
    """A part of an installed distribution that the image leaves out."""

    @property
    def name(self) -> str:
        """The name of the rule that leaves it out."""

    @property
    def reason(self) -> str:
        """The reason, as the end of a sentence."""


class Description(Protocol):
    """The author's description of an environment."""

    @property
    def python(self) -> str:
        """The Python version, such as `3.11`."""


class Environment(Protocol):
    """The facts about an environment that a bundle needs."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def description(self) -> Description:
        """The author's description."""

    @property
    def import_names(self) -> Mapping[str, Distribution]:
        """Dotted prefixes of modules, with the distribution that provides each."""

    def left_out(self, module: str) -> LeftOut | None:
        """Return why the image lacks a module of a distribution. None if it has the module."""


def provides(environment: Environment, module: str) -> bool:
    """Whether an environment provides a module, from its lock or its standard library."""
    provided = environment.import_names
    if module in provided or any(parent in provided for parent in parents(module)):
        return True
    if any(name.startswith(f"{module}.") for name in provided):
        return True
    return is_standard(module, int(environment.description.python.split(".")[1]))


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """The reason why something cannot run where the component runs.

    Args:
        reason: The end of a sentence.
        compiling: Whether it can run only where pipelines are compiled.
    """

    reason: str
    compiling: bool = False


_MISSING = Obstacle(reason="no file has it")


@dataclass(kw_only=True)
class Availability:
    """Finds out why an import cannot run where the component runs.

    Args:
        modules: Finds first-party modules.
        environment: The component's environment. None for a foreign image, which is known to
            contain only what the component itself needs.
        needed: The dotted names of the modules that the component itself needs.
    """

    modules: Modules
    environment: Environment | None
    needed: frozenset[str] = frozenset()
    _known: dict[str, Obstacle | None] = field(default_factory=dict)

    def obstacle(self, statement: ImportStatement, module: Module) -> Obstacle | None:
        """Return why an import in a module cannot run. None if it can."""
        name = resolve_name(
            statement.module, statement.level, module.name, is_package=module.is_package
        )
        if name is None:
            dotted = "." * statement.level + statement.module
            return Obstacle(reason=f"`{dotted}` is above the top package")
        for use in find_imported_uses(statement):
            return _make_obstacle(use)
        for each in [name, *(f"{name}.{part}" for part in statement.names or () if part != "*")]:
            found = self._obstacle_of(each)
            # `from module import name` may take what is no module.
            if found is not None and (found is not _MISSING or each == name):
                return found
        return None

    def _obstacle_of(self, name: str) -> Obstacle | None:
        if name not in self._known:
            # Modules that import one another add nothing by that.
            self._known[name] = None
            self._known[name] = self._find_obstacle(name)
        return self._known[name]

    def _find_obstacle(self, name: str) -> Obstacle | None:
        top = name.partition(".")[0]
        if top == "kfp":
            return None
        found = self.modules.find(name)
        if found is not None and top == "kfpkit" and not ships_with_kfpkit(name):
            return Obstacle(reason=f"`{name}` does not ship", compiling=True)
        if found is not None:
            return self._obstacle_in(found)
        if any(self.modules.find(parent) for parent in parents(name)):
            return _MISSING
        return self._lack(name)

    def _lack(self, name: str) -> Obstacle | None:
        if self.environment is not None:
            if provides(self.environment, name):
                return None
            return Obstacle(reason=f"the environment `{self.environment.name}` has no `{name}`")
        if name.partition(".")[0] in ALWAYS or shares_package(name, self.needed):
            return None
        top = name.partition(".")[0]
        return Obstacle(reason=f"it is not known whether the component's image has `{top}`")

    def _obstacle_in(self, module: Module) -> Obstacle | None:
        """Return why a first-party module cannot be imported there."""
        for parent in parents(module.name):
            found = self._obstacle_of(parent)
            if found is not None:
                return found
        if module.file is None or module.name in {"kfpkit", "kfpkit.component"}:
            return None
        try:
            source = read_source(module.file)
        except UnparsableSourceError as error:
            return Obstacle(reason=f"`{module.name}` does not parse ({error.problem})")
        for use in source.uses:
            if not use.in_function:
                return _make_obstacle(use)
        for statement in source.imports:
            found = None if statement.optional else self.obstacle(statement, module)
            if found is not None:
                return found
        return None


def _make_obstacle(use: Use) -> Obstacle:
    reason = f"`{use.name}` exists only where pipelines are compiled"
    return Obstacle(reason=reason, compiling=True)


def shares_package(name: str, others: frozenset[str]) -> bool:
    """Whether a module belongs to the same package as one of several modules.

    Namespaces such as `google` don't count as packages.
    """
    depth = 3 if name.startswith("google.") else 1
    package = ".".join(name.split(".")[:depth])
    return any(f"{each}.".startswith(f"{package}.") for each in others)
