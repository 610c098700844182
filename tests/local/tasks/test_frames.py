from __future__ import annotations

from pathlib import Path

import pytest
from local.this_python import ThisPython

import kfpkit
from kfpkit.cli.terminal import report
from kfpkit.local import run_pipeline
from kfpkit.local.tasks.frames import show_frames
from kfpkit.project.project import find_project

VENV = "/home/ann/.cache/kfpkit/venvs/1a/lib/python3.11"
BUNDLE = "/tmp/kfpkit-0123456789abcdef"
AUTHORS = (f'  File "{BUNDLE}/fraud/pipeline.py", line 12, in score', "    return ratio(1, 0)")


def frame(file: str, code: str = "    f()") -> tuple[str, str]:
    return f'  File "{file}", line 7, in f', code


@pytest.fixture
def shown(project):
    root = project({"src/fraud/features.py": "", "src/fraud/pipeline.py": ""})

    def show(*lines: str) -> list[str]:
        traceback = ["Traceback (most recent call last):", *lines]
        return [
            line.replace(str(root), "ROOT") for line in show_frames(traceback, find_project(root))
        ][1:]

    return show


REAL = '  File "ROOT/src/fraud/pipeline.py", line 12, in score'


def test_frames_of_a_bundle_get_the_authors_paths(shown):
    assert shown(*AUTHORS, "ValueError: bad") == [REAL, AUTHORS[1], "ValueError: bad"]
    for folder in (f"/var/folders/x/{BUNDLE[5:]}", "/kfpkit-memory", f"{BUNDLE}/.embedded"):
        assert shown(*frame(f"{folder}/fraud/features.py"))[0] == (
            '  File "ROOT/src/fraud/features.py", line 7, in f'
        )


def test_a_file_of_a_bundle_that_the_project_lacks_keeps_its_name(shown):
    assert shown(*frame(f"{BUNDLE}/other/gone.py"))[0] == '  File "other/gone.py", line 7, in f'


def test_another_file_is_not_taken_for_one_of_the_project(shown):
    file = "/app/fraud/features.py"
    assert shown(*frame(file)) == list(frame(file))


def test_frames_of_libraries_become_one_line(shown):
    assert shown(
        *AUTHORS,
        *frame(f"{VENV}/site-packages/sklearn/base.py"),
        *frame(f"{VENV}/site-packages/joblib/parallel.py"),
        *frame(f"{VENV}/json/decoder.py"),
        *frame(f"{BUNDLE}/fraud/features.py"),
        *frame(f"{VENV}/site-packages/google/cloud/bigquery/client.py"),
        *frame("/usr/lib/python3/dist-packages/six.py"),
        "KeyError: 'x'",
    ) == [
        REAL,
        AUTHORS[1],
        "  … 3 frames in sklearn, joblib and the standard library",
        '  File "ROOT/src/fraud/features.py", line 7, in f',
        "    f()",
        "  … 2 frames in google.cloud.bigquery and six",
        "KeyError: 'x'",
    ]


def test_one_frame_is_one(shown):
    assert "  … 1 frame in pandas" in shown(
        *AUTHORS, *frame("/opt/venv/lib/python3.12/site-packages/pandas/core/frame.py")
    )


def test_generated_code_counts_with_the_library_that_calls_it(shown):
    lines = shown(*AUTHORS, *frame(f"{VENV}/dataclasses.py"), *frame("<__create_fn__>"))
    assert lines[2:] == ["  … 2 frames in the standard library"]
    assert shown(*AUTHORS, *frame("<generated>"))[2:] == list(frame("<generated>"))


def test_repeated_frames_are_counted(shown):
    repeated = "  [Previous line repeated 970 more times]"
    assert shown(*AUTHORS, *frame(f"{VENV}/copy.py"), repeated, "RecursionError")[2:] == [
        "  … 971 frames in the standard library",
        "RecursionError",
    ]
    assert shown(*AUTHORS, repeated)[2:] == [repeated]


