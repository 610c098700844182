"""What a new project can be for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from kfpkit.errors import UnknownTemplateError

TEMPLATE = Path(__file__).with_name("template")
"""A complete project."""

OVERLAYS = TEMPLATE / "overlays"
"""What other projects have instead."""

DEFAULT = "training"


@dataclass(frozen=True, kw_only=True)
class Template:
    """What a new project is for.

    Args:
        summary: It in a few words.
        environments: kfpkit's environments that the project has.
        overlay: The folder with files that are added, or replace others.
        without: Paths that the project doesn't have.
    """

    summary: str
    environments: tuple[str, ...]
    overlay: Path | None = None
    without: tuple[str, ...] = ()


TEMPLATES: Mapping[str, Template] = MappingProxyType(
    {
        DEFAULT: Template(
            summary="a component of your own, in a pipeline",
            environments=("sklearn",),
        ),
        "table": Template(
            summary="from a table to a judged model, by configuration alone",
            environments=("gcp", "lightgbm", "sklearn", "xgboost-3"),
            overlay=OVERLAYS / "table",
            without=(
                "pipelines",
                "src/my_project/components.py",
                "src/my_project/features.py",
                "tests",
            ),
        ),
    }
)


def find_template(name: str) -> Template:
    """Find a template by its name.

    Args:
        name: The name.

    Raises:
        UnknownTemplateError: It doesn't exist.
    """
    if name not in TEMPLATES:
        raise UnknownTemplateError(name=name, known=tuple(TEMPLATES))
    return TEMPLATES[name]
