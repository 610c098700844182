"""Collects the bundle of a function."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from kfpkit.bundle.availability import Environment
from kfpkit.bundle.bundle import EMBEDDED_FOLDER, Bundle, ExternalImport, ShippedFile
from kfpkit.bundle.gathering import (
    NamedFiles,
    PathConstants,
    Reach,
    SecretRules,
    Shipment,
    Sources,
    Start,
    find_reach,
    list_files_below,
    list_unanswered,
    list_unshipped,
)
from kfpkit.bundle.modules import Modules
from kfpkit.bundle.notices import (
    DataFileWarning,
    DynamicImportWarning,
    HiddenNameWarning,
    LeftOutWarning,
    Notice,
)
from kfpkit.bundle.own_module import (
    Found,
    Origin,
    Parts,
    Reduction,
    explain_hidden_names,
    find_origin,
)
from kfpkit.bundle.own_module.deciding import Verdict
from kfpkit.bundle.reading import reading_for
from kfpkit.errors import MissingEmbeddedArtifactError, MissingModuleError, UnreadableFileError
from kfpkit.place import Place
from kfpkit.project import Project


def collect(  # noqa: PLR0913 - what decides on a bundle
    function: Callable[..., Any],
    *,
    project: Project,
    helpers: Sequence[str | ModuleType] = (),
    additional_funcs: Sequence[Callable[..., Any]] = (),
    embedded_artifact: Path | None = None,
    environment: Environment | None = None,
) -> Bundle:
    """Collect the files that a component needs, from syntax trees alone.

    Args:
        function: The component's function.
        project: The project whose source roots contain the first-party modules.
        helpers: Modules or packages that no import statement mentions.
        additional_funcs: Functions that the component's module can call by name.
        embedded_artifact: A file or folder that the component can read at run time.
        environment: The component's environment. None for a foreign image.

    Returns:
        The bundle.

    Raises:
        kfpkit.errors.BundleError: Something cannot work in a container. The error names its place.
    """
    modules = Modules(roots=project.source_roots)
    origin = find_origin(function, modules)
    others = [find_origin(each, modules) for each in additional_funcs]
    parts = Parts(modules=modules, origin=origin, others=tuple(others), environment=environment)
    with (
        reading_for(environment.description.python if environment else None),
        _refusing_unreadable(origin),
    ):
        embedded = _collect_embedded(embedded_artifact, origin)
        reach, own = _follow_imports(parts, helpers, project=project, embedded=embedded)
    notices = list(_list_notices(reach, own, [_name_of(helper) for helper in helpers], origin))
    shown = getattr(function, "__globals__", {}).setdefault("__warningregistry__", {})
    for notice in notices:
        notice.tell(shown)
    shipped = [*reach.files, *embedded]
    return Bundle(
        module=origin.module_name,
        function=origin.name,
        files=tuple(sorted(shipped, key=lambda file: file.path)),
        imports=_select_imports(reach.external, shipped),
        warnings=tuple(f"{each.place}: {each.sentence}" for each in notices),
        decisions=own.decisions,
        embedded=_embedded_name(embedded_artifact),
        skipped=tuple(sorted(reach.skipped)),
        folders=tuple(sorted(reach.folders)),
        consulted=modules.files,
        secrets=_rules(project).refuse(shipped),
    )


@contextlib.contextmanager
def _refusing_unreadable(origin: Origin) -> Iterator[None]:
    """Turn an error of the operating system into one that names the file."""
    try:
        yield
    except OSError as error:
        place = Place(origin.module.file, origin.root.first_line)
        raise UnreadableFileError(
            file=Path(error.filename or ""),
            cause=error.strerror or str(error),
            component=origin.name,
            place=place,
        ) from error


def _rules(project: Project) -> SecretRules:
    return SecretRules(root=project.root, allowed=project.allow_secrets)


def _select_imports(
    external: Mapping[str, ExternalImport], shipped: Iterable[ShippedFile]
) -> tuple[ExternalImport, ...]:
    """Leave out imports of folders if modules in them ship."""
    folders = {f"{file.path.rpartition('/')[0]}/" for file in shipped if file.path.endswith(".py")}
    return tuple(
        external[name]
        for name in sorted(external)
        if not any(each.startswith(name.replace(".", "/") + "/") for each in folders)
    )


def _list_notices(
    reach: Reach, own: Reduction, helpers: Sequence[str], origin: Origin
) -> Iterator[Notice]:
    """Yield the notices for the author about code that couldn't be followed or was left out."""
    for each in list_unanswered(reach.unseen, helpers):
        yield Notice(place=each.place, sentence=each.sentence, category=DynamicImportWarning)
    for file in list_unshipped(reach.unshipped, helpers):
        yield Notice(place=file.place, sentence=file.sentence, category=DataFileWarning)
    for decision in own.decisions:
        if decision.verdict is Verdict.TOLD:
            sentence = decision.warning
            yield Notice(place=decision.place, sentence=sentence, category=LeftOutWarning)
    for line in own.hidden:
        words = origin.module.text.lines[line - 1].strip()
        place = Place(origin.module.file, line)
        yield Notice(place=place, sentence=explain_hidden_names(words), category=HiddenNameWarning)


