"""How `kfpkit env build` shows its steps: a live line for each environment, or plain lines."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kfpkit.cli import output

if TYPE_CHECKING:
    from kfpkit.images import Step, StepListener


@contextlib.contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """Handle SIGTERM, which ends continuous integration jobs, like Ctrl-C: clean up files."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def shown_steps() -> Iterator[StepListener]:
    """Show a live line for each environment on a terminal, and plain lines elsewhere."""
    if not sys.stderr.isatty():
        yield lambda step: output.report_progress(f"{step.name}: {step.doing}")
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as shown:
        rows = {}

        def report(step: Step) -> None:
            if step.name not in rows:
                rows[step.name] = shown.add_task(step.name, total=1)
            description = f"{step.name}: {step.doing}"
            shown.update(rows[step.name], description=description, completed=int(step.is_over))

        yield report
