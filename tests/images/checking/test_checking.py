"""What an image's check forgives, and what it does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from kfpkit.environments import find_environment
from kfpkit.images.checking import checking
from kfpkit.images.checking.in_image import check as in_container


@pytest.fixture
def check(tmp_path):
    """Return a function that runs the script of the check with modules of given texts."""

    def run(**texts: str):
        for name, text in texts.items():
            (tmp_path / f"{name}.py").write_text(text)
        command = [sys.executable, in_container.__file__, *texts]
        environ = os.environ | {"PYTHONPATH": str(tmp_path)}
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        return json.loads(done.stdout.splitlines()[-1])

    return run


def test_the_script_says_what_failing_modules_lack(check):
    found = check(
        well="import json",
        optional="import no_such.part",
        old="import os.no_such",
        broken="1 / 0",
    )

    assert found["imports"] == {
        "optional": "ModuleNotFoundError: No module named 'no_such'",
        "old": "ModuleNotFoundError: No module named 'os.no_such'; 'os' is not a package",
        "broken": "ZeroDivisionError: division by zero",
    }
    assert found["lacking"] == {"optional": "no_such"}
    assert found["executor"] is None


@pytest.mark.parametrize(
    ("failing", "is_forgiven"),
    [
        ({"six.moves": "integration"}, True),
        ({"six.moves": "six.other"}, False),
        ({"six.moves": "kfp.dsl"}, False),
        ({"six.moves": None}, False),
        ({"six.moves": "integration", "six": "integration"}, False),
    ],
    ids=["another's", "its own", "kfp's", "another error", "all of it"],
)
def test_a_module_may_lack_what_the_lock_does_not_have(tiny, failing, is_forgiven):
    environment = find_environment(tiny(imports=("six", "six.moves")), "tiny")
    found = {
        "imports": dict.fromkeys(failing, "does not import"),
        "lacking": {module: lacks for module, lacks in failing.items() if lacks},
        "executor": None,
        "root": False,
    }

    findings = checking._read_findings(1, json.dumps(found), environment)

    assert (findings == "") is is_forgiven


def test_a_check_that_says_nothing_is_no_success(tiny):
    environment = find_environment(tiny(), "tiny")

    assert checking._read_findings(137, "", environment) == "the check ended with exit code 137"
    assert checking._read_findings(1, "Segmentation fault", environment) == "Segmentation fault"


@pytest.mark.parametrize(
    ("lacks", "is_told"), [("stars.tests", True), ("tests.all", True), ("stars.contests", False)]
)
def test_a_module_that_lacks_tests_says_where_they_are(tiny, lacks, is_told):
    environment = find_environment(tiny(), "tiny")
    findings = f"import six: ModuleNotFoundError: No module named '{lacks}'"

    remedy = checking._remedy(findings, environment)

    assert ("Images leave out folders named `tests`" in remedy) is is_told
    assert ("`kfpkit env lock tiny`" in remedy) is not is_told


def test_a_crash_names_the_module_that_was_imported(tiny):
    environment = find_environment(tiny(), "tiny")
    said = "importing six\nimporting six.moves\nSegmentation fault\n"

    told = checking._read_findings(139, said, environment)

    assert told == "Segmentation fault\nimporting six.moves"
