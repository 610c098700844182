"""Renders the template's files with the names of a project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kfpkit.scaffold.templates import OVERLAYS, TEMPLATE, Template

_NAME = "my-project"
_PACKAGE = "my_project"
_REQUIREMENT = "kfpkit[images,local]=="
_LEFT_OUT = {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", OVERLAYS.name}


def render_template(
    folder: Path, template: Template, *, name: str, package: str, version: str
) -> None:
    """Write the files of a project.

    Args:
        folder: The folder to fill.
        template: What the project is for.
        name: The project's name.
        package: The name of its package.
        version: The version of kfpkit that it is locked with.
    """
    replacements = {
        f"{_REQUIREMENT}0.0.0": f"{_REQUIREMENT}{version}",
        _NAME: name,
        _PACKAGE: package,
    }
    for path, source in _list_files(template):
        target = folder / _replace(str(path), replacements)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = _replace(source.read_text(encoding="utf-8"), replacements)
        target.write_text(text, encoding="utf-8", newline="\n")


def _list_files(template: Template) -> Iterator[tuple[Path, Path]]:
    """Yield the paths in the project with their sources, a replaced file before its replacement."""
    for path, source in _walk(TEMPLATE):
        if not any(path.is_relative_to(each) for each in template.without):
            yield path, source
    if template.overlay is not None:
        yield from _walk(template.overlay)


def _walk(folder: Path) -> Iterator[tuple[Path, Path]]:
    for source in sorted(folder.rglob("*")):
        path = source.relative_to(folder)
        if source.is_file() and not _LEFT_OUT.intersection(path.parts):
            yield path, source


def _replace(text: str, replacements: dict[str, str]) -> str:
    for before, after in replacements.items():
        text = text.replace(before, after)
    return text
