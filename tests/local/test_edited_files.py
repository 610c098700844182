"""A task that reads a file by its path runs again when the file has changed."""

import os

import pytest
from kfp import dsl
from local.running import run_in
from local.steps import say


@dsl.pipeline(name="reading")
def reading(source: str = "data.csv"):
    say(text=source)


@pytest.mark.parametrize("form", ["data.csv", "{root}/data.csv"])
def test_an_edited_file_is_another_input(project, states, form):
    root = project({"data.csv": "a\n1\n"})
    run = run_in(root)
    given = {"source": form.format(root=root)}

    assert states(run(reading, given)) == {"say": "succeeded"}
    assert states(run(reading, given)) == {"say": "cached"}
    file = root / "data.csv"
    file.write_text("a\n2\n")
    os.utime(file, ns=(1, 1))
    assert states(run(reading, given)) == {"say": "succeeded"}
