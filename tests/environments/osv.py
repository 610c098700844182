"""A database of vulnerabilities on loopback that speaks as much of OSV as pip-audit asks for."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@contextlib.contextmanager
def database(known: Mapping[tuple[str, str], Mapping[str, Any]]) -> Iterator[str]:
    """Serve what is known about packages, by name and version, and yield the address."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found = known.get((asked["package"]["name"], asked["version"]))
            content = json.dumps({"vulns": [found]} if found else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def vulnerability(name: str, *, fixed: str) -> dict[str, Any]:
    """Make up an entry as OSV has it."""
    events = [{"introduced": "0"}, {"fixed": fixed}]
    return {
        "id": "GHSA-made-up",
        "modified": "2025-01-01T00:00:00Z",
        "published": "2025-01-01T00:00:00Z",
        "aliases": ["CVE-2025-0001"],
        "summary": "Made up.",
        "details": "Made up for a test.",
        "affected": [
            {
                "package": {"name": name, "ecosystem": "PyPI"},
                "ranges": [{"type": "ECOSYSTEM", "events": events}],
            }
        ],
    }
