"""`kfpkit compile`."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

PIPELINE = """\
import kfpkit
from kfp import dsl


@kfpkit.component(base_image="python:3.11")
def double(number: int) -> int:
    return 2 * number


@dsl.pipeline(name="doubling")
def doubling(number: int = 1) -> int:
    return double(number=number).output
"""


def kfpkit(root, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "kfpkit", "compile", *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


def test_several_pipelines_are_written_to_one_folder(project):
    root = project({"a/first/pipeline.py": PIPELINE, "b/second.py": PIPELINE})
    done = kfpkit(root, "a/first", "b/second.py")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["build/first.yaml", "build/second.yaml"]
    assert (root / "build/second.yaml").is_file()


def test_a_folder_stands_for_all_pipelines_below_it(project):
    part = "def helper(): ...\n"
    root = project(
        {
            "pipelines/first/pipeline.py": PIPELINE,
            "pipelines/first/parts.py": PIPELINE,
            "pipelines/deep/second/pipeline.py": PIPELINE,
            "pipelines/third.py": PIPELINE.replace("dsl.pipeline(", "pipeline(")
            .replace("import dsl", "dsl import pipeline")
            .replace("from kfp dsl", "from kfp.dsl"),
            "pipelines/helper.py": part,
            "pipelines/.hidden/pipeline.py": PIPELINE,
        }
    )

    done = kfpkit(root, "pipelines")

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["build/second.yaml", "build/first.yaml", "build/third.yaml"]


def test_a_pipeline_that_is_named_twice_is_compiled_once(project):
    root = project({"pipelines/first/pipeline.py": PIPELINE})

    assert kfpkit(root, "pipelines", "pipelines/first").stdout.split() == ["build/first.yaml"]


def test_a_folder_without_a_pipeline_is_refused(project):
    done = kfpkit(project({"pipelines/helper.py": "LIMIT = 1\n"}), "pipelines")

    assert done.returncode == 1
    assert done.stderr.startswith("error: pipelines and its subfolders contain no pipeline. ")


def test_programs_get_what_was_written_and_nothing_else(project):
    root = project({"p/pipeline.py": f"print('loading')\n{PIPELINE}"})

    done = kfpkit(root, "p", "--json")

    assert json.loads(done.stdout) == [
        {
            "name": "doubling",
            "source": "p",
            "file": "build/p.yaml",
            "images": ["python:3.11"],
        }
    ]
    assert done.stderr == "loading\n"
    assert done.stdout.startswith('[\n  {\n    "name"')


@pytest.mark.parametrize("output", ["build", "both.yaml"])
def test_no_file_is_written_for_two_pipelines(project, output):
    root = project({"a/p/pipeline.py": PIPELINE, "b/p/pipeline.py": PIPELINE})
    done = kfpkit(root, "a/p", "b/p", "-o", output)
    assert done.returncode == 2
    assert "`a/p` and `b/p` would both be written to" in done.stderr
    assert not (root / output).exists()


def test_a_refusal_writes_nothing(project):
    root = project({"p/pipeline.py": PIPELINE.replace("2 * number", "number * factor")})
    done = kfpkit(root, "p")
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {root}/p/pipeline.py:7: the component `double` needs")
    assert not (root / "build").exists()


def test_the_command_line_collects_garbage_less_often_and_the_library_as_usual(project):
    counting = "import gc\nprint(gc.get_threshold()[0])\n"
    root = project({"pipeline.py": f"{counting}{PIPELINE}"})
    script = (
        "from pathlib import Path\nfrom kfpkit.compiler.compiler import compile_pipeline\n"
        "from kfpkit.loading.pipelines import load_pipeline\n"
        "compile_pipeline(load_pipeline(Path('pipeline.py')), Path('doubling.yaml'))"
    )

    library = subprocess.run(
        [sys.executable, "-c", f"{counting}{script}"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )

    usual, in_library = library.stdout.split()
    assert in_library == usual
    assert int(kfpkit(root, "pipeline.py").stdout.split()[0]) > 10 * int(usual)


def test_a_data_file_that_cannot_be_read_is_refused(project):
    named = "import pathlib\n\nLIMITS = pathlib.Path(__file__).with_name('limits.json').read_text\n"
    using = PIPELINE.replace("2 * number", "len(LIMITS())")
    root = project({"p/pipeline.py": named + using, "p/limits.json": "{}"})
    (root / "p" / "limits.json").chmod(0)
    lost = "-dac_override,-dac_read_search"  # by which root reads everything
    as_others = ["setpriv", f"--inh-caps={lost}", f"--bounding-set={lost}"]

    done = subprocess.run(
        [*(as_others if os.getuid() == 0 else []), sys.executable, "-m", "kfpkit", "compile", "p"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )

    file = root / "p" / "limits.json"
    assert done.returncode == 1
    assert done.stderr == (
        f"error: {root}/p/pipeline.py:8: {file} ships with the component `double` but cannot be "
        f"read: Permission denied. Correct the file or its permissions (`chmod u+r {file}`).\n"
    )
