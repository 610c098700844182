"""The transport over HTTP: addresses and JSON become messages, and messages become JSON."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from starlette.applications import Starlette  # type: ignore[import-not-found]
from starlette.concurrency import run_in_threadpool  # type: ignore[import-not-found]
from starlette.requests import Request  # type: ignore[import-not-found]
from starlette.responses import Response  # type: ignore[import-not-found]
from starlette.routing import Route  # type: ignore[import-not-found]

from .google_messages import find_message, make_message, print_message
from .listing import Page
from .refusals import RefusedError, explain_database, invalid, not_emulated
from .served import Served
from .services.pipeline_files import PipelineFiles

_VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_SYSTEM = {"$alt", "alt", "$.xgafv", "key", "prettyPrint", "fields", "quotaUser", "access_token"}
_NUMBERS = "json;enum-encoding=int"
_HOSTS = ("127.0.0.1", "localhost", "[::1]")
_GOOGLE = (".googleapis.com", ".pkg.dev")
_TYPE = "application/json; charset=UTF-8"
_TEXT = "text/plain; charset=UTF-8"
_REGISTRY = re.compile(r"/v1/projects/[^/]+/locations/[^/]+/repositories(/.*)?")

logger = logging.getLogger("vertex")


class Application:
    """The methods over HTTP."""

    def __init__(
        self,
        served: Sequence[Served],
        refused: Sequence[Any],
        plain: Mapping[tuple[str, str], Callable[[dict[str, Any]], dict[str, Any]]],
        files: PipelineFiles,
    ) -> None:
        """Serve methods.

        Args:
            served: The methods that are served.
            refused: The methods that aren't.
            plain: Functions of JSON without messages, by verb and path.
            files: The files on hosts of their own.
        """
        self._served = served
        self._refused = refused
        self._plain = plain
        self._files = files
        self.app = Starlette(routes=[Route("/{path:path}", self._answer, methods=_VERBS)])

    async def _answer(self, request: Request) -> Response:
        content = await request.body()
        return await run_in_threadpool(self._respond, request, content)

    def _respond(self, request: Request, content: bytes) -> Response:
        path, status, kind = request.url.path, 200, _TYPE
        text: str | bytes | None
        try:
            text = self._exchange_file(request, content)
            if text is None:
                text = self._call(request, content)
            else:
                kind = _TEXT
        except RefusedError as error:
            text, status = json.dumps(error.describe()), error.code
        except sqlite3.Error as error:
            logger.exception("%s %s", request.method, path)
            refusal = explain_database(error)
            text, status = json.dumps(refusal.describe()), refusal.code
        except Exception as error:
            logger.exception("%s %s", request.method, path)
            text = json.dumps(
                RefusedError("INTERNAL", f"{type(error).__name__}: {error}").describe()
            )
            status = 500
        logger.info("%s %s %s", request.method, path, status)
        headers = {"Content-Type": kind, "Server": "ESF", "Vary": "Origin"}
        return Response(text, status_code=status, headers=headers)

    def _exchange_file(self, request: Request, content: bytes) -> bytes | None:
        """Answer a request to a host of files. None for other hosts."""
        host, kind = _require_host(request), request.headers.get("content-type", "")
        return self._files.answer(host, request.method, request.scope["path"], kind, content)

    def _call(self, request: Request, content: bytes) -> str:
        verb, path = request.method, request.scope["path"]
        if (verb, path) in self._plain:
            return json.dumps(self._plain[verb, path](_read_json(content)))
        for each in self._served:
            found = each.method.match(path) if each.method.verb == verb else None
            if found is not None:
                message = _read_request(each.method, found, _read_query(request), content)
                numbers = _asks_for_numbers(request)
                return write_answer(each.function(message), numbers=numbers)
        raise self._refuse(verb, path)

    def _refuse(self, verb: str, path: str) -> RefusedError:
        for method in self._refused:
            if method.verb == verb and method.match(path) is not None:
                return not_emulated(f"the method `{method.service}.{method.name}`")
        if _REGISTRY.fullmatch(path):
            return not_emulated(f"the method {verb} {path} of Artifact Registry")
        if path.startswith("/v1beta1/"):
            advice = "Use a client of version v1."
            return not_emulated("version v1beta1 of the API", advice)
        return RefusedError("NOT_FOUND", f"No method has the address {verb} {path}.")


def write_answer(answer: Any, *, numbers: bool) -> str:
    """Return the answer of a function as JSON, with enums as names or `numbers`."""
    if isinstance(answer, Page):
        if numbers:
            return answer.serialize()
        answer = answer.make_message()
    return json.dumps(print_message(answer, numbers=numbers))


def _require_host(request: Request) -> str:
    """Return the host, and refuse pages of a browser that use a name of their own."""
    host: str = request.headers.get("host", "").lower()
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    if name in _HOSTS or name.endswith(_GOOGLE):
        return host
    raise RefusedError(
        "PERMISSION_DENIED",
        f"The emulator serves this machine only, and not the host `{host}`.",
        reason="HOST_NOT_ALLOWED",
        metadata={"host": host},
    )


def _asks_for_numbers(request: Request) -> bool:
    query = request.query_params
    return (query.get("$alt") or query.get("alt") or "") == _NUMBERS


def _read_query(request: Request) -> list[tuple[str, str]]:
    items: list[tuple[str, str]] = request.query_params.multi_items()
    return [(name, value) for name, value in items if name not in _SYSTEM]


def _read_json(content: bytes) -> dict[str, Any]:
    try:
        values = json.loads(content or b"{}")
    except ValueError as error:
        raise invalid(f"Invalid JSON payload received. {error}.") from None
    if not isinstance(values, dict):
        raise invalid("Invalid JSON payload received. Root element must be a message.")
    return values


def _read_request(
    method: Any, found: Mapping[str, str], query: Sequence[tuple[str, str]], content: bytes
) -> Any:
    """Return the request's message from its path, query and body."""
    values: dict[str, Any] = {}
    if method.body == "*":
        values = _read_json(content)
    elif method.body:
        values[method.body] = _read_json(content)
    descriptor = find_message(method.request).DESCRIPTOR
    for name, value in query:
        _put(values, _find_path(descriptor, name), value)
    for name, value in found.items():
        # A body may have the name in camelCase, too; a field that is given twice is refused.
        _put(values, [(part, None) for part in name.split(".")], value)
    try:
        return make_message(method.request, values)
    except ValueError as error:
        raise invalid(f"Invalid JSON payload received. {error}") from None


