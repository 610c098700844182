"""The filter with which a Kubeflow Pipelines server lists runs."""

from __future__ import annotations

from kfpkit.errors import UnfilteredRunsError
from kfpkit.runs.history import RunFilter
from kfpkit.targets.kubeflow.records import STATES
from kfpkit.targets.kubeflow.service import (
    Predicate,
    contains,
    is_before,
    is_one_of,
    is_since,
    make_filter,
)
from kfpkit.targets.kubeflow_target import KubeflowTarget
from kfpkit.targets.labels import OWN

_RECORDED = tuple(f"{OWN}{each}" for each in ("config", "revision", "target", "template", "user"))


def write_filter(wanted: RunFilter, target: KubeflowTarget) -> str:
    """Return the filter of a request. Empty for all runs.

    The server can't filter runs by their pipelines. It finds parts of descriptions, which is where
    kfpkit records facts, so what it lists is compared once more.

    Args:
        wanted: Which runs.
        target: The target.

    Raises:
        UnfilteredRunsError: Runs have no such labels.
    """
    unknown = [key for key in wanted.labels if key not in _RECORDED]
    if unknown:
        raise UnfilteredRunsError(target=target.name, labels=unknown, known=_RECORDED)
    predicates: list[Predicate] = []
    if wanted.state is not None:
        words = [word for word, state in STATES.items() if state.value == wanted.state]
        predicates.append(is_one_of("state", words))
    if wanted.since is not None:
        predicates.append(is_since("created_at", wanted.since))
    if wanted.until is not None:
        predicates.append(is_before("created_at", wanted.until))
    for key, value in wanted.labels.items():
        predicates.append(contains("description", f"{key}: {value}"))
    return make_filter(*predicates)
