"""One command in a sealed container of an image, which ends in time, or with who started it."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass

from kfpkit.engine import PLATFORM, Engine, make_sealed_options
from kfpkit.images.checking.children import Children
from kfpkit.images.checking.unchecked import LABEL

_SECONDS_TO_KILL = 60.0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of it.

    Args:
        code: The exit code; None when it took too long and was killed.
        said: What it wrote.
    """

    code: int | None
    said: str


def run_sealed(
    engine: Engine, image: str, command: list[str], *, seconds: float, children: Children
) -> Outcome:
    """Run a command as a strict cluster would, with the image's own user.

    Args:
        engine: The engine.
        image: The name of the image.
        command: The command.
        seconds: How long it may take.
        children: May end it before.
    """
    container = engine.client.containers.create(
        image,
        command,
        entrypoint="",
        platform=PLATFORM,
        labels={LABEL: image},
        **make_sealed_options(),
    )
    is_late = threading.Event()

    def kill() -> None:
        with contextlib.suppress(*engine.faults):  # it may have ended by itself
            container.kill()

    def kill_late() -> None:
        is_late.set()
        kill()

    clock = threading.Timer(seconds, kill_late)
    clock.daemon = True
    try:
        with children.ended_by(threading.Thread(target=kill, daemon=True).start):
            container.start()
            clock.start()
            code = int(container.wait(timeout=seconds + _SECONDS_TO_KILL)["StatusCode"])
        said = container.logs().decode(errors="replace")
        return Outcome(code=None if is_late.is_set() else code, said=said)
    finally:
        clock.cancel()
        container.remove(force=True)
