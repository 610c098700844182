"""The methods of the services, with their addresses."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("methods.json")

_VARIABLE = re.compile(r"{([^=}]+)=([^}]+)}")


@dataclass(frozen=True, kw_only=True)
class Method:
    """A method of a service.

    Args:
        name: Its name, such as `CreatePipelineJob`.
        service: The service's full name.
        verb: The HTTP verb.
        uri: The path, with the fields of the request in it:
            `/v1/{parent=projects/*/locations/*}/pipelineJobs`.
        body: The field of the request that is the body. `*` for all fields that aren't in the path,
            empty if there is no body. All other fields are in the query.
        request: The full name of the request's message.
        response: The full name of the response's message.
    """

    name: str
    service: str
    verb: str
    uri: str
    body: str
    request: str
    response: str

    @property
    def path(self) -> str:
        """The path over gRPC."""
        return f"/{self.service}/{self.name}"

    def expand(self, fields: Mapping[str, str]) -> str:
        """Return the path over HTTP.

        Args:
            fields: The fields in the path, by name: `{"parent": "projects/p/locations/l"}`.

        Raises:
            ValueError: A field is missing or has another form.
        """
        return _VARIABLE.sub(lambda found: self._fill(found[1], found[2], fields), self.uri)

    def match(self, path: str) -> dict[str, str] | None:
        """Return the fields in a path over HTTP. None if the path is another method's.

        Args:
            path: The path, without a query.
        """
        found = self._pattern.fullmatch(path)
        return None if found is None else dict(zip(self._fields, found.groups(), strict=True))

    @property
    def _fields(self) -> list[str]:
        return [found[1] for found in _VARIABLE.finditer(self.uri)]

    @property
    def _pattern(self) -> re.Pattern[str]:
        # With one capturing group in `split`, every third part would be a field's name.
        parts = re.split(r"({[^}]+})", self.uri)
        return re.compile(
            "".join(
                f"({_make_pattern(part[1:-1].partition('=')[2])})"
                if part.startswith("{")
                else re.escape(part)
                for part in parts
            )
        )

    def _fill(self, name: str, form: str, fields: Mapping[str, str]) -> str:
        value = fields.get(name, "")
        if re.fullmatch(_make_pattern(form), value) is None:
            message = f"`{name}` of {self.name} is `{value}`; it must have the form `{form}`"
            raise ValueError(message)
        return value


@functools.cache
def list_methods() -> tuple[Method, ...]:
    """Return all methods, ordered by service and name."""
    return tuple(Method(**entry) for entry in json.loads(FILE.read_text(encoding="utf-8")))


@functools.cache
def find_method(name: str) -> Method:
    """Return a method.

    Args:
        name: Its name, such as `CreatePipelineJob`.

    Raises:
        KeyError: There is no such method.
    """
    return {method.name: method for method in list_methods()}[name]


def _make_pattern(form: str) -> str:
    """Return a regular expression for a field in a path.

    A colon is allowed in a project and in a digest (`versions/sha256:0123`), and otherwise ends the
    last part: `pipelineJobs/my-job:cancel`.
    """
    pattern = re.escape(form).replace(r"\*", "[^/]+")
    return re.sub(r"\[\^/\]\+$", "(?:sha256:)?[^/:]+", pattern)
