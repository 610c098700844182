"""Helper modules ship whole, at their dotted paths, with what they import."""

from __future__ import annotations

import pytest
from bundle.conftest import function_of

from kfpkit.bundle import DynamicImportWarning
from kfpkit.errors import MissingModuleError

SCORE = "def score(a: int) -> int:\n    return a\n"


def paths(bundle):
    return [file.path for file in bundle.files]


def scoring(imports):
    """Return a component whose body runs an import."""
    return f"def score(a: int) -> int:\n    {imports}\n    return a\n"


@pytest.mark.parametrize(
    "statement",
    [
        "import fraud.features",
        "import fraud.features as f",
        "from fraud import features",
        "from fraud.features import ratio",
        "from .features import ratio",
        "from . import features",
        "import importlib; importlib.import_module('fraud.features')",
        "from importlib import import_module; import_module('.features', 'fraud')",
        "__import__('fraud.features')",
        "from fraud.features import ratio as r",
    ],
)
def test_every_way_to_import_is_followed(bundled, statement):
    bundle = bundled(
        {
            "fraud/__init__.py": "from fraud import settings\n",
            "fraud/settings.py": "",
            "fraud/features.py": "from fraud.deep.core import base\ndef ratio(): return base\n",
            "fraud/deep/core.py": "base = 1\n",
            "fraud/unrelated.py": "",
            "fraud/pipeline.py": scoring(statement),
        }
    )
    assert paths(bundle) == [
        "fraud/__init__.py",
        "fraud/deep/core.py",
        "fraud/features.py",
        "fraud/pipeline.py",
        "fraud/settings.py",
    ]


def test_the_chain_says_why_a_file_ships(bundled):
    bundle = bundled(
        {
            "fraud/pipeline.py": scoring("import fraud.features"),
            "fraud/features.py": "from fraud.core import base\n",
            "fraud/core.py": "base = 1\n",
        }
    )
    core = next(file for file in bundle.files if file.path == "fraud/core.py")
    assert core.chain == ("fraud.pipeline:score", "fraud.features", "fraud.core")


def test_namespace_packages_get_no_init(bundled):
    bundle = bundled(
        {
            "src/team/models/tree.py": "",
            "fraud/pipeline.py": scoring("from team.models import tree"),
        }
    )
    assert paths(bundle) == ["fraud/pipeline.py", "team/models/tree.py"]


def test_earlier_source_roots_win(bundled):
    files = {"src/team.py": "ROOT = 'src'\n", "team.py": "ROOT = '.'\n"}
    bundle = bundled({**files, "fraud/pipeline.py": scoring("import team")})
    assert bundle.files[1].content == b"ROOT = 'src'\n"


@pytest.mark.parametrize(
    "content",
    [
        "# -*- coding: latin-1 -*-\nX = 'ä'".encode("latin-1"),
        b"\xef\xbb\xbfX = 1\n",
        b"X = 1\r\nY = 2\r\n",
        b"X = 1",
        b"",
    ],
)
def test_bytes_of_helpers_are_untouched(bundled, content):
    bundle = bundled(
        {"fraud/features.py": content, "fraud/pipeline.py": scoring("import fraud.features")}
    )
    assert bundle.files[0].content == content


def test_circular_imports_are_fine(bundled):
    bundle = bundled(
        {
            "fraud/first.py": "import fraud.second\n",
            "fraud/second.py": "import fraud.first\n",
            "fraud/pipeline.py": scoring("import fraud.first"),
        }
    )
    assert len(bundle.files) == 3


def test_imports_for_type_checkers_do_not_ship(bundled):
    bundle = bundled(
        {
            "fraud/features.py": (
                "import typing\nif typing.TYPE_CHECKING:\n    import fraud.big\n    import pandas\n"
            ),
            "fraud/big.py": "",
            "fraud/pipeline.py": scoring("import fraud.features"),
        }
    )
    assert paths(bundle) == ["fraud/features.py", "fraud/pipeline.py"]
    assert bundle.imports == ()


