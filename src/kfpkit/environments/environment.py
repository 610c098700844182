"""An environment: a folder with a lock, and everything that is computed from it."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from kfpkit import toml
from kfpkit.environments import digests as fingerprint
from kfpkit.environments.content import Part, compute_content_hash
from kfpkit.environments.files import Distribution, Lock, Manifest, lock_file, read, read_pin
from kfpkit.environments.names import is_debian_package
from kfpkit.environments.recipe import RULES, Rule, comments
from kfpkit.errors import BrokenLockError, InvalidEnvironmentError, StaleLockError
from kfpkit.wording import quote_all

RUNTIME_FILE = "kfp-runtime.txt"
_RECIPE = Path(__file__).parent / "recipe"
PACKAGED_RUNTIME = _RECIPE / RUNTIME_FILE
PACKAGED_DOCKERFILE = _RECIPE / "Dockerfile"
BUILD_SCRIPTS = _RECIPE / "in_build"
PYTHONS = ("3.10", "3.11", "3.12", "3.13")
Signature = tuple[tuple[int, ...], ...]
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
_INSTALLED = ("lock", "runtime", "python")
_MINORS = range(30)
_LAST_PATCH = 99


@dataclass(frozen=True, kw_only=True)
class Environment:
    """A folder with a `pyproject.toml` and a `poetry.lock`: what a component's container holds.

    What is computed is computed when it is first asked for, from the files as they are then, and
    kept: an `Environment` does not follow later edits. `find_environment` does.

    Args:
        name: The folder's name, which is the image's name too.
        folder: The folder, absolute.
        registry: What stands before the name in the image reference.
        signature: Tells apart states of the folder's files; equal for equal states.
    """

    name: str
    folder: Path
    registry: str
    signature: Signature = field(default=(), repr=False)

    @property
    def pyproject(self) -> Path:
        """The file that names the Python version and the dependencies."""
        return self.folder / "pyproject.toml"

    @property
    def lock(self) -> Path:
        """The file that Poetry writes."""
        return self.folder / "poetry.lock"

    @property
    def imports_file(self) -> Path:
        """The file that maps import names to distributions."""
        return self.folder / "imports.json"

    @property
    def dockerfile(self) -> Path:
        """The recipe that all images share: the project's own, or the one that kfpkit brings."""
        own = self.folder.parent / "Dockerfile"
        return own if own.is_file() else PACKAGED_DOCKERFILE

    @functools.cached_property
    def recipe(self) -> str:
        """The Dockerfile, with the scripts of kfpkit where it runs them, without comments."""
        text = comments.strip_dockerfile_comments(self.dockerfile.read_text(encoding="utf-8"))
        scripts = sorted(BUILD_SCRIPTS.glob("*.py")) if BUILD_SCRIPTS.name in text else []
        texts = (script.read_text(encoding="utf-8") for script in scripts)
        return "".join([text, *map(comments.strip_script_comments, texts)])

    @property
    def runtime_requirements(self) -> Path:
        """The file that pins kfp's runtime: the project's own, or the one that kfpkit brings."""
        own = self.folder.parent / RUNTIME_FILE
        return own if own.is_file() else PACKAGED_RUNTIME

    @functools.cached_property
    def runtime(self) -> Distribution:
        """The pinned kfp, whose runtime every environment has beside its lock."""
        file = self.runtime_requirements
        try:
            return read_pin(file)
        except ValueError as error:
            remedy = f"Delete the file and run `kfpkit env lock {self.name}`, which writes it."
            raise InvalidEnvironmentError(
                name=self.name, file=file, problem=f"has no kfp runtime: {error}", remedy=remedy
            ) from None

    @functools.cached_property
    def document(self) -> Mapping[str, Any]:
        """The parsed `pyproject.toml`; what kfpkit looks for in it are tables."""
        try:
            document = toml.parse(self.pyproject.read_text(encoding="utf-8"))
            for keys in _TABLES:
                toml.read_table(document, *keys)
        except (OSError, ValueError) as error:
            raise self._invalid(f"cannot be read: {error}", "Correct the file.") from None
        return document

    @functools.cached_property
    def dependencies(self) -> tuple[str, ...]:
        """The requirements of `[project]`, as they are written there."""
        listed = toml.read_table(self.document, "project").get("dependencies", [])
        if isinstance(listed, list) and all(isinstance(entry, str) for entry in listed):
            return tuple(listed)
        problem = "has `dependencies` that are not a list of texts"
        raise self._invalid(problem, 'Write `dependencies = ["pandas>=2.2,<3"]`, for example.')

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
        raise self._invalid(problem, 'Write `requires-python = ">=3.12,<3.13"`, for example.')

    @functools.cached_property
    def system_packages(self) -> tuple[str, ...]:
        """The Debian packages that the image needs beside the lock, sorted."""
        packages = self._settings.get("system-packages", [])
        if isinstance(packages, list) and all(map(is_debian_package, packages)):
            return tuple(sorted(packages))
        problem = f"has `system-packages` that are not a list of Debian packages: `{packages}`"
        raise self._invalid(problem, 'Write `["libgomp1"]`, for example.')

    @functools.cached_property
    def base_image(self) -> str:
        """The image that the environment's image is built from."""
        image = self._settings.get("base-image", f"python:{self.python}-slim-bookworm")
        if isinstance(image, str):
            return image
        raise self._invalid("has a `base-image` that is not a text", "Write an image reference.")

    @property
    def has_stock_base(self) -> bool:
        """Whether the base image is one of Docker Hub, and so has nothing of a company's own."""
        return _STOCK_BASE.fullmatch(self.base_image) is not None

    @functools.cached_property
    def keep(self) -> tuple[str, ...]:
        """What its image has although images leave it out, sorted."""
        names = self._settings.get("keep", [])
        known = [rule.name for rule in RULES]
        if isinstance(names, list) and all(name in known for name in names):
            return tuple(sorted(names))
        problem = f"has a `keep` that is not a list of what images leave out: `{names}`"
        raise self._invalid(problem, f"Take of {', '.join(f'`{name}`' for name in known)}.")

    def left_out(self, module: str) -> Rule | None:
        """Return the rule by which the image has not a module of a distribution that it has."""
        if BUILD_SCRIPTS.name not in self.recipe:
            return None
        return next(
            (rule for rule in RULES if rule.name not in self.keep and rule.holds(module)), None
        )

    @functools.cached_property
    def has_image(self) -> bool:
        """Whether components run in it; not so for tools, which live on the author's machine."""
        wanted = self._settings.get("image", True)
        if isinstance(wanted, bool):
            return wanted
        raise self._invalid("has an `image` that is not a boolean", "Write `image = false`.")

    def require_valid(self) -> None:
        """Refuse a `pyproject.toml` that does not describe an environment.

        Raises:
            InvalidEnvironmentError: The Python version or a setting is wrong.
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
                raise self._invalid(problem, f"Take one of {known}.")

    @functools.cached_property
    def locked_text(self) -> str:
        """The text of `poetry.lock`.

        Raises:
            StaleLockError: There is no lock that can be read.
            BrokenLockError: It is not a text.
        """
        try:
            return self.lock.read_text(encoding="utf-8")
        except OSError:
            problem = f"the environment `{self.name}` has no lock that can be read"
            raise StaleLockError(name=self.name, file=self.lock, problem=problem) from None
        except UnicodeDecodeError:
            raise self._broken("it is not a text in UTF-8") from None

    @functools.cached_property
    def locked(self) -> Lock:
        """The content of `poetry.lock`.

        Raises:
            StaleLockError: There is no lock that can be read.
            BrokenLockError: It is not TOML, or has other content than Poetry writes.
        """
        try:
            return lock_file.parse(self.locked_text)
        except ValueError as error:
            raise self._broken(str(error)) from None

    @functools.cached_property
    def locked_from(self) -> str:
        """Poetry's digest of the dependencies that `poetry.lock` was made from; "" without one."""
        return lock_file.read_poetry_hash(self.locked_text)

    @functools.cached_property
    def lock_digest(self) -> str:
        """The digest of `poetry.lock` that `imports.json` carries."""
        return fingerprint.compute_digest(self.locked_text)

    @property
    def parts(self) -> dict[str, str]:
        """What the image is made from, by name: short texts as they are, files as digests."""
        return {"kfp": self.runtime.version} | {part.name: part.told for part in self._parts}

    @functools.cached_property
    def content_hash(self) -> str:
        """16 hexadecimal digits that change with whatever changes the image."""
        return compute_content_hash(self._parts)

    @functools.cached_property
    def packages_hash(self) -> str:
        """16 hexadecimal digits that change with what a virtual environment holds."""
        return compute_content_hash(part for part in self._parts if part.key in _INSTALLED)

    @property
    def image(self) -> str:
        """The image reference, `REGISTRY/NAME:HASH`."""
        return f"{self.registry}/{self.name}:{self.content_hash}"

    @functools.cached_property
    def manifest(self) -> Manifest:
        """The content of `imports.json`.

        Raises:
            StaleLockError: There is no `imports.json`, or it cannot be read.
        """
        try:
            return read(self.imports_file)
        except (OSError, ValueError) as error:
            problem = f"the environment `{self.name}` has no readable import names ({error})"
            raise StaleLockError(name=self.name, file=self.imports_file, problem=problem) from None

    @functools.cached_property
    def import_names(self) -> Mapping[str, Distribution]:
        """The shortest import prefixes that tell distributions apart, each with its distribution.

        Raises:
            StaleLockError: There is no `imports.json`, or it cannot be read.
        """
        runtime = self.runtime
        return MappingProxyType({**self.manifest.imports, runtime.name: runtime})

    def provides(self, module: str) -> Distribution | None:
        """Say which distribution a module comes from.

        The longest known prefix decides, so a name inside a module may be asked for as well:
        `pandas.DataFrame`, and `google.cloud.storage` for `from google.cloud import storage`. A
        namespace package, such as `google`, is answered with one of those that share it.

        Args:
            module: A dotted name.

        Returns:
            The distribution; None when no distribution of the environment has the module.
        """
        names = self.import_names
        prefix = module
        while prefix:
            if prefix in names:
                return names[prefix]
            prefix = prefix.rpartition(".")[0]
        return next((names[name] for name in sorted(names) if name.startswith(module + ".")), None)

    @functools.cached_property
    def _parts(self) -> tuple[Part, ...]:
        lock = self.locked_text  # a missing lock is told before what else is wrong
        runtime = comments.strip_requirements_comments(
            self.runtime_requirements.read_text(encoding="utf-8")
        )
        return (
            Part(name="base image", key="base_image", content=self.base_image),
            Part(name="Python", key="python", content=self.python),
            Part(name="lock", key="lock", content=comments.strip_lock_header(lock)),
            Part(name="pyproject.toml", key="pyproject", content=self.document),
            Part(name="Dockerfile", key="dockerfile", content=self.recipe),
            Part(name=RUNTIME_FILE, key="runtime", content=runtime),
        )

    @property
    def _settings(self) -> Mapping[str, Any]:
        return toml.read_table(self.document, "tool", "kfpkit", "environment")

    def _broken(self, cause: str) -> BrokenLockError:
        return BrokenLockError(name=self.name, file=self.lock, cause=cause)

    def _invalid(self, problem: str, remedy: str) -> InvalidEnvironmentError:
        return InvalidEnvironmentError(
            name=self.name, file=self.pyproject, problem=problem, remedy=remedy
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
