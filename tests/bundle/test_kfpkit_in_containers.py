"""Which modules of kfpkit a component may import, and from where an import is refused."""

from __future__ import annotations

import pkgutil

import pytest

import kfpkit
from kfpkit.errors import InternalImportError, MissingModuleError

PIPELINE = "fraud/pipeline.py"
SHIPPED = {"component", "components", "helpers"}
INTERNAL = sorted({module.name for module in pkgutil.iter_modules(kfpkit.__path__)} - SHIPPED)
SCORE = "def score(a: int) -> int:\n    {}\n    return a\n"


def paths(bundle):
    return [file.path for file in bundle.files]


def refused(bundled, files, **options):
    with pytest.raises(InternalImportError) as caught:
        bundled(files, **options)
    place = caught.value.place
    return caught.value.module, f"{place.file.parent.name}/{place.file.name}", place.line


@pytest.mark.parametrize("name", INTERNAL)
def test_what_stays_with_the_author_is_refused(bundled, name):
    for statement in (f"import kfpkit.{name}", f"from kfpkit import {name}"):
        found = refused(bundled, {PIPELINE: SCORE.format(statement)})
        assert found == (f"kfpkit.{name}", PIPELINE, 2)


@pytest.mark.parametrize(
    ("statement", "shipped"),
    [
        ("import kfpkit", set()),
        ("from kfpkit import component", set()),
        ("from kfpkit.component import component", set()),
        ("import kfpkit.helpers.keys", {"kfpkit/helpers/__init__.py", "kfpkit/helpers/keys.py"}),
        (
            "from kfpkit.components import bigquery_load",
            {"kfpkit/components/__init__.py", "kfpkit/components/bigquery_load.py"},
        ),
        ("from kfpkit import helpers", {"kfpkit/helpers/__init__.py"}),
    ],
)
def test_what_ships_with_kfpkit_may_be_imported(bundled, statement, shipped):
    found = set(paths(bundled({PIPELINE: SCORE.format(statement)})))
    assert shipped | {"kfpkit/__init__.py", "kfpkit/component.py"} <= found


def test_a_name_that_only_begins_like_a_shipped_one_is_refused_as_missing(bundled):
    for name in ("kfpkit.helpers_of_mine", "kfpkit.components.nothing"):
        with pytest.raises(MissingModuleError) as caught:
            bundled({PIPELINE: SCORE.format(f"import {name}")})
        assert caught.value.module == name


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({PIPELINE: "from kfpkit import project\n" + SCORE.format("project.x")}, (PIPELINE, 1)),
        (
            {
                PIPELINE: SCORE.format("import fraud.features"),
                "fraud/features.py": "\nimport fraud.core\n",
                "fraud/core.py": "\n\ndef late():\n    from kfpkit.project import find_project\n",
            },
            ("fraud/core.py", 4),
        ),
        (
            {
                PIPELINE: SCORE.format("import fraud.features"),
                "fraud/__init__.py": "import kfpkit.project\n",
                "fraud/features.py": "",
            },
            ("fraud/__init__.py", 1),
        ),
        (
            {
                PIPELINE: SCORE.format("import importlib"),
                "fraud/features.py": (
                    "import importlib\nimportlib.import_module('kfpkit.project')\n"
                ),
            },
            ("fraud/features.py", 2),
        ),
    ],
)
def test_the_place_of_a_refused_import_is_where_it_stands(bundled, files, place):
    options = {} if "features" in files[PIPELINE] or len(files) == 1 else {"helpers": ["fraud"]}
    assert refused(bundled, files, **options) == ("kfpkit.project", *place)


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    import kfpkit.project\nexcept ImportError:\n    pass\n",
        "try:\n    from kfpkit import project\nexcept ImportError:\n    project = None\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import kfpkit.project\n",
        "if __name__ == '__main__':\n    import kfpkit.project\n",
    ],
)
def test_an_import_that_a_container_may_do_without_is_no_reason(bundled, source):
    files = {PIPELINE: SCORE.format("import fraud.features"), "fraud/features.py": source}
    found = paths(bundled(files))
    assert "fraud/features.py" in found
    assert "kfpkit/project/project.py" not in found


def test_an_import_that_the_component_does_not_reach_stays_behind(bundled):
    source = "from kfpkit.project import find_project\nPROJECT = find_project\n"
    bundle = bundled({PIPELINE: source + SCORE.format("pass")})
    assert b"find_project" not in bundle.files[0].content


def test_a_container_runs_what_imports_kfpkit_s_helpers(bundled, run):
    body = (
        "def score(a: int) -> str:\n"
        "    import sys\n    import kfpkit\n    from kfpkit.helpers import selections\n"
        "    return selections.__name__ + ' ' + str(kfpkit.component(score) is score)\n"
    )
    assert run(bundled({PIPELINE: body}), {"a": 1}).value == "kfpkit.helpers.selections True"
