"""Runs on Vertex AI: created once, read, and cancelled."""

from __future__ import annotations

import time
from dataclasses import dataclass

from google.api_core import exceptions
from google.protobuf.message import Message

from kfpkit.errors import MissingResourceError, RunIdTakenError
from kfpkit.targets.identity import REQUEST_LABEL
from kfpkit.targets.vertex.request import RunRequest
from kfpkit.targets.vertex.service.connection import BUSY, UNCERTAIN, Connection
from kfpkit.targets.vertex.service.faults import translate
from kfpkit.vertex import find_method, parse_message, print_message

_SERVICE = "aiplatform"


@dataclass(frozen=True, kw_only=True)
class CreatedRun:
    """A run that exists.

    Args:
        job: The `PipelineJob`, as the service has it.
        is_new: Whether this request has created it. Otherwise, the same request did it earlier.
    """

    job: Message
    is_new: bool


def create_run(connection: Connection, request: RunRequest) -> CreatedRun:
    """Create a run once, also if answers are lost.

    A service that fails may have created the run all the same. So it is asked for the run by its id
    before the request is sent again.

    Args:
        connection: The connection to the service.
        request: The request.

    Raises:
        RunIdTakenError: The id is that of another request's run.
        RequestError: The request was refused, or not answered.
    """
    patience = connection.patience
    delays = patience.make_delays()
    end = time.monotonic() + patience.total
    was_sent = False
    while True:
        try:
            return CreatedRun(job=_post(connection, request), is_new=True)
        except exceptions.Conflict:
            found = _require_same(find_run(connection, request.name), request)
            return CreatedRun(job=found, is_new=was_sent)
        except (*BUSY, *UNCERTAIN) as error:
            last = error
        except Exception as error:
            fault = translate(error, connection.describe(_SERVICE))
            raise (fault or error) from error
        if not isinstance(last, BUSY):
            was_sent = True
            existing = find_run(connection, request.name)
            if existing is not None:
                return CreatedRun(job=_require_same(existing, request), is_new=True)
        delay = next(delays)
        if time.monotonic() + delay > end:
            fault = translate(last, connection.describe(_SERVICE))
            raise (fault or last) from last
        time.sleep(delay)


def fetch_run(connection: Connection, name: str) -> Message:
    """Fetch a run.

    Args:
        connection: The connection to the service.
        name: The run's full name.

    Raises:
        MissingResourceError: It doesn't exist.
        RequestError: The request was refused, or not answered.
    """
    found = find_run(connection, name)
    if found is None:
        raise MissingResourceError(
            resource=f"The run `{name}`",
            cause="it may have been deleted.",
            remedy="Submit the pipeline again.",
        )
    return found


def find_run(connection: Connection, name: str) -> Message | None:
    """Return a run. None if it doesn't exist.

    Args:
        connection: The connection to the service.
        name: The run's full name.

    Raises:
        RequestError: The request was refused, or not answered.
    """
    method = find_method("GetPipelineJob")
    answer = connection.find(_SERVICE, method.expand({"name": name}))
    return None if answer is None else parse_message(method.response, answer, ignore_unknown=True)


def cancel_run(connection: Connection, name: str) -> None:
    """Begin to cancel a run that has not ended.

    Args:
        connection: The connection to the service.
        name: The run's full name.

    Raises:
        RequestError: The request was refused, or not answered.
    """
    method = find_method("CancelPipelineJob")
    connection.send(_SERVICE, method.verb, method.expand({"name": name}), body={})


def _post(connection: Connection, request: RunRequest) -> Message:
    method = find_method("CreatePipelineJob")
    answer = connection.send_once(
        _SERVICE,
        method.verb,
        method.expand({"parent": request.parent}),
        body=print_message(request.job),
        query={"pipelineJobId": request.run},
    )
    return parse_message(method.response, answer, ignore_unknown=True)


def _require_same(found: Message | None, request: RunRequest) -> Message:
    """Return the run that has the request's id, if the same request has created it."""
    recorded = found.labels.get(REQUEST_LABEL) if found is not None else None
    if found is None or recorded != request.job.labels[REQUEST_LABEL]:
        state = None if found is None else print_message(found).get("state")
        raise RunIdTakenError(
            name=request.name,
            differs=recorded is not None,
            state=state and state.removeprefix("PIPELINE_STATE_").lower(),
        )
    return found
