"""The key of Kubeflow's execution cache, after the source of Kubeflow Pipelines.

`backend/src/v2/cacheutils/cache.go` and `backend/src/v2/driver/cache.go` make it of the values of
parameters, the names of input artifacts, the names and types of outputs, the image, the command
with its arguments, and the names of volumes. Environment variables, resources, accounts and the age
are not in it. A pipeline's name and its namespace limit where it is looked up.

The name of an artifact is its id in ML Metadata, which is new each time that a task runs.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

# What Go's encoder writes in another way than Python's.
_ESCAPES = {each: f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"}
_SMALLEST, _LARGEST = 1e-6, 1e21  # numbers that Go writes without an exponent


@dataclass(frozen=True, kw_only=True)
class CacheKey:
    """What identifies a task.

    Args:
        image: The image.
        command: The command and its arguments.
        artifacts: The names of input artifacts, by input.
        parameters: The values of input parameters, by name.
        output_artifacts: The types and metadata of output artifacts, by name.
        output_parameters: The types of output parameters, by name.
        volumes: The names of volumes.
    """

    image: str
    command: Sequence[str] = ()
    artifacts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    output_artifacts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    output_parameters: Mapping[str, str] = field(default_factory=dict)
    volumes: Sequence[str] = ()

    @property
    def fingerprint(self) -> str:
        """The digest of its message in JSON."""
        return hashlib.sha256(_write(self.describe()).encode()).hexdigest()

    def describe(self) -> dict[str, Any]:
        """Return its message as in JSON, without empty fields."""
        volumes = sorted(set(self.volumes))
        container = {"image": self.image, "cmdArgs": list(self.command), "pvcNames": volumes}
        fields = {
            "inputArtifactNames": {
                name: {"artifactNames": list(names)} if names else {}
                for name, names in self.artifacts.items()
            },
            "inputParameterValues": dict(self.parameters),
            "outputArtifactsSpec": {
                name: {"name": name, **values} for name, values in self.output_artifacts.items()
            },
            "outputParametersSpec": dict(self.output_parameters),
        }
        return {
            **{name: value for name, value in fields.items() if value},
            "containerSpec": {name: value for name, value in container.items() if value},
        }


def compute_custom_fingerprint(component: str, key: str) -> str:
    """Return the fingerprint of a key that an author has set, which replaces everything else.

    Args:
        component: The component's name in the pipeline.
        key: The author's key.
    """
    scope = f"{component}\0" if component else ""
    return hashlib.sha256(f"{scope}{key}".encode()).hexdigest()


def _write(value: Any) -> str:
    """Return JSON as Go's encoder writes it: sorted, without spaces, safe in HTML."""
    if isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False)
        return re.sub("[<>&\u2028\u2029]", lambda found: _ESCAPES[found[0]], text)
    if isinstance(value, Mapping):
        return f"{{{','.join(f'{_write(each)}:{_write(value[each])}' for each in sorted(value))}}}"
    if isinstance(value, list):
        return f"[{','.join(_write(each) for each in value)}]"
    if isinstance(value, (int, float)) and type(value) is not bool:
        return _write_number(float(value))
    return json.dumps(value)


def _write_number(value: float) -> str:
    """Return a number as Go does, for which all numbers in JSON are doubles."""
    if value == 0 or _SMALLEST <= abs(value) < _LARGEST:
        return format(Decimal(repr(value)), "f").removesuffix(".0")
    mantissa, _, exponent = repr(value).partition("e")
    sign = "-" if exponent.startswith("-") else "+"
    return f"{mantissa.removesuffix('.0')}e{sign}{exponent.lstrip('+-').lstrip('0')}"
