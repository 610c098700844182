"""Runs on a Kubeflow Pipelines server, found by their names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from kfpkit.errors import AmbiguousRunError, UnknownRunError
from kfpkit.targets.kubeflow.records import name_run
from kfpkit.targets.kubeflow.service import (
    KubeflowConnection,
    contains,
    equals,
    find_run,
    list_runs,
    make_filter,
)

_LATEST = re.compile(r"latest(?:~(\d{1,4}))?")
_SERVER_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_START = re.compile(r"[0-9a-f-]+")  # of a server's id
_NEWEST = "created_at desc"
_SHOWN = 6  # of runs whose ids begin alike


@dataclass(frozen=True, kw_only=True)
class RunSearch:
    """Finds runs in a namespace.

    A run is named by its display name if kfpkit could have chosen it, and by the server's id
    otherwise. The server allows several runs of one name. Then, only their ids name them.

    Args:
        connection: A connection to the server.
    """

    connection: KubeflowConnection

    def find(self, wanted: str) -> str:
        """Return the id of the run that a short name means.

        Args:
            wanted: `latest`, `latest~N`, an id, or the beginning of one.

        Raises:
            RunsError: There is no such run, or several.
            RequestError: A request was refused, or not answered.
        """
        latest = _LATEST.fullmatch(wanted)
        if latest:
            back = int(latest[1] or 0)
            found = list(islice(self.list_runs(size=back + 1), back, back + 1))
        elif _SERVER_ID.fullmatch(wanted) and find_run(self.connection, wanted) is not None:
            return wanted
        else:
            found = self._list_named(wanted) or self._list_starting(wanted)
        if len(found) > 1:
            raise self._refuse_all(wanted, found)
        if not found:
            raise UnknownRunError(run=wanted, target=self.connection.target.name)
        return name_run(found[0])

    def fetch(self, run: str) -> Mapping[str, Any]:
        """Fetch a run.

        Args:
            run: Its id, as `find` returns it. Several runs may have it.

        Raises:
            RunsError: There is no such run, or several.
            RequestError: A request was refused, or not answered.
        """
        if _SERVER_ID.fullmatch(run):
            message = find_run(self.connection, run)
            if message is not None:
                return message
        found = self._list_named(run)
        if len(found) > 1:
            raise self._refuse_all(run, found)
        if not found:
            raise UnknownRunError(run=run, target=self.connection.target.name)
        return found[0]

    def _list_named(self, name: str) -> list[dict[str, Any]]:
        condition = make_filter(equals("display_name", name))
        return list(islice(self.list_runs(condition=condition, size=_SHOWN), _SHOWN))

    def _list_starting(self, start: str) -> list[dict[str, Any]]:
        keys = ["display_name", *(["run_id"] if _START.fullmatch(start) else [])]
        found = (
            run
            for key in keys
            for run in self.list_runs(condition=make_filter(contains(key, start)))
            if start and str(run.get(key, "")).startswith(start)
        )
        return list(islice(found, _SHOWN))

    def list_runs(
        self, *, condition: str = "", size: int | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield runs, from the newest to the oldest.

        Args:
            condition: A filter (default: all runs).
            size: The number of runs to ask for at once.

        Raises:
            RequestError: A request was refused, or not answered.
        """
        query: dict[str, Any] = {"filter": condition} if condition else {}
        query |= {} if size is None else {"page_size": size}
        return list_runs(self.connection, sort_by=_NEWEST, **query)

    def _refuse_all(self, wanted: str, found: Sequence[Mapping[str, Any]]) -> AmbiguousRunError:
        """Name runs by what is theirs alone."""
        target = self.connection.target.name
        names = [name_run(each) for each in found]
        own = [
            name if names.count(name) == 1 else str(each.get("run_id"))
            for name, each in zip(names, found, strict=True)
        ]
        return AmbiguousRunError(
            run=f"{target}:{wanted}", found=[f"{target}:{each}" for each in own]
        )
