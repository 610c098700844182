from __future__ import annotations

import pytest

from kfpkit.config import find_project
from kfpkit.local.failure import explain


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
        '  File "/tmp/gone-1x/fraud/pipeline.py", line 12, in score\n'
        "    return ratio(1, 0)\n"
        '  File "/tmp/gone-1x/fraud/features.py", line 3, in ratio\n'
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


def test_without_a_traceback_the_last_lines_tell(log):
    text = log("".join(f"line {number}\n" for number in range(40)))
    assert text.splitlines() == [f"line {number}" for number in range(25, 40)]


def test_a_log_that_is_not_there_tells_nothing(tmp_path):
    assert explain(tmp_path / "none", find_project(tmp_path)) == ""
