"""Decides what becomes of one task."""

from __future__ import annotations

from kfpkit.forecasts.graph.due_task import DueTask
from kfpkit.forecasts.graph.fingerprint import Likeness
from kfpkit.forecasts.graph.forecast import Answer, Reason
from kfpkit.forecasts.graph.lookups import Hit, Judgement, Lookup
from kfpkit.forecasts.graph.twins import Twin, Twins


def judge(due: DueTask, lookup: Lookup, twins: Twins) -> Judgement:
    """Decide what becomes of a task.

    Args:
        due: The task.
        lookup: What its target knows of it.
        twins: The tasks so far that run. Gets this one if it may run.
    """
    fingerprint = lookup.fingerprint
    hit = None if fingerprint.open else lookup.find()
    if hit is not None:
        return _describe(hit)
    same = twins.list(fingerprint)
    for twin in same:
        if twin.serves(due, fingerprint):
            return _describe(Hit(outputs=twin.outputs, run=None, task=twin.due.name))
    reasons = _list_open(lookup, same)
    judgement = Judgement(
        answer=Answer.OPEN if reasons else Answer.MISS,
        reasons=reasons or tuple(lookup.explain()) or (Reason(kind="unknown"),),
        outputs=lookup.foresee(runs=not reasons),
        contested=[twin.due.name for twin in same if twin.due.name not in due.before],
    )
    twins.add(Twin(due=due, fingerprint=fingerprint, outputs=judgement.outputs))
    return judgement


def _list_open(lookup: Lookup, same: list[Twin]) -> tuple[Reason, ...]:
    """Return what it hangs on whether the task is a hit. Empty if it certainly isn't."""
    ours = lookup.fingerprint
    doubts = tuple(lookup.list_doubts())
    if not doubts and any(each.fingerprint.compare(ours) is Likeness.POSSIBLE for each in same):
        doubts = tuple(Reason(kind="value", name=source) for source in ours.sources)
    return doubts or tuple(Reason(kind="same", name=twin.due.name) for twin in same)


def _describe(hit: Hit) -> Judgement:
    return Judgement(answer=Answer.HIT, outputs=hit.outputs, run=hit.run, task=hit.task)
