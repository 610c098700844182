"""Finds settings for a cluster that have no effect in a local run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kfpkit.specification import TIMEOUT, ExecutorSettings, Specification

_KUBERNETES = {
    "secretAsEnv": "secrets",
    "secretAsVolume": "secrets",
    "configMapAsEnv": "config maps",
    "configMapAsVolume": "config maps",
    "pvcMount": "volumes",
    "genericEphemeralVolume": "volumes",
    "emptyDirMounts": "volumes",
    "enabledSharedMemory": "shared memory",
    "nodeSelector": "node selectors",
    "nodeAffinity": "affinities",
    "podAffinity": "affinities",
    "tolerations": "tolerations",
    "podMetadata": "pod labels and annotations",
    "imagePullSecret": "image pull secrets",
    "imagePullPolicy": "image pull policies",
    "fieldPathAsEnv": "variables from pod fields",
    "securityContext": "security contexts",
    "initContainers": "init containers",
}
_PIPELINE = {
    "resourceTtlOnCompletion": "retention of finished runs",
    "resourceTtlOnSuccess": "retention of finished runs",
    "resourceTtlOnFailure": "retention of finished runs",
    "activeDeadlineSeconds": "timeouts",
}
_APPLIED = {"workspace"}  # a folder of the run


def find_ignored(specification: Specification) -> dict[str, list[str]]:
    """Return the settings of a pipeline that have no effect here.

    Args:
        specification: The pipeline.

    Returns:
        For each kind of setting, the components that use it, or the pipeline's name.
    """
    found: dict[str, list[str]] = {}
    for kind, owner in (*_find_resources(specification), *_find_platform_settings(specification)):
        owners = found.setdefault(kind, [])
        if owner not in owners:
            owners.append(owner)
    return found


def describe_ignored(ignored: Mapping[str, list[str]]) -> str:
    """Return a line about the settings that have no effect here.

    Args:
        ignored: The settings, with their users.
    """
    listed = "; ".join(f"{kind} ({', '.join(owners)})" for kind, owners in ignored.items())
    return f"This run ignores settings that apply only in a cluster: {listed}"


def _find_resources(specification: Specification) -> Iterator[tuple[str, str]]:
    for label, executor in specification.executors.items():
        for field, _ in executor.container.resources.ListFields():
            is_accelerator = field.name == "accelerator"
            kind = "accelerators" if is_accelerator else "CPU and memory limits and requests"
            yield kind, _component(label)


def _find_platform_settings(specification: Specification) -> Iterator[tuple[str, str]]:
    for platform in specification.platforms.values():
        for key in sorted(platform.get("pipelineConfig", {})):
            if key not in _APPLIED:
                yield _PIPELINE.get(key, f"`{key}`"), specification.name
        executors = platform.get("deploymentSpec", ExecutorSettings()).get("executors", {})
        for label, settings in sorted(executors.items()):
            for key in sorted(settings.keys() - {TIMEOUT}):
                yield _KUBERNETES.get(key, f"`{key}`"), _component(label)


def _component(label: str) -> str:
    return label.removeprefix("exec-")
