"""Turns a decorated function into a KFP component."""

from __future__ import annotations

from kfpkit.authoring.annotations import resolve_annotations
from kfpkit.authoring.component import Component, make_component
from kfpkit.authoring.definition import find_caller_place, find_place
from kfpkit.authoring.home import active_project
from kfpkit.authoring.interface import require_plain_text
from kfpkit.authoring.options import Options
from kfpkit.authoring.ports import Port

__all__ = [
    "Component",
    "Options",
    "Port",
    "active_project",
    "find_caller_place",
    "find_place",
    "make_component",
    "require_plain_text",
    "resolve_annotations",
]
