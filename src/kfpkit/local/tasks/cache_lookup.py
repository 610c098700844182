"""The cache of one task: whether an earlier success serves, and the reasons for a miss.

How the key is computed is in `kfpkit.specification.execution.cache_keys`; whether an entry is still
valid is in `entry` (`Entry.is_unchanged`) and `fingerprint`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kfpkit.local.tasks.cache import TaskCache
from kfpkit.local.tasks.entry import Entry
from kfpkit.local.tasks.finished import FinishedTasks
from kfpkit.local.tasks.keys import OwnNames, TaskKey
from kfpkit.local.tasks.successes import Success
from kfpkit.runs.record import CacheUse, Miss

_OTHER_RULES = "other-rules"  # no task of this machine's own rule has this base


@dataclass(frozen=True, kw_only=True)
class Found:
    """The outputs of an earlier success, which a task uses instead of running.

    Args:
        entry: The outputs.
        retry: Whether they are from the run that this one retries, and not from the cache.
    """

    entry: Entry
    retry: bool


@dataclass(frozen=True, kw_only=True)
class CacheLookup:
    """The cache of one task.

    Args:
        cache: The cache. None if caching is off for the task or the run.
        finished: The outputs that the run keeps for retries.
        earlier: The outputs of the run that this one retries, and of those that it has retried
            itself, the newest first. Empty if this isn't a retry.
        again: Whether the task runs even if it has succeeded earlier.
        pipeline: The pipeline's name.
        run: The run's id.
        task: The task's name in the run.
        key: The task's key.
    """

    cache: TaskCache | None
    finished: FinishedTasks
    earlier: Sequence[FinishedTasks] = ()
    again: bool = False
    pipeline: str
    run: str
    task: str
    key: TaskKey

    def find(self) -> Found | None:
        """Return the outputs of an earlier success, which then counts as the task's last one."""
        found = None if self.again else self._find()
        if found is not None:
            # Its files are as they were, so it is kept without reading them again.
            self.finished.put(self.task, self._locate_key(self.finished), found.entry)
            self._keep_parts()
        return found

    def _find(self) -> Found | None:
        for earlier in self.earlier:
            entry = earlier.get(self.task, self._locate_key(earlier))
            if entry is not None:
                return Found(entry=entry, retry=True)
            if earlier.has_reached(self.task):
                break
        entry = None if self.cache is None else self.cache.get(self.key.key)
        return None if entry is None else Found(entry=entry, retry=False)

    def keep(self, outputs: Mapping[str, Any]) -> None:
        """Write the task's outputs for retries of its run, and to the cache.

        Args:
            outputs: Its parameters and artifacts by name. The artifacts are given their names.

        Raises:
            OSError: They can't be read, or can't be written to the cache.
        """
        own = OwnNames(run=self.run, task=self.task, artifacts=self.key.artifacts)
        (self.key.rule or own).name_outputs(outputs)
        entry = Entry.take(outputs, run=self.run, task=self.task)
        self.finished.put(self.task, self._locate_key(self.finished), entry)
        if self.cache is not None:
            # First: an entry whose inputs aren't known makes forecasts less certain.
            self._add_success(self.cache)
            self.cache.put(self.key.key, entry)
            self._keep_parts()

    def describe(self, found: Found | None) -> CacheUse:
        """Return the task's use of the cache for the record.

        Args:
            found: The outputs of an earlier success, if the task uses them.
        """
        key = self.key.key
        if found is not None:
            made = found.entry
            retry = found.retry or None
            return CacheUse(key=key, hit=True, run=made.run, task=made.task, retry=retry)
        return CacheUse(key=key, hit=False, miss=self._explain_miss() or None)

    def _locate_key(self, finished: FinishedTasks) -> str:
        """Return the key for a run's folder, which stays the same when the folder is moved.

        The author's own key is for the cache; what a retry reuses has had the same inputs.
        """
        values = dict(self.key.invocation.values)
        return self.key.compute(finished.place(values), custom="")

    def _explain_miss(self) -> tuple[Miss, ...]:
        if self.cache is None or self.again:
            return (Miss(kind="off"),)
        return self.key.explain(self.cache.read_parts(self.pipeline, self.task))

    def _add_success(self, cache: TaskCache) -> None:
        key = self.key
        base = key.base if key.rule is None else _OTHER_RULES
        cache.successes.add(base, Success(key=key.key, inputs=key.digests, places=key.places))

    def _keep_parts(self) -> None:
        # They only explain a miss, so a run doesn't fail without them.
        with contextlib.suppress(OSError):
            known = None if self.cache is None else self.cache.read_parts(self.pipeline, self.task)
            if self.cache is not None and known != self.key.parts:
                self.cache.keep_parts(self.pipeline, self.task, self.key.parts)
