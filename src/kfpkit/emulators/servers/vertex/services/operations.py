"""Long-running operations, which take a moment so that clients really poll them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ..google_messages import find_message
from ..names import Projects, make_id, read_clock, write_time
from ..refusals import missing
from ..store import Row, Store

_MOMENT = dt.timedelta(seconds=0.2)
KIND = "google.longrunning.Operation"


class Operations:
    """The operations that requests have started."""

    def __init__(self, store: Store, projects: Projects) -> None:
        """Keep the operations in the `store`."""
        self._store = store
        self._projects = projects

    @property
    def methods(self) -> dict[str, Any]:
        """The functions of the service."""
        return {"GetOperation": self.get, "CancelOperation": self.cancel}

    def start(self, place: str, metadata: Any, response: Any) -> Any:
        """Return an operation that is done in a moment.

        Args:
            place: The name of what it concerns: a location, or a resource there.
            metadata: Its metadata, with a field `generic_metadata`.
            response: The response when it is done.
        """
        now = read_clock()
        name = f"{place}/operations/{make_id()}"
        generic = metadata.generic_metadata
        generic.create_time.FromDatetime(now)
        generic.update_time.FromDatetime(now)
        operation = find_message(KIND)(name=name, done=True)
        operation.metadata.Pack(metadata)
        operation.response.Pack(response)
        self._store.put(KIND, name, place, operation, {"ready": write_time(now + _MOMENT)})
        return _hide_result(operation)

    def finish(self, place: str, metadata: Any, response: Any) -> Any:
        """Return an operation that is done, for services whose clients don't poll.

        Args:
            place: The name of what it concerns.
            metadata: Its metadata.
            response: The response.
        """
        now = read_clock()
        name = f"{self._projects.canonize(place)}/operations/{make_id()}"
        operation = find_message(KIND)(name=name, done=True)
        operation.metadata.Pack(metadata)
        operation.response.Pack(response)
        self._store.put(KIND, name, place, operation, {"ready": write_time(now)})
        return operation

    def cancel(self, request: Any) -> Any:
        """Cancel nothing: what an operation stands for has been done when it begins."""
        self._find(request.name)
        return find_message("google.protobuf.Empty")()

    def _find(self, given: str) -> Row:
        name = self._projects.canonize(given)
        row = self._store.get(name)
        if row is None:
            raise missing("operation", name)
        return row

    def get(self, request: Any) -> Any:
        """Return an operation."""
        row = self._find(request.name)
        operation = find_message(KIND).FromString(row.body)
        is_ready = row.fields["ready"] <= write_time(read_clock())
        return operation if is_ready else _hide_result(operation)


def _hide_result(operation: Any) -> Any:
    shown = find_message(KIND)(name=operation.name)
    shown.metadata.CopyFrom(operation.metadata)
    return shown