@pytest.mark.parametrize(
    "code",
    [
        "from fraud.pipeline import LIMIT\nfrom fraud import pipeline\npipeline.OTHER\n",
        "import fraud.pipeline\nfraud.pipeline.LIMIT + fraud.pipeline.OTHER\n",
        "from fraud.pipeline import *\nLIMIT + OTHER\n",
    ],
)
def test_a_helper_that_imports_from_the_component_s_module_gets_that_part(bundled, code):
    bundle = bundled(
        {
            "fraud/pipeline.py": (
                "from kfp import dsl\nLIMIT = 1\nOTHER = 2\nTHIRD = 3\n"
                "@dsl.component\ndef score(a: int) -> int:\n"
                "    import fraud.features\n    return a\n"
            ),
            "fraud/features.py": code,
        }
    )
    own = next(file for file in bundle.files if file.path == "fraud/pipeline.py")
    kept = own.content.decode()
    assert "LIMIT = 1\nOTHER = 2\n" in kept
    assert "THIRD" not in kept


def test_third_party_imports_are_listed_with_their_place(bundled):
    bundle = bundled(
        {
            "fraud/features.py": "import json\n\nfrom google.cloud import bigquery\n",
            "fraud/pipeline.py": scoring("import fraud.features, numpy.linalg"),
        }
    )
    assert [each.module for each in bundle.imports] == ["google.cloud.bigquery", "numpy.linalg"]
    assert bundle.imports[0].place.line == 3
    assert bundle.imports[0].place.file.name == "features.py"


@pytest.mark.parametrize(
    "code",
    [
        "try:\n    import cudf\nexcept ImportError:\n    cudf = None\n",
        "try:\n    import fraud.missing\nexcept ModuleNotFoundError:\n    pass\n",
        "try:\n    from fraud.core import missing\nexcept (ImportError, ValueError):\n    pass\n",
        "import contextlib\nwith contextlib.suppress(ImportError):\n    import cudf\n",
        "import sys\nif sys.version_info < (3, 8):\n    import backport\n",
        "if __name__ == '__main__':\n    import cudf\n    from kfp import compiler\n",
    ],
)
def test_imports_that_may_fail_are_not_needed(bundled, code):
    bundle = bundled(
        {
            "fraud/features.py": code,
            "fraud/core.py": "",
            "fraud/pipeline.py": scoring("import fraud.features"),
        }
    )
    assert bundle.imports == ()


def test_helpers_add_a_module_or_a_package_with_all_its_data(bundled):
    data = [
        *("rules/LICENSE", "rules/deep/b.jsonl", "rules/deep/limits.toml", "rules/deep/page.j2"),
        *("rules/deep/query.sql", "rules/picture.png", "rules/py.typed", "rules/tests/x.pickle"),
    ]
    bundle = bundled(
        {
            "fraud/pipeline.py": SCORE,
            "plugin.py": "import fraud.core\n",
            "fraud/core.py": "",
            "rules/__init__.py": "",
            "rules/deep/a.py": "",
            **dict.fromkeys(data, b"\x89"),
        },
        helpers=["plugin", "rules"],
    )
    modules = ["fraud/core.py", "fraud/pipeline.py", "plugin.py", "rules/__init__.py"]
    assert paths(bundle) == sorted([*modules, "rules/deep/a.py", *data])
    page = next(file for file in bundle.files if file.path == "rules/deep/page.j2")
    assert page.chain == ("fraud.pipeline:score", "helpers: rules", "rules/deep/page.j2")


def test_what_never_ships_with_a_package_is_listed(bundled):
    bundle = bundled(
        {
            "fraud/pipeline.py": SCORE,
            "rules/__init__.py": "",
            "rules/.env": "SECRET=1",
            "rules/.git/config.txt": "",
            "rules/deep/.ipynb_checkpoints/x.json": "",
            "rules/node_modules/x.json": "",
            "rules/__pycache__/a.txt": "",
            "rules/old.pyc": b"",
        },
        helpers=["rules"],
    )
    assert paths(bundle) == ["fraud/pipeline.py", "rules/__init__.py"]
    root = bundle.files[0].source.parents[1]
    skipped = [path.relative_to(root).as_posix() for path in bundle.skipped]
    assert skipped == [
        *("rules/.env", "rules/.git", "rules/deep/.ipynb_checkpoints", "rules/node_modules"),
    ]


def test_a_linked_folder_of_a_package_ships_where_it_is_linked(bundled, project):
    root = project({"fraud/pipeline.py": SCORE, "rules/__init__.py": "", "rules/de/a.sql": "1"})
    (root / "rules/fr").symlink_to("de")
    (root / "rules/de/up").symlink_to("..")
    assert paths(bundled({}, helpers=["rules"])) == [
        *("fraud/pipeline.py", "rules/__init__.py", "rules/de/a.sql", "rules/fr/a.sql"),
    ]


