"""What cannot be read, or cannot be a run's name, is refused in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from kfpkit.cli import app
from kfpkit.errors import (
    MissingLogError,
    UnknownRunError,
    UnreadableRecordError,
    UnreadableRunError,
)
from kfpkit.runs.history import read_log
from tests.permissions import make_shared_folder, withdraw_rights
from tests.runs.records import make_record, write_run


@pytest.fixture
def fails(project):
    """Return a function that runs a verb of `kfpkit runs`, and gives the error that it raises."""

    def call(*arguments: str) -> BaseException | None:
        return CliRunner().invoke(app, ["runs", *arguments]).exception

    return call


@pytest.fixture
def shared(monkeypatch):
    """Have a project as the working directory that any user of the machine can read."""
    with make_shared_folder() as folder:
        (folder / "pyproject.toml").write_text("[tool.kfpkit]\n")
        monkeypatch.chdir(folder)
        yield folder


@pytest.fixture
def refuses(shared):
    """Return a function that runs a verb without the right to read a file or folder."""

    def call(path: Path, *arguments: str) -> BaseException | None:
        assert CliRunner().invoke(app, ["runs", *arguments]).exit_code == 0
        with withdraw_rights(path):
            return CliRunner().invoke(app, ["runs", *arguments]).exception

    return call


@pytest.mark.parametrize("verb", [["show"], ["logs"], ["retry"], ["compare", "latest"]])
@pytest.mark.parametrize(
    "name",
    [
        "x" * 300,
        "x/" * 3000,
        "a\0b",
        "\udcff",
        "\x1b[31m",
        "latest~" + "9" * 5000,
        "latest~-1",
        ".",
        "",
    ],
)
def test_a_word_that_no_run_can_have_as_its_name_is_refused(fails, project, verb, name):
    write_run(project, make_record())
    more = ["train"] if verb == ["logs"] else []
    assert isinstance(fails(*verb, name, *more), UnknownRunError)


def test_a_log_without_the_right_to_read_it_is_refused(refuses, shared):
    folder = write_run(shared, make_record())
    error = refuses(folder / "tasks/train/log.txt", "logs", "latest", "train")

    assert isinstance(error, UnreadableRunError)
    assert str(error) == (
        f"{folder}/tasks/train/log.txt cannot be read: Permission denied. Check its permissions "
        "and those of its folder."
    )


@pytest.mark.parametrize(
    ("path", "verb", "kind"),
    [
        ("tasks/train", ["logs", "latest", "train"], UnreadableRunError),
        ("tasks/train/log.txt", ["logs", "latest", "train", "--follow"], UnreadableRunError),
        ("run.json", ["show"], UnreadableRecordError),
        ("..", ["list"], UnreadableRunError),
    ],
)
def test_what_cannot_be_read_is_named(refuses, shared, path, verb, kind):
    folder = write_run(shared, make_record())
    error = refuses((folder / path).resolve(), *verb)

    assert isinstance(error, kind)
    assert "Permission denied" in str(error)


def test_a_folder_of_a_run_without_the_right_to_read_it_is_refused(refuses, shared):
    folder = write_run(shared, make_record())
    assert isinstance(refuses(folder, "show", str(folder)), UnknownRunError | UnreadableRecordError)


def test_a_log_that_breaks_off_is_refused():
    log = Path("/proc/self/mem")  # it can be opened, and reading it fails

    with pytest.raises(UnreadableRunError, match="cannot be read: Input/output error"):
        b"".join(read_log(log))


def test_a_folder_in_the_place_of_a_log_is_no_log(fails, project):
    folder = write_run(project, make_record())
    log = folder / "tasks/train/log.txt"
    log.unlink()
    log.mkdir()

    assert isinstance(fails("logs", "latest", "train"), MissingLogError)
