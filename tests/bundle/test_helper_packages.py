"""What the modules of a package in `helpers=` import ships and is checked like any other import."""

from __future__ import annotations

import pytest

from kfpkit.errors import CompileTimeImportError, MissingModuleError

PIPELINE = "fraud/pipeline.py"
SCORE = "def score(a: int) -> int:\n    return a\n"
PACKAGE = {"rules/__init__.py": "", "rules/deep/__init__.py": "", PIPELINE: SCORE}


def paths(bundle):
    return {file.path for file in bundle.files}


@pytest.mark.parametrize(
    "statement",
    [
        "import team.core",
        "from team import core",
        "from team.core import limit",
        "def late():\n    import team.core",
        "import importlib\nimportlib.import_module('team.core')",
        "from ..outer import limit",
    ],
)
def test_a_module_of_the_package_brings_what_it_imports(bundled, statement):
    bundle = bundled(
        {
            **PACKAGE,
            "rules/deep/one.py": f"{statement}\n",
            "rules/outer.py": "from team.core import limit\n",
            "team/core.py": "from team.base import limit\n",
            "team/base.py": "limit = 3\n",
        },
        helpers=["rules"],
    )
    assert {"rules/deep/one.py", "team/core.py", "team/base.py"} <= paths(bundle)


def test_the_package_s_third_party_imports_are_asked_of_the_environment(bundled):
    files = {**PACKAGE, "rules/deep/one.py": "import json\n\nimport numpy.linalg\n"}
    (needed,) = bundled(files, helpers=["rules"]).imports
    assert (needed.module, needed.place.file.name, needed.place.line) == (
        "numpy.linalg",
        "one.py",
        3,
    )


def test_a_missing_import_of_the_package_is_refused_in_its_place(bundled):
    files = {**PACKAGE, "rules/deep/one.py": "x = 1\nfrom rules.deep import two\nimport rules.no\n"}
    with pytest.raises(MissingModuleError) as caught:
        bundled({**files, "rules/deep/two.py": ""}, helpers=["rules"])
    assert caught.value.module == "rules.no"
    assert (caught.value.place.file.name, caught.value.place.line) == ("one.py", 3)


def test_a_pipeline_of_the_package_ships_and_what_it_imports_does_not(bundled):
    training = "import team.core\nfrom kfp import compiler\n"
    files = {**PACKAGE, "rules/training.py": training, "team/core.py": ""}
    found = paths(bundled(files, helpers=["rules"]))
    assert "rules/training.py" in found
    assert "team/core.py" not in found


def test_a_pipeline_that_a_module_of_the_package_imports_is_refused(bundled):
    files = {
        **PACKAGE,
        "rules/deep/one.py": "from team import training\n",
        "team/training.py": "from kfp import compiler\n",
    }
    with pytest.raises(CompileTimeImportError) as caught:
        bundled(files, helpers=["rules"])
    assert caught.value.place.file.name == "training.py"
    assert caught.value.chain[-1] == "team.training"


def test_a_package_in_a_package_ships_without_its_neighbours(bundled):
    files = {**PACKAGE, "rules/deep/one.py": "", "rules/other.py": "", "rules/notes.sql": ""}
    assert paths(bundled(files, helpers=["rules.deep"])) == {
        PIPELINE,
        "rules/__init__.py",
        "rules/deep/__init__.py",
        "rules/deep/one.py",
    }


def test_a_module_of_the_package_runs_with_what_it_imports(bundled, run):
    body = (
        "def score(a: int) -> int:\n    import importlib, pkgutil, rules\n"
        "    names = [each.name for each in pkgutil.iter_modules(rules.__path__)]\n"
        "    found = [importlib.import_module('rules.' + name) for name in sorted(names)]\n"
        "    return sum(each.points(a) for each in found)\n"
    )
    files = {
        PIPELINE: body,
        "rules/__init__.py": "",
        "rules/first.py": "from team.core import FACTOR\ndef points(a):\n    return FACTOR * a\n",
        "rules/second.py": "from .first import FACTOR\ndef points(a):\n    return FACTOR + a\n",
        "team/core.py": "FACTOR = 10\n",
    }
    assert run(bundled(files, helpers=["rules"]), {"a": 3}).value == 43
