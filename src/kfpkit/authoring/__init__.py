"""Components as authors write them: from a decorated function to a component of KFP."""

from __future__ import annotations

from kfpkit.authoring.annotations import (
    resolve_annotations,
)
from kfpkit.authoring.component import (
    Component,
    make_component,
)
from kfpkit.authoring.definition import (
    place_of,
    place_of_caller,
)
from kfpkit.authoring.home import (
    active_project,
)
from kfpkit.authoring.interface import (
    require_plain_text,
)
from kfpkit.authoring.options import (
    Options,
)

__all__ = [
    "Component",
    "Options",
    "active_project",
    "make_component",
    "place_of",
    "place_of_caller",
    "require_plain_text",
    "resolve_annotations",
]
