import os

import pytest

from kfpkit.local.launching.containers.usage import add_usage, make_measured
from kfpkit.processes import Ending

ENDING = Ending(code=3)


@pytest.mark.parametrize(
    ("command", "python"),
    [
        (["python3", "-c", "1"], "python3"),
        (["/opt/python3.13/bin/python3.13"], "/opt/python3.13/bin/python3.13"),
        (["python"], "python"),
        (["sh", "-c", 'python3 -m kfp.dsl.executor_main "$@"'], "python3"),
    ],
)
def test_a_command_with_python_is_measured(command, python):
    measured = make_measured(command)

    assert measured[:3] == [python, "-S", "-c"]
    assert measured[-len(command) :] == command


@pytest.mark.parametrize("command", [[], ["sh", "-c", "python3 x.py"], ["pythonic"], ["java"]])
def test_a_command_that_may_do_without_python_stays_as_it_is(command):
    assert make_measured(command) == command


def test_what_was_written_is_known(tmp_path):
    (tmp_path / ".kfpkit-usage").write_text("1048576 0.250\n")

    assert add_usage(ENDING, tmp_path) == Ending(code=3, peak_memory=1048576, cpu_seconds=0.25)


@pytest.mark.parametrize(
    "text", ["", "1 2", "1 0.25\n", "-1 0.250\n", "1 0.250\n1", f"{'9' * 60} 0.250\n", "\0", "🐟"]
)
def test_what_is_not_in_the_form_is_not_known(tmp_path, text):
    (tmp_path / ".kfpkit-usage").write_text(text)

    assert add_usage(ENDING, tmp_path) == ENDING


@pytest.mark.parametrize(
    "put",
    [
        lambda file, _: file,
        lambda file, _: file.mkdir(),
        lambda file, _: os.mkfifo(file),
        lambda file, other: file.symlink_to(other),
    ],
    ids=["nothing", "a folder", "a pipe", "a link"],
)
def test_only_a_file_is_read(tmp_path, put):
    other = tmp_path / "other"
    other.write_text("1048576 0.250\n")
    put(tmp_path / ".kfpkit-usage", other)

    assert add_usage(ENDING, tmp_path) == ENDING
