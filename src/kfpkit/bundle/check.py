"""Checks a bundle against its environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from kfpkit.bundle.availability import Distribution, Environment
from kfpkit.bundle.bundle import EMBEDDED_FOLDER, Bundle, ExternalImport, ShippedFile
from kfpkit.bundle.modules import ADDED, REMOVED, is_standard, parents
from kfpkit.bundle.newer_syntax import refuse_newer_syntax
from kfpkit.bundle.reading import minor_of
from kfpkit.errors import (
    HiddenPartError,
    LeftOutImportError,
    MissingModuleError,
    ShadowingError,
    UnprovidedImport,
    UnprovidedImportError,
)

# Import names whose distribution has another name; a guess for the message, nothing else.
_DISTRIBUTIONS = {
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python-headless",
    "dateutil": "python-dateutil",
    "distutils": "setuptools",
    "dotenv": "python-dotenv",
    "google.cloud.aiplatform": "google-cloud-aiplatform",
    "jwt": "pyjwt",
    "pkg_resources": "setuptools",
    "PIL": "pillow",
    "sklearn": "scikit-learn",
    "skimage": "scikit-image",
    "yaml": "pyyaml",
}
_GOOGLE_DEPTH = 3


def check(bundle: Bundle, environment: Environment) -> None:
    """Refuse a bundle that cannot work in an environment.

    Args:
        bundle: The bundle.
        environment: The environment.

    Raises:
        UnparsableSourceError: The environment's Python doesn't parse a file.
        ShadowingError: A module would hide one of the environment.
        HiddenPartError: A module of the environment would hide one that ships.
        UnprovidedImportError: The environment lacks imported modules. The error lists all of them.
        LeftOutImportError: An import needs a module that images leave out.
        MissingModuleError: An import names a folder of the project, but no file in it.
    """
    modules = {
        file.path: file
        for file in bundle.files
        if file.path.endswith(".py") and not file.path.startswith(f"{EMBEDDED_FOLDER}/")
    }
    for file in modules.values():
        refuse_newer_syntax(file.content, file.source, environment.description.python)
    _check_names(modules, environment.import_names)
    _check_imports(bundle, environment)


def _check_names(modules: Mapping[str, ShippedFile], provided: Mapping[str, Distribution]) -> None:
    above = {each: names for names in provided for each in (*parents(names), names)}
    for path, file in modules.items():
        name = _module_name(path)
        for package in (*parents(name), name):
            own = (
                file if package == name else modules.get(package.replace(".", "/") + "/__init__.py")
            )
            if own is not None and package in above:
                distribution = provided[above[package]].name
                raise ShadowingError(
                    module=package,
                    file=own.source,
                    hides=f"`{above[package]}` of the distribution `{distribution}`",
                )
            if package in provided:
                raise HiddenPartError(
                    module=name,
                    file=file.source,
                    package=package,
                    distribution=provided[package].name,
                )


def _module_name(path: str) -> str:
    parts = PurePosixPath(path).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _check_imports(bundle: Bundle, environment: Environment) -> None:
    provided = environment.import_names
    above = {each for name in provided for each in parents(name)}
    missing = []
    for needed in bundle.imports:
        module = needed.module
        if module in provided or module in above or any(p in provided for p in parents(module)):
            _refuse_left_out(needed, environment)
            continue
        if is_standard(module, minor_of(environment.description.python)):
            continue
        if needed.namespace is not None:
            raise MissingModuleError(module=module, place=needed.place, roots=[needed.namespace])
        missing.append(
            UnprovidedImport(
                module=module,
                place=needed.place,
                distribution=_guess(module),
                was_standard=module.partition(".")[0] in ADDED.keys() | REMOVED.keys(),
            )
        )
    if missing:
        raise UnprovidedImportError(
            environment=environment.name,
            python=environment.description.python,
            missing=sorted(missing, key=lambda each: (str(each.place.file), each.place.line or 0)),
        )


def _refuse_left_out(needed: ExternalImport, environment: Environment) -> None:
    rule = environment.left_out(needed.module)
    if rule is not None:
        raise LeftOutImportError(
            module=needed.module,
            place=needed.place,
            environment=environment.name,
            rule=rule.name,
            reason=rule.reason,
        )


def _guess(module: str) -> str:
    parts = module.split(".")
    if parts[:2] == ["google", "cloud"] and len(parts) >= _GOOGLE_DEPTH:
        return "-".join(parts[:_GOOGLE_DEPTH]).replace("_", "-")
    return _DISTRIBUTIONS.get(parts[0], parts[0].replace("_", "-"))
