"""Types and values that a component's interface may hold."""

from __future__ import annotations

import re

import pytest

from kfpkit.errors import ForeignTypeError, PlaceholderInputError
from kfpkit.loading.pipelines import load_component

HEAD = """\
{future}
import dataclasses, datetime, decimal, enum, pathlib
from typing import *

import kfpkit
import pydantic
from kfp import dsl
from decimal import Decimal as Number


class Model(pydantic.BaseModel):
    amount: float


@dataclasses.dataclass
class Options:
    amount: float


class Kind(enum.Enum):
    A = 1


class Split(NamedTuple):
    train: {field}


@kfpkit.component(base_image="python:3.11")
def score({parameter}){result}: ...
"""
KNOWN = [
    "int",
    "float",
    "str",
    "bool",
    "list",
    "dict",
    "List[int]",
    "list[Model]",
    "Dict[str, Options]",
    "dict",
    "Optional[int]",
    "Optional[List[Options]]",
    "dsl.Dataset",
    "dsl.Input[dsl.Dataset]",
    "dsl.Input[dsl.Artifact]",
    "dsl.Input[List[dsl.Model]]",
    "List[dsl.Dataset]",
    "dsl.Output[dsl.Metrics]",
    "dsl.InputPath(str)",
    "dsl.InputPath('Dataset')",
    "dsl.OutputPath(int)",
    "dsl.PipelineTaskFinalStatus",
    "dsl.TaskConfig",
]
FOREIGN = {
    "Model": "Model",
    "Options": "Options",
    "Kind": "Kind",
    "Number": "decimal.Decimal",
    "datetime.datetime": "datetime.datetime",
    "pathlib.Path": "pathlib.Path",
    "Optional[Model]": "Model",
    "tuple": "builtins.tuple",
    "dsl.Input[Model]": "Model",
    "dsl.Input[List[Options]]": "Options",
}


@pytest.fixture
def load(project):
    def load(parameter="", result="", field="float", future=""):
        source = HEAD.format(parameter=parameter, result=result, field=field, future=future)
        return load_component("scores.py:score", project({"scores.py": source}))

    return load


@pytest.fixture(autouse=True)
def own_imports(monkeypatch):
    import sys  # noqa: PLC0415 - nothing else uses it

    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.mark.parametrize("kind", KNOWN)
def test_what_kfp_hands_on_is_accepted(load, kind):
    assert load(f"data: {kind}").name == "score"


@pytest.mark.parametrize("kind", [each for each in KNOWN if not each.startswith(("dsl.", "Opt"))])
def test_what_kfp_returns_is_accepted(load, kind):
    if kind != "List[dsl.Dataset]":
        assert load(result=f" -> {kind}").name == "score"
        assert load(result=" -> Split", field=kind).name == "score"


@pytest.mark.parametrize("future", ["", "from __future__ import annotations"])
@pytest.mark.parametrize(("kind", "written"), FOREIGN.items())
def test_another_type_of_an_input_is_refused(load, kind, written, future):
    with pytest.raises(ForeignTypeError, match=rf"scores\.py:\d+: `data` of the .*{written}`") as e:
        load(f"data: {kind}", future=future)

    assert e.value.kind == written
    assert "`data: dsl.Input[dsl.Dataset]` and read the file at `data.path`" in str(e.value)


def test_another_type_of_an_output_is_refused(load):
    with pytest.raises(ForeignTypeError, match=re.escape("`found: dsl.Output[dsl.Dataset]` and")):
        load("found: dsl.Output[Model]")
    with pytest.raises(ForeignTypeError, match="the returned value of the component `score`"):
        load(result=" -> Model")
    with pytest.raises(ForeignTypeError, match=re.escape("`train: dsl.Output[dsl.Dataset]`")):
        load(result=" -> Split", field="Options")


@pytest.mark.parametrize("default", ["None", "3", "(1, 2)", "[{}]"])
def test_plain_defaults_are_accepted(load, default):
    assert load(f"data: Optional[list] = {default}").name == "score"


ABSENT = "import pandas as pd\nimport numpy as np\n"


@pytest.mark.parametrize("future", ["", "from __future__ import annotations\n"])
@pytest.mark.parametrize(
    ("parameter", "result", "written"),
    [
        ("data: pd.DataFrame", "", "pd.DataFrame"),
        ("data: pd.DataFrame | None = None", "", "pd.DataFrame"),
        ("data: list[pd.DataFrame]", "", "pd.DataFrame"),
        ("data: dict[str, list[np.ndarray]]", "", "np.ndarray"),
        ("data: dsl.Input[pd.DataFrame]", "", "pd.DataFrame"),
        ("data: dsl.Output[pd.DataFrame]", "", "pd.DataFrame"),
        ("data: pd.Series[int]", "", "pd.Series[…]"),
        ("", " -> pd.DataFrame", "pd.DataFrame"),
        ("", " -> NamedTuple('Out', [('data', pd.DataFrame)])", "pd.DataFrame"),
    ],
)
def test_a_placeholder_is_refused_as_a_type(lean, parameter, result, written, future):
    source = (
        f"{future}{ABSENT}from typing import NamedTuple\nimport kfpkit\nfrom kfp import dsl\n"
        f"@kfpkit.component(environment='all')\ndef score({parameter}){result}: ...\n"
    )

    with pytest.raises(ForeignTypeError) as refused:
        load_component("scores.py:score", lean({"scores.py": source}))

    assert refused.value.kind == written
    assert refused.value.place.line in {6, 7}


@pytest.mark.parametrize(
    "options",
    ["environment=np.str_('all')", "base_image=np.name", "helpers=[np]", "helpers=['a', pd.b]"],
)
def test_a_placeholder_is_refused_as_an_option(lean, options):
    source = f"{ABSENT}import kfpkit\n@kfpkit.component({options})\ndef score(): ...\n"

    with pytest.raises(
        PlaceholderInputError, match=r"scores\.py:4: `\w+` of the decorator contains"
    ):
        load_component("scores.py:score", lean({"scores.py": source}))


@pytest.mark.parametrize("default", ["np.pi", "[np.pi]", "{'a': (1, np.array([1]))}"])
def test_a_placeholder_is_refused_as_a_default(lean, default):
    source = (
        f"{ABSENT}import kfpkit\n@kfpkit.component(environment='all')\n"
        f"def score(limit: dict = {default}): ...\n"
    )

    with pytest.raises(PlaceholderInputError, match="the default of `limit` in the component"):
        load_component("scores.py:score", lean({"scores.py": source}))


def test_a_placeholder_is_refused_as_a_function(lean):
    source = f"{ABSENT}import kfpkit\nscore = kfpkit.component(np.vectorize(len))\n"

    with pytest.raises(PlaceholderInputError, match=r"`func` of the decorator contains `np\.vec"):
        load_component("scores.py:score", lean({"scores.py": source}))
