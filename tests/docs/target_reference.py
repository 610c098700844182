"""The reference of targets, written from their model."""

from __future__ import annotations

from pydantic_core import PydanticUndefined

from kfpkit.targets import EmulatorTarget, KubeflowTarget, VertexTarget
from kfpkit.targets.reading import list_keys

_DEFAULTS = {None: "none", True: "`true`", False: "`false`"}


def write_reference() -> str:
    """Return tables with the keys of each kind of target."""
    vertex, emulator = _write_table(VertexTarget), _write_table(EmulatorTarget)
    kubeflow = _write_table(KubeflowTarget)
    return (
        f'With `kind = "vertex"`:\n\n{vertex}\n\n'
        'With `kind = "kubeflow"`, for a [Kubeflow Pipelines server](../how-to/kubeflow.md):'
        f"\n\n{kubeflow}\n\n"
        'With `kind = "emulator"`, for [Vertex AI on this machine](../how-to/vertex-emulator.md):'
        f"\n\n{emulator}"
    )


def _write_table(kind):
    fields = {field.alias: field for field in kind.model_fields.values()}
    rows = [
        f"| `{key}` | {_write_default(fields[key])} | {meaning} |"
        for key, meaning in list_keys(kind).items()
    ]
    return "\n".join(["| Key | Default | Meaning |", "| --- | --- | --- |", *rows])


def _write_default(field):
    if field.default_factory is dict:
        return "none"
    if field.default is PydanticUndefined:
        return "required"
    is_shown = isinstance(field.default, str) or type(field.default) is int
    return f"`{field.default}`" if is_shown else _DEFAULTS[field.default]
