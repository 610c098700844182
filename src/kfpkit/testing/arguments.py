"""Checks a test's inputs against the component's interface."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kfpkit.errors import ComponentArgumentsError
from kfpkit.specification import ComponentSpec, find_loss, make_artifact
from kfpkit.testing.artifacts import Artifact
from kfpkit.wording import find_nearest, quote_all


def make_component_arguments(
    name: str, component: ComponentSpec, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Convert a test's inputs to a task's arguments.

    Args:
        name: The component's name, for errors.
        component: Its `ComponentSpec`.
        given: Values and artifacts by name.

    Returns:
        The arguments by name.

    Raises:
        ComponentArgumentsError: They don't match the component's inputs.
    """
    problems = list(_find_problems(component.input_definitions, given))
    if problems:
        raise ComponentArgumentsError(component=name, problems=problems)
    artifacts = component.input_definitions.artifacts
    return {
        key: _make_artifacts(key, artifacts[key].artifact_type, value)
        if key in artifacts
        else value
        for key, value in given.items()
        if not (key in artifacts and value is None)
    }


def _find_problems(inputs: Any, given: Mapping[str, Any]) -> Iterator[str]:
    known = [*inputs.parameters, *inputs.artifacts]
    for name in given:
        if name not in known:
            near = find_nearest(name, known)
            advice = f"did you mean `{near}`?" if near else f"it has {quote_all(known)}"
            yield f"`{name}` is not an input of the component; {advice}"
    yield from _find_parameter_problems(inputs, given)
    for name, artifact in sorted(inputs.artifacts.items()):
        if given.get(name) is None:
            if not artifact.is_optional:
                yield f"the artifact `{name}` is missing"
        elif not _fits(given[name], many=artifact.is_artifact_list):
            form = "a list of these" if artifact.is_artifact_list else "an `Artifact` or a `Path`"
            yield f"`{name}` is an artifact: pass {form}, not {given[name]!r}"


def _find_parameter_problems(inputs: Any, given: Mapping[str, Any]) -> Iterator[str]:
    for name, parameter in sorted(inputs.parameters.items()):
        if name not in given and not parameter.is_optional:
            yield f"the parameter `{name}` is missing"
        elif Artifact.of(given.get(name)) is not None:
            yield f"`{name}` is a parameter, but the test passes an artifact or a path"
        elif (loss := find_loss(given.get(name))) is not None:
            yield f"`{name}` cannot be passed on: {loss}"


def _fits(value: Any, *, many: bool) -> bool:
    if many:
        return isinstance(value, list) and all(Artifact.of(each) is not None for each in value)
    return Artifact.of(value) is not None


def _make_artifacts(name: str, kind: Any, value: Any) -> Any:
    if isinstance(value, list):
        return [_make_artifacts(name, kind, each) for each in value]
    artifact = Artifact.of(value)
    if artifact is None:  # `_problems` has looked
        raise TypeError(name)
    return make_artifact(
        {
            "name": name,
            "uri": artifact.uri,
            "metadata": dict(artifact.metadata),
            "type": {"schemaTitle": kind.schema_title, "schemaVersion": kind.schema_version},
        }
    )
