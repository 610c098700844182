"""Refuses imports without a module in the project, or leaves them to the environment."""

from __future__ import annotations

from pathlib import Path

from kfpkit.bundle.bundle import ExternalImport
from kfpkit.bundle.modules import Module, Modules, parents, ships_with_kfpkit
from kfpkit.bundle.reading import ImportStatement
from kfpkit.errors import (
    CompiledExtensionError,
    InternalImportError,
    MissingImportedNameError,
    MissingModuleError,
)
from kfpkit.place import Place


def explain_absence(
    name: str, statement: ImportStatement, place: Place, modules: Modules
) -> tuple[ExternalImport, ...]:
    """Refuse an import that the project should provide.

    Args:
        name: The dotted name of the import.
        statement: The import statement.
        place: Its place.
        modules: Finds first-party modules.

    Returns:
        What the environment must provide instead.

    Raises:
        MissingModuleError: A package of the project lacks the module.
        CompiledExtensionError: The module is compiled code.
    """
    if statement.optional:
        return ()
    if name.startswith("."):
        raise MissingModuleError(module=name, place=place, roots=list(modules.roots))
    extension = modules.compiled(name)
    if extension is not None:
        raise CompiledExtensionError(module=name, file=extension, place=place)
    above = [found for each in parents(name) if (found := modules.find(each))]
    relative = statement.level > 0
    if relative or any(found.file is not None for found in above):
        roots = [Path(folder) for folder in modules.folders_above(name)]
        roots = roots or list(modules.roots)
        raise MissingModuleError(module=name, place=place, roots=roots)
    if above:
        namespace = Path(above[-1].folders[0])
        return (ExternalImport(module=name, place=place, namespace=namespace),)
    return tuple(
        ExternalImport(module=name if each == "*" else f"{name}.{each}", place=place)
        for each in statement.names or ("*",)
    )


def refuse_absent_name(name: str, module: Module, place: Place, modules: Modules) -> None:
    """Refuse the import of a name that a module of the project lacks.

    Raises:
        CompiledExtensionError: The name is a module of compiled code.
        MissingImportedNameError: The name does not exist.
    """
    full = f"{module.name}.{name}"
    if extension := modules.compiled(full):
        raise CompiledExtensionError(module=full, file=extension, place=place)
    raise MissingImportedNameError(
        name=name, module=module.name, file=Path(module.file or ""), place=place
    )


def refuse_internal(name: str, statement: ImportStatement, place: Place, modules: Modules) -> None:
    """Refuse the import of a part of kfpkit that containers don't have.

    Raises:
        InternalImportError: The module is such a part.
    """
    names = [name]
    if name == "kfpkit":
        names += [f"kfpkit.{each}" for each in statement.names or () if each != "*"]
    for each in names:
        known = modules.find(each) is not None
        if known and not ships_with_kfpkit(each) and not statement.optional:
            raise InternalImportError(module=each, place=place)