def _name_of(helper: str | ModuleType) -> str:
    return helper if isinstance(helper, str) else helper.__name__


def _embedded_name(artifact: Path | None) -> str | None:
    if artifact is None:
        return None
    return artifact.name if artifact.is_file() else ""


def _collect_embedded(artifact: Path | None, origin: Origin) -> list[ShippedFile]:
    if artifact is None:
        return []
    if not artifact.exists():
        place = Place(origin.module.file, origin.root.first_line)
        raise MissingEmbeddedArtifactError(path=artifact, component=origin.name, place=place)
    files = [artifact] if artifact.is_file() else list(list_files_below(artifact))
    folder = artifact.parent if artifact.is_file() else artifact
    chain = (f"{origin.module_name}:{origin.name}", "embedded_artifact_path")
    return [
        ShippedFile(
            path=f"{EMBEDDED_FOLDER}/{file.relative_to(folder).as_posix()}",
            content=file.read_bytes(),
            source=file,
            chain=chain,
        )
        for file in files
        # Byte code comes and goes with who imported what, and has times in it.
        if file.is_file() and "__pycache__" not in file.relative_to(folder).parts
    ]


def _follow_imports(
    parts: Parts,
    helpers: Sequence[str | ModuleType],
    *,
    project: Project,
    embedded: list[ShippedFile],
) -> tuple[Reach, Reduction]:
    """Follow imports repeatedly, until no further part of the own module ships."""
    found = Found()
    partials = parts.reduce(found)
    while True:
        sources = Sources(
            modules=parts.modules, partials=partials, embedded=frozenset(_top_names(embedded))
        )
        named = NamedFiles(
            modules=parts.modules,
            shipment=Shipment(inside=(project.root.resolve(), *project.source_roots)),
            rules=_rules(project),
            constants=PathConstants(modules=parts.modules, partial=frozenset(partials)),
        )
        starts = _list_starts(sources, parts.origin, helpers)
        reach = find_reach(starts, sources=sources, named=named)
        found = Found(
            asked=found.asked | reach.asked,
            shipped=found.shipped | reach.shipped,
            imported=found.imported | reach.imported,
        )
        again = parts.reduce(found)
        if all(again[name].reduction.content == partials[name].reduction.content for name in again):
            return reach, again[parts.origin.module_name].reduction
        partials = again


def _list_starts(
    sources: Sources, origin: Origin, helpers: Sequence[str | ModuleType]
) -> Iterator[Start]:
    """Yield the modules that always ship: the component's own, and its helpers."""
    chain = (f"{origin.module_name}:{origin.name}",)
    place = Place(origin.module.file, origin.root.node.lineno)
    yield Start(module=sources.partials[origin.module_name].module, chain=chain, place=place)
    for helper in helpers:
        name = _name_of(helper)
        module = sources.modules.find(name)
        if module is None:
            roots = list(sources.modules.roots)
            raise MissingModuleError(module=name, place=place, roots=roots)
        yield Start(module=module, chain=(*chain, f"helpers: {name}"), place=place, whole=True)


def _top_names(files: list[ShippedFile]) -> set[str]:
    tops = {file.path.split("/")[1] for file in files}
    return {top.removesuffix(".py") for top in tops}
