from __future__ import annotations

import pytest

from kfpkit.local.tasks.failure import explain, read_exception
from kfpkit.project.project import find_project


@pytest.fixture
def log(project):
    root = project({"src/fraud/features.py": "", "src/fraud/pipeline.py": ""})

    def explained(text: str) -> str:
        file = root / "log.txt"
        file.write_text(text)
        return explain(file, find_project(root)).replace(str(root), "ROOT")

    return explained


def test_the_authors_frames_stay_under_the_authors_paths(log):
    assert log(
        "working\n"
        "Traceback (most recent call last):\n"
        '  File "<string>", line 40, in <module>\n'
        '  File "<kfpkit bootstrap>", line 261, in <module>\n'
        '  File "/opt/venv/lib/kfp/dsl/executor.py", line 410, in execute\n'
        "    result = self.func(**func_kwargs)\n"
        "             ^^^^^^^^^^^^^^^^^^^^^^^^\n"
        '  File "/tmp/kfpkit-0123456789abcdef/fraud/pipeline.py", line 12, in score\n'
        "    return ratio(1, 0)\n"
        '  File "/tmp/kfpkit-0123456789abcdef/fraud/features.py", line 3, in ratio\n'
        "    return a / b\n"
        "           ~~^~~\n"
        "ZeroDivisionError: division by zero\n"
    ) == (
        "Traceback (most recent call last):\n"
        '  File "ROOT/src/fraud/pipeline.py", line 12, in score\n'
        "    return ratio(1, 0)\n"
        '  File "ROOT/src/fraud/features.py", line 3, in ratio\n'
        "    return a / b\n"
        "           ~~^~~\n"
        "ZeroDivisionError: division by zero"
    )


def test_the_last_traceback_counts_with_those_it_followed_from(log):
    once = 'Traceback (most recent call last):\n  File "/x/a.py", line 1, in f\n    f()\n'
    text = log(
        f"{once}KeyError: 'first attempt'\n--- attempt 2 ---\n{once}KeyError: 'cause'\n\n"
        "The above exception was the direct cause of the following exception:\n\n"
        f"{once}ValueError: bad\n  with a second line\n"
    )
    assert "first attempt" not in text
    assert "KeyError: 'cause'" in text
    assert text.endswith("ValueError: bad\n  with a second line")


def test_a_group_of_exceptions_is_shown_whole(log):
    group = (
        "  + Exception Group Traceback (most recent call last):\n"
        '  |   File "/x/a.py", line 1, in f\n'
        "  |     f()\n"
        "  | ExceptionGroup: both (1 sub-exception)\n"
        "  +-+---------------- 1 ----------------\n"
        "    | Traceback (most recent call last):\n"
        '    |   File "/x/a.py", line 2, in f\n'
        + "".join(f"    | line {number} of a message\n" for number in range(30))
        + "    +------------------------------------"
    )
    assert log(f"working\n{group}\n") == group


def test_an_exception_is_read_with_its_message(tmp_path):
    file = tmp_path / "log.txt"
    file.write_text(
        "working\nTraceback (most recent call last):\n"
        '  File "/x/a.py", line 1, in f\n    f()\nValueError: bad\n  rows: 1, 2\n'
    )
    assert read_exception(file) == "ValueError: bad\n  rows: 1, 2"
    file.write_text("no traceback\n")
    assert read_exception(file) == ""
    assert read_exception(tmp_path / "none") == ""


def test_without_a_traceback_the_last_lines_tell(log):
    text = log("".join(f"line {number}\n" for number in range(40)))
    assert text.splitlines() == [f"line {number}" for number in range(25, 40)]


def test_a_log_that_is_not_there_tells_nothing(tmp_path):
    assert explain(tmp_path / "none", find_project(tmp_path)) == ""


FAILED = (
    "Traceback (most recent call last):\n"
    '  File "/tmp/kfpkit-0123456789abcdef/fraud/pipeline.py", line 4, in score\n'
    "    return pickle.load(file)\n"
)


def test_a_module_of_the_project_that_did_not_ship_is_named_with_the_remedy(log):
    text = log(f"{FAILED}ModuleNotFoundError: No module named 'fraud.features'\n")
    last = text.splitlines()[-1]
    assert last.startswith(
        "`fraud.features` is a module of this project (ROOT/src/fraud/features.py)"
    )
    assert 'Add `helpers=["fraud.features"]` to the component' in last


@pytest.mark.parametrize("name", ["pandas", "fraud.missing"])
def test_another_module_that_is_missing_is_left_to_its_own_words(log, name):
    text = log(f"{FAILED}ModuleNotFoundError: No module named '{name}'\n")
    assert text.endswith(f"No module named '{name}'")


def test_a_class_that_did_not_ship_with_its_module_is_named(log):
    where = "<module 'fraud.pipeline' from '/tmp/kfpkit-0123456789abcdef/fraud/pipeline.py'>"
    text = log(f"{FAILED}AttributeError: Can't get attribute 'Model' on {where}\n")
    assert "needs `Model` of `fraud.pipeline`, which does not ship" in text.splitlines()[-1]
    text = log(f"{FAILED}AttributeError: Can't get attribute 'Tree' on <module 'sklearn.tree'>\n")
    assert text.endswith("<module 'sklearn.tree'>")


def test_a_file_that_did_not_ship_is_named(log, project):
    project({"src/fraud/limits.json": ""})
    missing = (
        "[Errno 2] No such file or directory: '/tmp/kfpkit-0123456789abcdef/fraud/limits.json'"
    )
    text = log(f"{FAILED}FileNotFoundError: {missing}\n")
    assert text.splitlines()[-1].startswith("ROOT/src/fraud/limits.json does not ship")
    text = log(f"{FAILED}FileNotFoundError: [Errno 2] No such file: '/data/limits.json'\n")
    assert text.endswith("'/data/limits.json'")
