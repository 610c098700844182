from __future__ import annotations

import json

import pytest

FAULTY = {
    "pipelines/one/config/dev.yaml": "parameters:\n  rows: 012\n  day: soon\n",
    "pipelines/two/local.yaml": "cachng: no\n",
    "pipelines/three/pipeline.py": "import nothing_of_this_name\n",
    "pipelines/three/local.yaml": "caching: true\n",
}


def test_all_files_of_the_project_are_checked_and_what_they_leave_open_is_named(kfpkit):
    done = kfpkit("check")
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if line != "loaded"] == [
        "pipelines/one/config/dev.yaml: ok, needs day",
        "pipelines/one/config/prod.yaml: ok",
        "pipelines/two/local.yaml: ok",
    ]


def test_faults_of_all_files_and_pipelines_are_one_message(kfpkit):
    done = kfpkit("check", files=FAULTY)
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert lines[0] == "error: The configuration has 5 problems:"
    assert lines[1].startswith(
        "  pipelines/one/config/dev.yaml:2: `parameters.rows`: `012` is octal"
    )
    assert lines[2].startswith(
        "  pipelines/one/config/dev.yaml:3: `day` is 'soon': Input should be"
    )
    assert lines[3].startswith("  pipelines/three: ")
    assert "nothing_of_this_name" in lines[3]
    assert [line.strip().partition(": ")[0] for line in lines if "two" in line] == [
        "pipelines/two/local.yaml:1",
        "pipelines/two/local.yaml:1",
    ]


def test_programs_get_every_fault_with_file_and_line(kfpkit):
    done = kfpkit("check", "pipelines/one", "pipelines/three", "--json", files=FAULTY)
    assert done.returncode == 1
    assert not done.stderr.startswith("error")
    one, three = json.loads(done.stdout)
    dev, prod = one["files"]
    assert (dev["file"], dev["needs"]) == ("pipelines/one/config/dev.yaml", [])
    assert [(fault["line"], fault["key"]) for fault in dev["faults"]] == [
        (2, "parameters.rows"),
        (3, "parameters.day"),
    ]
    assert prod["faults"] == []
    assert (three["name"], three["files"]) == (None, [])
    assert three["faults"][0]["where"] == "pipelines/three"


@pytest.mark.parametrize(("rows", "code"), [("5", 0), ("many", 1)])
def test_a_file_beside_several_pipelines_has_to_fit_one_of_them(kfpkit, rows, code):
    other = "\n@dsl.pipeline(name='other')\ndef other(size: int):\n    say(text='a')\n"
    done = kfpkit(
        *("check", "pipelines/two"),
        files={
            "pipelines/two/pipeline.py": "from kfp import dsl\n\n"
            "@dsl.component(base_image='python:3.11')\n"
            "def say(text: str) -> str:\n    return text\n\n"
            "@dsl.pipeline(name='two')\ndef two(rows: int):\n    say(text='a')\n" + other,
            "pipelines/two/local.yaml": f"parameters: {{rows: {rows}}}\n",
        },
    )
    assert done.returncode == code


def test_a_model_is_checked_without_a_file(kfpkit):
    model = "from pydantic import BaseModel\n\nclass Parameters(BaseModel):\n    rws: int\n"
    done = kfpkit("check", files={"pipelines/three/parameters.py": model})
    assert done.returncode == 1
    assert "pipelines/three/parameters.py:4: `rws` is not a parameter" in done.stderr


def test_a_project_in_the_project_is_not_its_own(kfpkit):
    files = {
        "inner/pyproject.toml": "[tool.kfpkit]\n",
        "inner/pipelines/two/pipeline.py": "raise RuntimeError\n",
        "inner/pipelines/two/local.yaml": "a: b\n",
    }
    assert kfpkit("check", files=files).returncode == 0
