"""A component's own module ships as the part that the function reaches."""

from __future__ import annotations

import ast

import pytest

from kfpkit.errors import CompileTimeImportError, UndefinedNameError

from .conftest import function_of

CASES = {
    "constant": ("LIMIT = 3\n", "LIMIT"),
    "tuple unpacking": ("LOW, (LIMIT, *REST) = 1, (2, 3)\n", "LIMIT"),
    "augmented assignment": ("LIMIT = 1\nLIMIT += 2\n", "LIMIT"),
    "walrus": ("if (LIMIT := 3) > 2:\n    pass\n", "LIMIT"),
    "optional import": (
        "try:\n    import tomllib as LIMIT\nexcept ImportError:\n    LIMIT = None\n",
        "LIMIT",
    ),
    "condition": ("import sys\nif sys.argv:\n    LIMIT = 1\nelse:\n    LIMIT = 2\n", "LIMIT"),
    "with block": ("import io\nwith io.StringIO() as LIMIT:\n    pass\n", "LIMIT"),
    "loop": ("for LIMIT in range(3):\n    pass\n", "LIMIT"),
    "function in a function": (
        "def low():\n    return 1\ndef LIMIT():\n    return low()\n",
        "LIMIT",
    ),
    "class with base": ("class Base:\n    pass\nclass LIMIT(Base):\n    pass\n", "LIMIT"),
    "dataclass": (
        "from dataclasses import dataclass\n@dataclass\nclass LIMIT:\n    a: int = 1\n",
        "LIMIT",
    ),
    "enum": ("import enum\nclass LIMIT(enum.Enum):\n    A = enum.auto()\n", "LIMIT"),
    "type alias": ("from typing import Dict\nLIMIT = Dict[str, int]\n", "LIMIT"),
    "own decorator": (
        (
            "import functools\ndef twice(f):\n    return functools.wraps(f)(f)\n"
            "@twice\ndef LIMIT():\n    return 1\n"
        ),
        "LIMIT",
    ),
    "lambda": ("base = 2\nLIMIT = lambda: base\n", "LIMIT"),
    "comprehension": ("base = [1]\nLIMIT = [x for x in base if x]\n", "LIMIT"),
    "f-string": ("base = 2\nLIMIT = f'{base:>{base}}'\n", "LIMIT"),
    "match": ("base = 2\nmatch base:\n    case LIMIT:\n        pass\n", "LIMIT"),
    "two on a line": ("base = 2; LIMIT = base; other = missing()\n", "LIMIT"),
    "global": ("def load():\n    global LIMIT\n    LIMIT = 1\nload()\n", "LIMIT"),
    "default argument": ("base = 2\ndef LIMIT(x=base):\n    return x\n", "LIMIT"),
    "keyword-only default": ("base = 2\ndef LIMIT(*, x=base):\n    return x\n", "LIMIT"),
    "semicolon after string": ("LIMIT = 'ä;ö'; other = missing()\n", "LIMIT"),
    "exception name": ("class Wrong(Exception): pass\nLIMIT = Wrong\n", "LIMIT"),
    "deleted": ("LIMIT = 1\ntemporary = 2\ndel temporary\n", "LIMIT"),
    "guarded name": (
        "try:\n    LIMIT = unicode\nexcept NameError:\n    LIMIT = str\n",
        "LIMIT",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_the_function_needs_is_kept_and_runs(own, case):
    source, name = CASES[case]
    reduced = own(
        f"{source}\nunrelated = undefined_elsewhere()\nfrom kfp.dsl import component\n"
        f"@component(base_image='x')\ndef score(a: int) -> int:\n    {name}\n    return 1\n"
    )
    names: dict = {"__name__": "fraud.pipeline"}
    exec(compile(reduced, "pipeline.py", "exec", dont_inherit=True), names)
    assert names["score"](1) == 1
    assert "unrelated" not in reduced
    assert "component" not in reduced


def test_lines_stay_where_they_were(own):
    source = (
        '"""Doc."""\nimport os, sys\n\nX = 1\n\n\n@dsl.component(\n    base_image="x",\n)\n'
        "def score(a: int) -> int:\n    # why\n    return a + X\n"
    )
    reduced = own(source).splitlines()
    assert reduced[3] == "X = 1"
    assert reduced[9:] == source.splitlines()[9:]
    assert not any(reduced[:3])


def test_import_statements_lose_the_names_that_nothing_needs(own):
    reduced = own(
        "from kfp.dsl import (\n    Dataset,\n    Input,\n    component,\n    pipeline,\n)\n"
        "from kfp import dsl, compiler\nimport os, json\n"
        "@component\ndef score(a: Input[Dataset]) -> str:\n    return json.dumps(dsl.Model)\n"
        "@pipeline\ndef train():\n    score()\ncompiler.Compiler().compile(train, 'x.yaml')\n"
    )
    assert "from kfp.dsl import Dataset, Input\n" in reduced
    assert "from kfp import dsl\n" in reduced
    assert "import json\n" in reduced
    assert "compiler" not in reduced
    assert "os" not in reduced


def test_of_dotted_imports_only_those_that_are_read_stay(own):
    reduced = own(
        "import xml.dom\nimport xml.sax\nimport os.path\n"
        "def score(a: int) -> str:\n    return xml.sax.make_parser and os.getcwd()\n"
    )
    assert "import xml.sax" in reduced
    assert "import os.path" in reduced
    assert "xml.dom" not in reduced


def test_statements_that_change_a_kept_name_stay(own):
    reduced = own(
        "import logging\nTABLE = {}\nTABLE['a'] = 1\nOTHER = []\nOTHER.append(1)\n"
        "for key in 'bc':\n    TABLE[key] = 2\nTABLE.update(d=3)\n"
        "logging.captureWarnings(True)\n"
        "def score(a: int) -> int:\n    return TABLE['d']\n"
    )
    assert "TABLE['a'] = 1" in reduced
    assert "TABLE[key] = 2" in reduced
    assert "TABLE.update(d=3)" in reduced
    assert "OTHER" not in reduced
    assert "captureWarnings" in reduced


def test_calls_on_kfp_and_on_components_do_not_ship(own):
    reduced = own(
        "import kfp\nfrom kfp import dsl\n@dsl.component\n"
        "def score(a: int) -> kfp.dsl.Artifact:\n    return a\n"
        "score.description = 'x'\nprint(score)\n"
        "kfp.compiler.Compiler().compile(score, 'x.yaml')\n"
    )
    assert "Compiler" not in reduced
    assert "description" not in reduced


def test_another_component_that_the_body_calls_is_a_plain_function(own):
    reduced = own(
        "import kfpkit\nfrom kfp import dsl\n\n"
        "@kfpkit.component(environment='x')\ndef double(a: int) -> int:\n    return 2 * a\n\n"
        "@dsl.component\ndef third(a: int) -> int:\n    return a\n\n"
        "@kfpkit.component(environment='x')\ndef score(a: int) -> int:\n    return double(a)\n"
    )
    assert "def double" in reduced
    assert "third" not in reduced
    assert "@" not in reduced
    assert "kfp" not in reduced


def test_kfp_and_typing_names_are_there_without_an_import(own):
    source = "X = 1\n\ndef score(a: Optional[int], m: Output[Metrics]) -> int:\n    return dsl\n"
    reduced = own(source)
    assert reduced.splitlines()[2:] == source.splitlines()[2:]
    imported = ast.parse(reduced).body[:-1]
    assert sorted(ast.unparse(node) for node in imported) == [
        "from kfp import dsl",
        "from kfp.dsl import Metrics",
        "from kfp.dsl import Output",
        "from typing import Optional",
    ]


@pytest.mark.parametrize(
    "head",
    [
        "from __future__ import annotations\n",
        "# -*- coding: utf-8 -*-\n",
        "# coding: utf-8\nfrom __future__ import annotations; import os\n",
        "",
    ],
)
def test_supplied_names_come_after_cookies_and_future_imports(own, head):
    source = f"{head}def score(a: Optional[int]) -> int:\n    return Any and os\n"
    source = source.replace(" and os", "") if "import os" not in head else source
    reduced = own(source)
    names: dict = {}
    exec(compile(reduced, "pipeline.py", "exec", dont_inherit=True), names)
    assert callable(names["score"])
    if head:
        assert reduced.splitlines()[-2:] == source.splitlines()[-2:]


def test_deferred_annotations_of_others_are_no_needs(own):
    reduced = own(
        "from __future__ import annotations\nfrom typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    import pandas as pd\n"
        "def clean(frame: pd.DataFrame) -> pd.DataFrame:\n    return frame\n"
        "def score(a: int) -> int:\n    return clean(a)\n"
    )
    assert "pandas" not in reduced
    assert "from __future__ import annotations" in reduced


def test_annotations_as_text_keep_their_names(own):
    reduced = own(
        "from kfp.dsl import Input, Dataset\nimport os\n"
        "def score(a: 'Input[Dataset]') -> 'int':\n    return 1\n"
    )
    assert "from kfp.dsl import Input, Dataset" in reduced


def test_what_type_checkers_see_does_not_define_a_name(own):
    with pytest.raises(UndefinedNameError):
        own(
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import json\n"
            "def score(a: int) -> str:\n    return json.dumps(a)\n"
        )


def test_an_undefined_name_is_refused_with_its_line(bundled, tmp_path):
    source = "def helper():\n    return missing\n\ndef score(a: int) -> int:\n    return helper()\n"
    with pytest.raises(UndefinedNameError) as caught:
        bundled({"fraud/pipeline.py": source})
    assert caught.value.name == "missing"
    assert caught.value.place.line == 2
    assert caught.value.place.file.name == "pipeline.py"
    assert "Define or import `missing`" in str(caught.value)


def test_a_name_of_the_main_block_is_not_defined_in_a_container(own):
    with pytest.raises(UndefinedNameError):
        own("def score(a: int) -> int:\n    return x\nif __name__ == '__main__':\n    x = 1\n")


def test_a_star_import_of_the_project_is_kept_for_its_names(own):
    reduced = own(
        "from fraud.first import *\nfrom fraud.second import *\n"
        "def score(a: int) -> int:\n    return LOW\n",
        **{"fraud/first.py": "HIGH = 1\n", "fraud/second.py": "__all__ = ['LOW']\nLOW = 1\n"},
    )
    assert "fraud.second" in reduced
    assert "fraud.first" not in reduced


def test_a_star_import_from_elsewhere_may_give_any_name(own):
    reduced = own("from numpy import *\ndef score(a: int) -> int:\n    return ones(a)\n")
    assert "from numpy import *" in reduced


def test_names_that_come_through_globals_are_left_alone(own):
    reduced = own(
        "for name in 'ab':\n    globals()[name] = 1\ndef score(x: int) -> int:\n    return a\n"
    )
    assert "globals()" in reduced


def test_a_reached_pipeline_is_refused(own):
    with pytest.raises(CompileTimeImportError, match=r"kfp\.dsl\.pipeline"):
        own(
            "from kfp import dsl\n@dsl.pipeline\ndef train():\n    pass\n"
            "@dsl.component\ndef score(a: int) -> int:\n    return train\n"
        )


@pytest.mark.parametrize(
    "content",
    [
        "# -*- coding: latin-1 -*-\nX = 'ä'\ndef score(a: int) -> str:\n    return X\n".encode(
            "latin-1"
        ),
        b"\xef\xbb\xbf" + "X = 'ä'\ndef score(a: int) -> str:\n    return X\n".encode(),
        b"X = 1\r\n\r\ndef score(a: int) -> int:\r\n    return X\r\n",
        b"X = 1\rdef score(a: int) -> int:\r    return X",
        b"\x0cX = 1\n\x0cdef score(a: int) -> int:\n    return X",
    ],
)
def test_encodings_and_line_ends_stay(bundled, content):
    bundle = bundled({"fraud/pipeline.py": content})
    shipped = bundle.files[0].content
    assert shipped.rstrip() == content.rstrip()


def test_nested_functions_ship_with_their_module_and_enclosing_imports(own):
    source = (
        "import math\nBASE = 2\n\ndef make():\n    import json\n    from kfp import dsl\n"
        "    @dsl.component\n    def score(a: int) -> str:\n        text = '''\n  kept\n'''\n"
        "        return json.dumps(math.floor(a + BASE)) + text\n    return score\n"
    )
    reduced = own(source)
    names: dict = {}
    exec(compile(reduced, "pipeline.py", "exec", dont_inherit=True), names)
    assert names["score"](1.5) == "3\n  kept\n"
    assert names["score"].__code__.co_firstlineno == 8
    assert "dsl" not in reduced


def test_a_variable_around_a_nested_function_is_refused(own):
    with pytest.raises(UndefinedNameError, match="local variable of `make`"):
        own(
            "def make(limit):\n    def score(a: int) -> int:\n        return limit\n"
            "    return score\n"
        )


def test_static_methods_ship(own):
    reduced = own("class A:\n    @staticmethod\n    def score(a: int) -> int:\n        return a\n")
    names: dict = {}
    exec(compile(reduced, "pipeline.py", "exec", dont_inherit=True), names)
    assert names["score"](2) == 2


def test_editing_a_component_does_not_change_its_neighbour(own):
    source = (
        "import os\nfrom kfp.dsl import component\n@component\ndef first(a: int) -> str:\n"
        "    return os.getcwd()\n@component\ndef score(a: int) -> int:\n    return a\n"
    )
    edited = source.replace("os.getcwd()", "os.sep").replace(
        "component\n@", "component, Model\n@", 1
    )
    assert own(source) == own(edited)
    assert own(source, name="first") != own(edited, name="first")


def test_a_component_in_a_condition_ships_with_it(own):
    reduced = own(
        "import sys\nfrom kfp import dsl\nfrom functools import cache\nif sys.argv:\n"
        "    LIMIT = 2\n\n    @dsl.component(\n        base_image='x',\n    )\n    @cache\n"
        "    def score(a: int) -> int:\n        return a + LIMIT\nelse:\n    score = None\n"
    )
    names: dict = {}
    exec(compile(reduced, "pipeline.py", "exec", dont_inherit=True), names)
    assert names["score"](1) == 3
    assert "dsl" not in reduced
    assert "    @cache\n" in reduced


BLOCKS = {
    "with": "with dsl.ExitHandler(None):\n",
    "main block": "if __name__ == '__main__':\n",
    "try": "try:\n    compiler.Compiler()\nexcept ImportError:\n    pass\nelse:\n",
}


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_that_gives_a_component_nothing_stays_behind(own, block):
    reduced = own(
        f"from kfp import compiler, dsl\nLIMIT = 2\n{BLOCKS[block]}"
        "    compiler.Compiler()\n\n    @dsl.component(\n        base_image='x',\n    )\n"
        "    def score(a: int) -> int:\n        return score(a - 1) if a > 1 else LIMIT\n"
    )
    names: dict = {}
    exec(compile(reduced, "pipeline.py", "exec", dont_inherit=True), names)
    assert names["score"](3) == 2
    assert "kfp" not in reduced


def test_a_block_that_something_else_needs_ships_once(own):
    reduced = own(
        "from kfp import dsl\nfrom functools import cache\nif True:\n    BASE = 2\n\n"
        "    @dsl.component\n    @cache\n    def score(a: int) -> int:\n        return low(a)\n"
        "def low(a):\n    return a + BASE\n"
    )
    names: dict = {}
    exec(compile(reduced, "pipeline.py", "exec", dont_inherit=True), names)
    assert names["score"](1) == 3
    assert reduced.count("    @cache\n") == 1


def test_a_function_that_is_redefined_ships_with_all_its_definitions(own):
    reduced = own(
        "def low():\n    return 1\ndef low():\n    return 2\n"
        "def score(a: int) -> int:\n    return low()\n"
    )
    assert "return 2" in reduced


def test_an_additional_function_of_the_same_module_ships(bundled, project):
    source = "def score(a: int) -> int:\n    return globals()['late'](a)\n"
    source += "def late(a):\n    return base + a\nbase = 1\n"
    root = project({"fraud/pipeline.py": source})
    late = function_of(root / "fraud/pipeline.py", "late")
    assert b"base = 1" in bundled({}, additional_funcs=[late]).files[0].content


def test_imports_at_the_end_of_a_file_stay_there(own):
    source = "def score(a: int) -> str:\n    return os.sep\nimport os\n"
    assert own(source) == source


def test_an_import_of_the_compiler_that_the_body_needs_is_refused(own):
    with pytest.raises(CompileTimeImportError, match=r"pipeline\.py:1: `kfp\.compiler`"):
        own("from kfp import compiler\ndef score(a: int) -> str:\n    return compiler.X\n")


def test_annotations_of_variables_in_functions_are_no_needs(own):
    own(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pandas as pd\n"
        "class Table:\n    def __init__(self):\n        self.frame: pd.DataFrame = None\n"
        "def score(a: int) -> int:\n    x: pd.Series = Table()\n    return x\n"
    )


def test_a_star_import_in_a_block_may_give_any_name(own):
    reduced = own(
        "try:\n    from fast import *\nexcept ImportError:\n    from slow import *\n"
        "def score(a: int) -> int:\n    return lookup(a)\n"
    )
    assert "from fast import *" in reduced
