"""`kfpkit runs show`: a run, or one of its tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kfpkit.cli import output
from kfpkit.cli.options import AsJson
from kfpkit.cli.runs.options import OneRun, read_run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kfpkit.runs.record import RunRecord, Task


def show_command(
    run: OneRun = "latest",
    task: Annotated[str | None, typer.Argument(metavar="TASK", help="Show this task only.")] = None,
    page: Annotated[
        bool, typer.Option("--page", help="Regenerate the run's page.html, and print its path.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show a run with its tasks, or one task with its inputs, outputs and failure."""
    from kfpkit.runs.history import find_task

    folder, record = read_run(run)
    if page:
        _write_page(record, folder)
        return
    shown = record if task is None else find_task(record, task)
    if as_json:
        typer.echo(shown.model_dump_json(indent=2, exclude_none=True, by_alias=True))
    elif task is None:
        _show_run(record, folder)
    else:
        _print_facts(_list_task_facts(find_task(record, task), folder))


def _write_page(record: RunRecord, folder: Path) -> None:
    from kfpkit.errors import UnwritablePageError
    from kfpkit.runs.pages import write_page

    try:
        typer.echo(output.shorten_path(write_page(record, folder)))
    except OSError as error:
        raise UnwritablePageError(folder=folder, cause=error.strerror or str(error)) from error


def _show_run(record: RunRecord, folder: Path) -> None:
    _print_facts(_list_run_facts(record, folder))
    if record.tasks:
        typer.echo()
        _print_tasks(record.tasks)
    for task in record.tasks:
        if task.failure:
            typer.echo(f"\nTask `{task.name}` failed: {task.failure}.{_describe_place(task)}")


def _list_run_facts(record: RunRecord, folder: Path) -> Iterator[tuple[str, object]]:
    yield "Run", record.id
    yield "Pipeline", record.pipeline
    yield "State", record.state.value
    yield "Failure", record.failure
    yield "Target", _describe_target(record)
    yield "Retry of", record.retry and record.retry.run
    yield "Started", record.started and f"{record.started.astimezone():%Y-%m-%d %H:%M:%S}"
    yield "Duration", None if record.seconds is None else f"{record.seconds:.1f} s"
    if record.revision:
        changed = " with uncommitted changes" if record.revision.dirty else ""
        yield "Revision", f"{record.revision.commit[:12]}{changed}"
    for name, parameter in record.parameters.items():
        origin = f" ({parameter.origin})" if parameter.origin else ""
        yield f"  {name}", f"{_format(parameter.value)}{origin}"
    for name, produced in record.outputs.items():
        yield (
            f"  {name} (output)",
            _format(produced.artifact.uri if produced.artifact else produced.value),
        )
    yield "Link", record.target and record.target.link
    yield "Folder", output.shorten_path(folder)


def _describe_target(record: RunRecord) -> str:
    """Return where a run ran. Empty for this machine."""
    target = record.target
    if target is None or target.kind == "local":
        return ""
    places = " ".join(filter(None, (target.project, target.location)))
    return f"{target.name} ({places})" if places else target.name


def _list_task_facts(task: Task, folder: Path) -> Iterator[tuple[str, object]]:
    from kfpkit.runs.comparing import describe_miss

    yield "Task", task.name
    yield "State", task.word
    yield "Environment", task.environment
    yield "Duration", None if task.seconds is None else f"{task.seconds:.1f} s"
    yield "Why it ran", describe_miss(task)
    if task.cache and task.cache.hit:
        yield f"{task.word.capitalize()} from", task.cache.run
    yield "Failure", task.failure
    yield "Place", task.place and f"{task.place.file}:{task.place.line}"
    yield "Memory", None if task.peak_memory is None else output.megabytes(task.peak_memory)
    for name, given in task.inputs.items():
        origin = ", ".join(f"{one.task}.{one.output}" for one in given.sources or ())
        value = given.artifact.uri if given.artifact else given.value
        yield f"  {name} (input)", f"{_format(value)}{f' from {origin}' if origin else ''}"
    for name, produced in task.outputs.items():
        value = produced.artifact.uri if produced.artifact else produced.value
        yield f"  {name} (output)", _format(value)
    yield "Log", output.shorten_path(folder / task.log.path) if task.log else None
    yield "Link", task.links and task.links.log


def _print_facts(facts: Iterable[tuple[str, object]]) -> None:
    known = [(name, value) for name, value in facts if value not in {None, ""}]
    width = max(len(name) for name, _ in known)
    for name, value in known:
        typer.echo(f"{name:<{width}}  {value}")


def _print_tasks(tasks: Iterable[Task]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("Task", overflow="fold")
    table.add_column("Environment", no_wrap=True)
    table.add_column("State", no_wrap=True)
    table.add_column("Duration", no_wrap=True, justify="right")
    for task in tasks:
        seconds = "" if task.seconds is None else f"{task.seconds:.1f} s"
        table.add_row(task.name, task.environment or "", task.word, seconds)
    output.print_table(table, styled=False)


def _describe_place(task: Task) -> str:
    return f" See {task.place.file}:{task.place.line}" if task.place else ""


def _format(value: object) -> str:
    from kfpkit.runs.history import format_value

    return format_value(value)
