"""The errors of the server, in the shape of gRPC's gateway."""

from __future__ import annotations

_STATUS = {3: 400, 5: 404, 6: 409, 7: 403, 8: 429, 13: 500, 14: 503, 16: 401}
INVALID, MISSING, EXISTS, DENIED, EXHAUSTED = 3, 5, 6, 7, 8
INTERNAL, UNAVAILABLE, UNKNOWN_USER = 13, 14, 16


class RefusalError(Exception):
    """A request is refused, with a code of gRPC."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code
        self.message = message

    @property
    def answer(self):
        """Return the status of HTTP and the body."""
        kind = "type.googleapis.com/google.rpc.Status"
        details = [{"@type": kind, "code": self.code, "message": self.message}]
        body = {"error": self.message, "code": self.code, "message": self.message}
        return _STATUS[self.code], {**body, "details": details}
