"""Pulls images in a way that a stopped run doesn't wait for."""

from __future__ import annotations

import threading

from kfpkit.engine import Engine
from kfpkit.processes import Ending


class Pull:
    """A pull in a separate thread, which doesn't block the end of the process.

    Args:
        engine: The container engine.
        image: The image reference.
        platform: The image's platform. None for the engine's own.
    """

    def __init__(self, engine: Engine, image: str, *, platform: str | None) -> None:
        self._engine = engine
        self._image = image
        self._platform = platform
        self._over = threading.Event()
        self.fault: Exception | None = None
        """What the engine raised, one of its faults."""

    def start(self) -> Pull:
        """Start to pull."""
        threading.Thread(target=self._pull, daemon=True).start()
        return self

    def signal(self, _: int) -> None:
        """Stop waiting. The engine may keep what it has pulled."""
        self._over.set()

    def wait(self) -> Ending:
        """Wait for the end. The exit code is 0 if the image is there."""
        self._over.wait()
        return Ending(code=0 if self.fault is None else 1)

    def _pull(self) -> None:
        try:
            self._engine.pull(self._image, platform=self._platform)
        except self._engine.faults as error:
            self.fault = error
        finally:
            self._over.set()
