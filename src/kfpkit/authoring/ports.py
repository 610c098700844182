"""The inputs and outputs of a component, as its author reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_ARTIFACT = re.compile(r"\w+\.(\w+)(?:@[\d.]+)?")
_WORD = re.compile(r"\w+")
_NAMES = {
    "String": "str",
    "Integer": "int",
    "Float": "float",
    "Double": "float",
    "Boolean": "bool",
    "List": "list",
    "Dict": "dict",
}


@dataclass(frozen=True, kw_only=True)
class Port:
    """An input or output of a component.

    Args:
        name: Its name.
        type: The Python type of a parameter, or the class of an artifact, such as `Dataset`.
        is_artifact: Whether it is an artifact.
        is_optional: Whether an input may be left out.
        default: The value of an input that is left out.
        description: What it means. Empty if the component doesn't say.
    """

    name: str
    type: str
    is_artifact: bool
    is_optional: bool = False
    default: Any = None
    description: str = ""


def read_ports(described: Any) -> tuple[Port, ...]:
    """Read the inputs or outputs of KFP's specification.

    Args:
        described: KFP's descriptions by name, or None if there are none.
    """
    return tuple(_read_port(name, each) for name, each in (described or {}).items())


def _read_port(name: str, described: Any) -> Port:
    artifact = _ARTIFACT.fullmatch(described.type)
    plain = artifact[1] if artifact else _WORD.sub(_name_in_python, described.type)
    return Port(
        name=name,
        type=f"list[{plain}]" if getattr(described, "is_artifact_list", False) else plain,
        is_artifact=artifact is not None,
        is_optional=bool(getattr(described, "optional", False)),
        default=getattr(described, "default", None),
        description=" ".join((described.description or "").split()),
    )


def _name_in_python(found: re.Match[str]) -> str:
    return _NAMES.get(found[0], found[0])
