"""An environment: a folder with a lock, and everything that is computed from it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from kfpkit.environments.content import Content
from kfpkit.environments.description import Description
from kfpkit.environments.files import Distribution, LockFile, Manifest, read
from kfpkit.environments.recipe import (
    BUILD_SCRIPTS,
    PACKAGED_DOCKERFILE,
    PACKAGED_RUNTIME,
    RUNTIME_FILE,
    list_rules,
)
from kfpkit.errors import StaleLockError

if TYPE_CHECKING:
    from kfpkit.environments.recipe import Rule

Signature = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Environment:
    """A folder with a `pyproject.toml` and a `poetry.lock` that describe a component's container.

    Values are computed when they are first needed, from the files at that time, and then kept. An
    `Environment` doesn't reflect later edits. `find_environment` does.

    Args:
        name: The folder's name, which is also the image's name.
        folder: The folder, as an absolute path.
        registry: The part of the image reference before the name.
        signature: Identifies the state of the folder's files. Equal for equal states.
    """

    name: str
    folder: Path
    registry: str
    signature: Signature = field(default=(), repr=False)

    @property
    def pyproject(self) -> Path:
        """The file with the Python version and the dependencies."""
        return self.folder / "pyproject.toml"

    @property
    def imports_file(self) -> Path:
        """The file that maps import names to distributions."""
        return self.folder / "imports.json"

    @property
    def dockerfile(self) -> Path:
        """The Dockerfile that all images share: the project's own, or kfpkit's."""
        own = self.folder.parent / "Dockerfile"
        return own if own.is_file() else PACKAGED_DOCKERFILE

    @property
    def runtime_requirements(self) -> Path:
        """The file that pins kfp's runtime: the project's own, or kfpkit's."""
        own = self.folder.parent / RUNTIME_FILE
        return own if own.is_file() else PACKAGED_RUNTIME

    @functools.cached_property
    def description(self) -> Description:
        """Its description in `pyproject.toml`."""
        return Description(name=self.name, file=self.pyproject)

    @functools.cached_property
    def lock(self) -> LockFile:
        """Its `poetry.lock`."""
        return LockFile(environment=self.name, path=self.folder / "poetry.lock")

    @functools.cached_property
    def content(self) -> Content:
        """Everything that its image is built from."""
        return Content(
            description=self.description,
            lock=self.lock,
            dockerfile=self.dockerfile,
            runtime_requirements=self.runtime_requirements,
        )

    @property
    def image(self) -> str:
        """The image reference, `REGISTRY/NAME:HASH`."""
        return f"{self.registry}/{self.name}:{self.content.hash}"

    @functools.cached_property
    def manifest(self) -> Manifest:
        """The content of `imports.json`.

        Raises:
            StaleLockError: `imports.json` is missing or can't be read.
        """
        try:
            return read(self.imports_file)
        except (OSError, ValueError) as error:
            problem = f"the environment `{self.name}` has no readable import names ({error})"
            raise StaleLockError(name=self.name, file=self.imports_file, problem=problem) from None

    @functools.cached_property
    def import_names(self) -> Mapping[str, Distribution]:
        """The shortest import prefixes that distinguish distributions, with each distribution.

        Raises:
            StaleLockError: `imports.json` is missing or can't be read.
        """
        runtime = self.content.runtime
        return MappingProxyType({**self.manifest.imports, runtime.name: runtime})

    def provides(self, module: str) -> Distribution | None:
        """Return the distribution that provides a module.

        The longest known prefix decides, so a name inside a module works too: `pandas.DataFrame`,
        and `google.cloud.storage` for `from google.cloud import storage`. For a namespace package,
        such as `google`, the result is one of the distributions that share it.

        Args:
            module: A dotted name.

        Returns:
            The distribution. None if no distribution of the environment provides the module.
        """
        names = self.import_names
        prefix = module
        while prefix:
            if prefix in names:
                return names[prefix]
            prefix = prefix.rpartition(".")[0]
        return next((names[name] for name in sorted(names) if name.startswith(module + ".")), None)

    def left_out(self, module: str) -> Rule | None:
        """Return the rule that leaves a module of an installed distribution out of the image."""
        if BUILD_SCRIPTS.name not in self.content.recipe:
            return None
        keep = self.description.keep
        return next(
            (rule for rule in list_rules() if rule.name not in keep and rule.holds(module)), None
        )
