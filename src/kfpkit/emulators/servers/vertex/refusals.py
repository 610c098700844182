"""Refusals in the form of Google's services: a code, a status, a sentence and details."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import Any

DOMAIN = "aiplatform.googleapis.com"

# Google's statuses, each with its number over gRPC and its code over HTTP.
STATUSES = {
    "INVALID_ARGUMENT": (3, 400),
    "NOT_FOUND": (5, 404),
    "ALREADY_EXISTS": (6, 409),
    "PERMISSION_DENIED": (7, 403),
    "FAILED_PRECONDITION": (9, 400),
    "UNIMPLEMENTED": (12, 501),
    "INTERNAL": (13, 500),
}


@dataclass(eq=False)  # Python itself sets attributes of exceptions
class RefusedError(Exception):
    """A request that isn't served.

    Args:
        status: Google's status.
        message: The sentence.
        reason: The reason of the `ErrorInfo`.
        metadata: Its facts.
    """

    status: str
    message: str
    reason: str = ""
    metadata: dict[str, str] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """The code over gRPC."""
        return STATUSES[self.status][0]

    @property
    def code(self) -> int:
        """The code over HTTP."""
        return STATUSES[self.status][1]

    @property
    def details(self) -> list[dict[str, Any]]:
        """The details in the form of JSON."""
        if not self.reason:
            return []
        return [
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": self.reason,
                "domain": DOMAIN,
                "metadata": self.metadata,
            }
        ]

    def describe(self) -> dict[str, Any]:
        """Return the body of the response over HTTP."""
        error = {"code": self.code, "message": self.message, "status": self.status}
        return {"error": {**error, "details": self.details} if self.details else error}


def invalid(message: str) -> RefusedError:
    """Return the refusal of a request that is wrong whatever the state."""
    return RefusedError("INVALID_ARGUMENT", message)


def unmet(message: str) -> RefusedError:
    """Return the refusal of a request that the state forbids."""
    return RefusedError("FAILED_PRECONDITION", message)


def missing(kind: str, name: str) -> RefusedError:
    """Return the refusal of a name that nothing has."""
    return RefusedError(
        "NOT_FOUND",
        f"The {kind} {name} does not exist.",
        reason="RESOURCE_NOT_FOUND",
        metadata={"resource": name},
    )


def existing(name: str) -> RefusedError:
    """Return the refusal of a name that is taken."""
    return RefusedError(
        "ALREADY_EXISTS",
        f"Requested entity already exists: {name}",
        reason="RESOURCE_ALREADY_EXISTS",
        metadata={"resource": name},
    )


def not_emulated(what: str, advice: str = "") -> RefusedError:
    """Return the refusal of something that only Google has."""
    message = f"Not emulated: {what}. {advice}".strip()
    return RefusedError("UNIMPLEMENTED", message, reason="NOT_EMULATED", metadata={"what": what})


def explain_database(error: sqlite3.Error) -> RefusedError:
    """Return the refusal of a request whose result can't be stored.

    Clients repeat requests that fail with INTERNAL or RESOURCE_EXHAUSTED, which wouldn't help.
    """
    text = str(error)
    return unmet(
        f"The emulator cannot store this: {text}. Free up disk space, or make the folder "
        "`.kfpkit/emulators/vertex` writable, and repeat the request."
    )
