"""The container engine, for images and for runs in containers.

    DOCKER_HOST, or Docker's context ──▶ Engine ──▶ images: find, pull, tag, push, remove
                                           │
                                           ├──▶ client: the docker library's, for containers
                                           └──▶ fault: an error of kfpkit, with the engine's message

Guaranteed:

- Every failed request to an engine raises one of `Engine.faults`, whether the docker library or a
  lower layer raises it.
- An engine is reported as stopped only if it no longer responds.
- A pull or a push that fails midway raises an error or reports it. No part of the stream is
  dropped.

`make_sealed_options` determines what a sealed container may do: as little as in the strictest
cluster.
"""

from __future__ import annotations

from kfpkit.engine.address import locate_engine
from kfpkit.engine.causes import extract_cause
from kfpkit.engine.client import PLATFORM, Engine
from kfpkit.engine.sealed import make_sealed_options

__all__ = ["PLATFORM", "Engine", "extract_cause", "locate_engine", "make_sealed_options"]
