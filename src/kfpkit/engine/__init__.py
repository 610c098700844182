"""The container engine: one way to it, for images and for runs in containers.

    DOCKER_HOST, or Docker's context ──▶ Engine ──▶ images: find, pull, tag, push, remove
                                           │
                                           ├──▶ client: the docker library's, for containers
                                           └──▶ fault: an error of ours, in the engine's own words

Guaranteed:

- Whatever goes wrong while an engine is asked is one of `Engine.faults`, whether the docker library
  raises it or what is below that.
- An engine is said to be away only when it does not answer any more.
- A pull or a push that fails in the middle raises, or says so: nothing of the stream is dropped.

What a sealed container may do is `make_sealed_options`: little, as in the strictest of clusters.
"""

from __future__ import annotations

from kfpkit.engine.address import locate_engine
from kfpkit.engine.causes import extract_cause
from kfpkit.engine.client import PLATFORM, Engine
from kfpkit.engine.sealed import make_sealed_options

__all__ = ["PLATFORM", "Engine", "extract_cause", "locate_engine", "make_sealed_options"]
