"""Names that code reads of its module without naming them: found, or the author is told."""

from __future__ import annotations

import warnings

import pytest

from kfpkit.bundle import HiddenNameWarning

HEAD = "import sys, importlib\nimport kfpkit\nLIMIT = 3\nOTHER = {{'a': 1}}\n"
SCORE = "@kfpkit.component(base_image='x')\ndef score(a: int, key: str = 'LIMIT') -> int:\n    "
FOUND = {
    "globals": "return globals()['LIMIT']",
    "globals get": "return globals().get('LIMIT', 0)",
    "getattr of the module": "return getattr(sys.modules[__name__], 'LIMIT')",
    "attribute of the module": "return sys.modules[__name__].LIMIT",
    "vars of the module": "return vars(sys.modules[__name__])['LIMIT']",
    "dictionary of the module": "return sys.modules[__name__].__dict__['LIMIT']",
    "eval": "return eval('LIMIT + 0')",
    "exec": "names = {}\n    exec('x = LIMIT')\n    return 3",
    "import of itself": "from fraud import pipeline\n    return pipeline.LIMIT",
    "import of itself by a name": "import fraud.pipeline as me\n    return getattr(me, 'LIMIT')",
    "import of itself whole": "import fraud.pipeline\n    return fraud.pipeline.LIMIT",
    "import of itself by its name": "return importlib.import_module(__name__).LIMIT",
}
TOLD = {
    "globals": "return globals()[key]",
    "getattr of the module": "return getattr(sys.modules[__name__], key)",
    "eval": "return eval(key)",
    "eval with the module's names": "return eval(key, globals())",
    "exec": "exec(key)\n    return 3",
    "all names": "return len({**globals()})",
    "import of itself": "import fraud.pipeline as me\n    return getattr(me, key)",
    "module that is handed on": "return len(dir(sys.modules[__name__]))",
}
SILENT = {
    "eval with names of its own": "return eval(key, {'LIMIT': 3})",
    "method that is called like it": "return max(a, OTHER['a']) or model.eval(key)",
}


def told_in(bundled, body: str) -> list[str]:
    source = HEAD.format() + ("model = None\n" if "model" in body else "") + SCORE + body + "\n"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        bundle = bundled({"fraud/pipeline.py": source, "fraud/__init__.py": ""})
    told_in.bundle = bundle
    return [str(each.message) for each in caught if each.category is HiddenNameWarning]


@pytest.mark.parametrize("case", FOUND)
def test_a_name_that_stands_in_the_source_ships(bundled, run, case):
    assert told_in(bundled, FOUND[case]) == []
    done = run(told_in.bundle, {"a": 1})
    assert done.value == 3, done.stderr


@pytest.mark.parametrize("case", TOLD)
def test_of_a_name_that_only_running_code_knows_the_author_is_told(bundled, case):
    (told,) = told_in(bundled, TOLD[case])
    assert "may read names of this module" in told


@pytest.mark.parametrize("case", SILENT)
def test_code_that_reads_no_names_of_its_module_is_not_mentioned(bundled, case):
    assert told_in(bundled, SILENT[case]) == []


def test_nobody_is_told_where_nothing_is_left_out(bundled):
    source = "import kfpkit\nLIMIT = 3\n" + SCORE + "return LIMIT + eval(key)\n"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        bundled({"fraud/pipeline.py": source})


def test_a_modules_own_getattr_ships_where_the_module_is_asked(bundled, run):
    source = (
        "import sys\nimport kfpkit\n\ndef __getattr__(name):\n    return name.lower()\n"
        + SCORE.replace("int:", "str:")
        + "return sys.modules[__name__].LATER\n"
    )
    assert run(bundled({"fraud/pipeline.py": source}), {"a": 1}).value == "later"


def test_a_helper_may_import_what_the_modules_own_getattr_gives(bundled, run):
    files = {
        "fraud/__init__.py": "",
        "fraud/pipeline.py": (
            "import kfpkit\n\ndef __getattr__(name):\n    return name.lower()\n"
            + SCORE.replace("int:", "str:")
            + "from fraud.late import word\n    return word()\n"
        ),
        "fraud/late.py": ("def word():\n    from fraud.pipeline import LATER\n    return LATER\n"),
    }
    assert run(bundled(files), {"a": 1}).value == "later"
