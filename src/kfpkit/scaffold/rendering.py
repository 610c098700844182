"""Renders the template's files with the names of a project."""

from __future__ import annotations

from pathlib import Path

TEMPLATE = Path(__file__).with_name("template")
_NAME = "my-project"
_PACKAGE = "my_project"
_REQUIREMENT = "kfpkit[images,local]=="
_LEFT_OUT = {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}


def render_template(folder: Path, *, name: str, package: str, version: str) -> None:
    """Write the files of a project.

    Args:
        folder: The folder to fill.
        name: The project's name.
        package: The name of its package.
        version: The version of kfpkit that it is locked with.
    """
    replacements = {
        f"{_REQUIREMENT}0.0.0": f"{_REQUIREMENT}{version}",
        _NAME: name,
        _PACKAGE: package,
    }
    for source in sorted(TEMPLATE.rglob("*")):
        path = source.relative_to(TEMPLATE)
        if source.is_file() and not _LEFT_OUT.intersection(path.parts):
            target = folder / _replace(str(path), replacements)
            target.parent.mkdir(parents=True, exist_ok=True)
            text = _replace(source.read_text(encoding="utf-8"), replacements)
            target.write_text(text, encoding="utf-8", newline="\n")


def _replace(text: str, replacements: dict[str, str]) -> str:
    for before, after in replacements.items():
        text = text.replace(before, after)
    return text
