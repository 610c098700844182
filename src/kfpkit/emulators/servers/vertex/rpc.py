"""The transport over gRPC: generic handlers over the functions that `rest` serves, too."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ..certificates import Authority
from .google_messages import find_message, make_message
from .listing import Page
from .refusals import RefusedError, explain_database, not_emulated
from .served import Served

_WORKERS = 16
_LARGEST = 64 * 2**20  # bytes of a message; a page of large pipelines exceeds gRPC's 4 MB

logger = logging.getLogger("vertex")


def start_rpc(served: Sequence[Served], authority: Authority) -> tuple[Any, int]:
    """Start the server of all methods over gRPC, and return it with its port."""
    import grpc  # noqa: PLC0415 - it takes as much memory as all else together

    class Methods(grpc.GenericRpcHandler):  # type: ignore[misc]  # the package has no types
        """Finds the function of a call, and rejects calls of services that are missing here."""

        def __init__(self) -> None:
            self._served = {each.method.path: each for each in served}

        def service(self, call: Any) -> Any:
            """Return what handles a call."""
            found = self._served.get(call.method)
            if found is None:
                return grpc.stream_stream_rpc_method_handler(_refuse(call.method))
            return grpc.unary_unary_rpc_method_handler(
                _wrap(found),
                request_deserializer=find_message(found.method.request).FromString,
                response_serializer=lambda message: message.SerializeToString(),
            )

    sizes = [(f"grpc.max_{way}_message_length", _LARGEST) for way in ("send", "receive")]
    server = grpc.server(ThreadPoolExecutor(max_workers=_WORKERS), options=sizes)
    server.add_generic_rpc_handlers([Methods()])
    credentials = grpc.ssl_server_credentials([(authority.key, authority.chain)])
    port = server.add_secure_port("127.0.0.1:0", credentials)
    server.start()
    return server, int(port)


def _wrap(served: Served) -> Any:
    def handle(request: Any, context: Any) -> Any:
        try:
            answer = served.function(request)
            return answer.make_message() if isinstance(answer, Page) else answer
        except RefusedError as error:
            abort(context, error)
        except sqlite3.Error as error:
            logger.exception("%s", served.method.path)
            abort(context, explain_database(error))
        except Exception as error:
            logger.exception("%s", served.method.path)
            abort(context, RefusedError("INTERNAL", f"{type(error).__name__}: {error}"))

    return handle


def _refuse(path: str) -> Any:
    name = path.strip("/").replace("/", ".")
    error = not_emulated(f"the method `{name}`")

    def handle(_: Any, context: Any) -> None:
        abort(context, error)

    return handle


def abort(context: Any, error: RefusedError) -> None:
    """End a call with an error and its details, as Google's services do."""
    import grpc  # noqa: PLC0415 - as above

    codes = {each.value[0]: each for each in grpc.StatusCode}
    if error.details:
        status = find_message("google.rpc.Status")(code=error.number, message=error.message)
        for each in error.details:
            content = {key: value for key, value in each.items() if key != "@type"}
            status.details.add().Pack(make_message("google.rpc.ErrorInfo", content))
        context.set_trailing_metadata([("grpc-status-details-bin", status.SerializeToString())])
    context.abort(codes[error.number], error.message)