def _find_path(descriptor: Any, name: str) -> list[tuple[str, Any]]:
    """Return the fields of a query's name, such as `readMask` or `pipelineJob.displayName`."""
    path = []
    for part in name.split("."):
        fields = {} if descriptor is None else descriptor.fields_by_name
        camel = {} if descriptor is None else descriptor.fields_by_camelcase_name
        field = fields.get(part) or camel.get(part)
        if field is None:
            raise invalid(
                f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query '
                f"parameter. Field '{part}' could not be found in request message."
            )
        path.append((field.name, field))
        descriptor = field.message_type
    return path


def _put(values: dict[str, Any], path: Sequence[tuple[str, Any]], text: str) -> None:
    *outer, (name, field) = path
    for each, _ in outer:
        values = values.setdefault(each, {})
    value = {"true": True, "false": False}.get(text, text) if _is_boolean(field) else text
    if field is not None and _is_repeated(field):
        values.setdefault(name, []).append(value)
    else:
        for spelling in _list_spellings(name):
            values.pop(spelling, None)
        values[name] = value


def _list_spellings(name: str) -> Iterator[str]:
    first, *others = name.split("_")
    yield first + "".join(part.capitalize() for part in others)


def _is_boolean(field: Any) -> bool:
    return field is not None and field.type == field.TYPE_BOOL


def _is_repeated(field: Any) -> bool:
    found = field.is_repeated
    return bool(found() if callable(found) else found)