def test_a_package_of_helpers_may_hold_pipelines_that_nothing_imports(bundled):
    bundle = bundled(
        {
            "fraud/__init__.py": "",
            "fraud/pipeline.py": SCORE,
            "fraud/training.py": "from kfp import dsl\n@dsl.pipeline\ndef train(): pass\n",
        },
        helpers=["fraud"],
    )
    assert "fraud/training.py" in paths(bundle)


def test_a_dynamic_import_warns_and_asks_for_helpers(bundled):
    files = {
        "fraud/features.py": "import importlib\nX = importlib.import_module(f'x.{1}')\n",
        "fraud/pipeline.py": scoring("import fraud.features"),
        "plugin.py": "",
    }
    with pytest.warns(DynamicImportWarning, match=r"helpers=") as caught:
        bundle = bundled(files)
    place = f"{caught[0].filename}:{caught[0].lineno}"
    assert place.endswith("fraud/features.py:2")
    assert [sentence.startswith(f"{place}: the name") for sentence in bundle.warnings] == [True]
    assert bundled(files, helpers=["plugin"]).warnings == ()


def test_kfpkit_s_decorator_ships_with_a_module_that_uses_it(bundled):
    bundle = bundled(
        {
            "fraud/other.py": "import kfpkit\n@kfpkit.component(environment='x')\ndef f(): pass\n",
            "fraud/pipeline.py": scoring("from fraud.other import f"),
        }
    )
    assert paths(bundle) == [
        "fraud/other.py",
        "fraud/pipeline.py",
        "kfpkit/__init__.py",
        "kfpkit/component.py",
    ]


def test_kfpkit_s_helpers_ship(bundled):
    bundle = bundled({"fraud/pipeline.py": scoring("from kfpkit.helpers import clients")})
    assert "kfpkit/helpers/clients.py" in paths(bundle)


def test_a_link_inside_the_project_ships_its_contents(bundled, project):
    root = project({"shared/core.py": "X = 1\n", "fraud/pipeline.py": scoring("import fraud.core")})
    (root / "fraud/core.py").symlink_to("../shared/core.py")
    assert bundled({}).files[0].content == b"X = 1\n"


def test_additional_functions_are_callable_by_name(bundled, project):
    root = project(
        {
            "tools/text.py": "import json\nS = 2\ndef helper(x):\n    return json.dumps(x * S)\n",
            "fraud/pipeline.py": "def score(a: int) -> str:\n    return helper(a)\n",
        }
    )
    bundle = bundled({}, additional_funcs=[function_of(root / "tools/text.py", "helper")])
    assert paths(bundle) == ["fraud/pipeline.py", "tools/text.py"]
    assert bundle.files[0].content.startswith(b"from tools.text import helper")


def test_a_long_chain_of_imports_is_followed(bundled):
    files = {
        f"chain/m{i}.py": f"import chain.m{i + 1}\nfrom chain import m{i + 1}\n"
        for i in range(1500)
    }
    files["chain/m1500.py"] = ""
    bundle = bundled({**files, "fraud/pipeline.py": scoring("import chain.m0")})
    assert len(bundle.files) == 1502


@pytest.mark.parametrize(
    "code",
    [
        (
            "from importlib import import_module\ntry:\n    X = import_module('cudf')\n"
            "except ImportError:\n    X = 1\n"
        ),
        "import importlib\nX = importlib.import_module(name='fraud.core')\n",
        "from importlib import import_module as load\n",
        "import importlib as il\nX = il.import_module('..core', 'fraud.deep')\n",
    ],
)
def test_literal_dynamic_imports_are_followed_as_statements_are(bundled, code):
    bundle = bundled(
        {
            "fraud/features.py": code,
            "fraud/core.py": "",
            "fraud/pipeline.py": scoring("import fraud.features"),
        }
    )
    assert bundle.imports == ()
    assert ("fraud/core.py" in paths(bundle)) == ("core" in code)


def test_a_script_at_the_top_has_no_package_to_import_from(bundled):
    files = {"pipeline.py": scoring("from .core import x"), "core.py": "x = 1\n"}
    with pytest.raises(MissingModuleError, match=r"pipeline\.py:2: the module `\.core`"):
        bundled(files, module="pipeline.py")


def test_an_import_of_a_folder_ships_what_is_imported_of_it(bundled):
    bundle = bundled({"team/core.py": "", "fraud/pipeline.py": scoring("import team, team.core")})
    assert paths(bundle) == ["fraud/pipeline.py", "team/core.py"]
    assert bundle.imports == ()
