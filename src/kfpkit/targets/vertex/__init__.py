"""Vertex AI as a target: requests, and what sends them.

    compiled pipeline ──▶ Template ─┐
    configuration, target ──────────┴▶ RunRequest ──▶ service

- `request` builds the message, the run's id and its labels. Nothing is sent for it.
- `records` reads runs into the form of the record.
- `service` sends it, with what kfp installs: google-auth, google-api-core and requests.

The message is the one that the official client sends for the same input, but for the deviations in
`docs/reference/targets.md`, which a test compares.
"""

from __future__ import annotations

from kfpkit.targets.target import EXPERIMENT
from kfpkit.targets.vertex.console import make_run_link
from kfpkit.targets.vertex.request import RunRequest, build_request, make_template_uri

__all__ = [
    "EXPERIMENT",
    "RunRequest",
    "build_request",
    "make_run_link",
    "make_template_uri",
]