def test_the_place_of_a_syntax_error_stays(shown):
    place = '  File "<unknown>", line 1'
    lines = (*AUTHORS, *frame(f"{VENV}/ast.py"), place, "    a b", "      ^", "SyntaxError: bad")
    assert shown(*lines)[2:] == ["  … 1 frame in the standard library", *lines[4:]]


def test_libraries_frames_stay_where_there_are_no_others(shown):
    lines = [*frame(f"{VENV}/site-packages/tool/main.py"), "ValueError: bad"]
    assert shown(*lines) == lines


def test_a_message_that_looks_like_a_frame_stays(shown):
    message = ["ValueError: a report", *frame(f"{VENV}/site-packages/tool/main.py")]
    assert shown(*AUTHORS, *message)[2:] == message


@pytest.mark.skipif("sys.version_info < (3, 11)", reason="Python 3.10 has no exception groups.")
def test_groups_of_exceptions_are_read_too(tmp_path, shown):
    import subprocess  # noqa: PLC0415 - for this test
    import sys  # noqa: PLC0415 - for this test

    bundle = tmp_path / "kfpkit-0123456789abcdef" / "fraud"
    bundle.mkdir(parents=True)
    (bundle / "pipeline.py").write_text(
        "import json\n"
        "try:\n"
        "    json.loads('{')\n"
        "except ValueError as error:\n"
        "    raise ExceptionGroup('both', [error, KeyError('x')])\n"
    )
    done = subprocess.run(
        [sys.executable, bundle / "pipeline.py"], capture_output=True, text=True, check=False
    )
    text = "\n".join(shown(*done.stderr.splitlines()))
    assert text.count("ROOT/src/fraud/pipeline.py") == 3
    assert "    |   … 3 frames in the standard library\n    | json.decoder" in text


def test_a_task_that_fails_in_a_library_shows_the_authors_files(lean):
    root = lean(
        {
            "fish/reading.py": (
                "import yaml\n\n\ndef read(text):\n    return yaml.safe_load(text)\n"
            ),
            "pipeline.py": (
                "import kfpkit\n"
                "from fish.reading import read\n"
                "from kfp import dsl\n\n\n"
                "@kfpkit.component(environment='all')\n"
                "def load(text: str) -> str:\n"
                "    return str(read(text))\n\n\n"
                "@dsl.pipeline(name='fish')\n"
                "def fish():\n"
                "    load(text='[1, 2')\n"
            ),
        }
    )

    [failure] = explain_failures(root)

    lines = failure.splitlines()
    assert lines[:2] == [
        "Traceback (most recent call last):",
        f'  File "{root}/pipeline.py", line 8, in load',
    ]
    assert f'  File "{root}/fish/reading.py", line 5, in read' in lines
    assert [line for line in lines if line.startswith("  …")] == ["  … 9 frames in yaml"]
    assert "yaml.parser.ParserError" in failure
    log = root / lines[-1].rpartition(" ")[2]
    assert "site-packages/yaml/parser.py" in log.read_text()


def test_a_component_of_the_catalogue_shows_kfpkits_own_files(lean):
    root = lean(
        {
            "pipeline.py": (
                "from kfp import dsl\n"
                "from kfpkit.components.split_data import split_data\n\n\n"
                "@dsl.pipeline(name='splitting')\n"
                "def splitting():\n"
                "    data = dsl.importer(artifact_uri='/none', artifact_class=dsl.Dataset)\n"
                "    split_data.in_environment('all')(data=data.output, key='id')\n"
            ),
        }
    )

    [failure] = explain_failures(root)

    home = Path(kfpkit.__file__).parent
    assert f'  File "{home}/components/split_data.py", line ' in failure
    assert f'  File "{home}/helpers/' in failure


def explain_failures(root: Path) -> list[str]:
    result = run_pipeline(root / "pipeline.py", launcher=ThisPython())
    return list(report.describe_failures(result, find_project(root)))
