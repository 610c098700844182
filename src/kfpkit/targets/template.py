"""A compiled pipeline, as a target gets it."""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from kfpkit.errors import OldSchemaError, UnsupportedPlatformError

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_VERSION = re.compile(r"(\d+)\.(\d+)")


@dataclass(frozen=True, kw_only=True)
class Template:
    """A compiled pipeline.

    Args:
        text: The content of its file.
        spec: The specification, as in JSON.
        platforms: Its settings for platforms such as Kubernetes. Empty if it has none.
    """

    text: str
    spec: Mapping[str, Any]
    platforms: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The pipeline's name."""
        return str(self.spec["pipelineInfo"]["name"])

    @property
    def digest(self) -> str:
        """The SHA-256 of the content."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def without_caching(self) -> dict[str, Any]:
        """Return the specification with the cache switched off for each task.

        Tasks of nested pipelines, loops and conditions are in components of their own.
        """
        spec = copy.deepcopy(dict(self.spec))
        for component in (spec["root"], *spec.get("components", {}).values()):
            for task in component.get("dag", {}).get("tasks", {}).values():
                task["cachingOptions"] = {"enableCache": False}
        return spec


def read_template(text: str, *, has_kubernetes: bool = False) -> Template:
    """Read a compiled pipeline.

    Args:
        text: The content of its file, which `kfpkit.specification` has read without a fault.
        has_kubernetes: Whether the target runs pipelines in Kubernetes.

    Raises:
        OldSchemaError: An old version of KFP has compiled it.
        UnsupportedPlatformError: It has settings for Kubernetes, which the target would ignore.
    """
    spec, *platforms = yaml.load_all(text, Loader=_Loader)
    name = str(spec["pipelineInfo"]["name"])
    version = str(spec.get("schemaVersion", ""))
    found = _VERSION.match(version)
    # Up to 2.0.0, parameters have other types and another form in requests.
    if found is None or (int(found[1]), int(found[2])) < (2, 1):
        raise OldSchemaError(pipeline=name, version=version, sdk=str(spec.get("sdkVersion", "")))
    settings = [each for platform in platforms for each in _list_settings(platform or {})]
    if settings and not has_kubernetes:
        raise UnsupportedPlatformError(pipeline=name, settings=settings)
    return Template(text=text, spec=spec, platforms=platforms[0] if settings else {})


def _list_settings(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the tasks and settings in a second document, which KFP writes for platforms."""
    for platform, values in document.get("platforms", {}).items():
        executors = values.get("deploymentSpec", {}).get("executors", {})
        for label, settings in executors.items():
            yield from ((label.removeprefix("exec-"), key) for key in settings)
        if not executors:
            yield ("the pipeline", platform)
