"""Expressions over packages, and those whose answer differs without the packages.

Each is an argument of a task. It has to be the same with the packages and without, or be refused;
the known differences are those that the documentation names.
"""

from __future__ import annotations

HEAD = """\
import collections, copy, dataclasses, datetime, enum, functools, inspect, json, math, operator, os
import statistics
from decimal import Decimal
from typing import Any

import kfpkit
import numpy as np
import pandas as pd
import pydantic
from kfp import dsl
from sklearn.base import BaseEstimator, TransformerMixin, clone


class Est(TransformerMixin, BaseEstimator):
    name = "est"

    def __init__(self, size=2):
        self.size = size

    def double(self):
        return 2 * self.size


class Kind(enum.Enum):
    A = np.int8(1)
    B = np.int8(2)


class Alias(enum.Enum):
    A = np.int8(1)
    B = np.int8(1)


@dataclasses.dataclass
class Data:
    a: Any = np.int8(1)
    b: int = 2


class Model(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(arbitrary_types_allowed=True)
    a: Any = np.float64
    b: int = 2


@functools.singledispatch
def kind(value):
    return "other"


@kind.register
def _(value: np.ndarray):
    return "array"


def caught():
    try:
        return int(np.int8(3))
    except (TypeError, ValueError):
        return 0


@kfpkit.component(base_image="image")
def use(values: list) -> str:
    return "x"
"""
SAME_OR_REFUSED = """
np.pi
float(np.pi)
isinstance(np.float64(1), float)
isinstance(np.array([1]), np.ndarray)
isinstance(np.array([1]), list)
isinstance(np.zeros(1), (int, str))
isinstance(np.mean, str)
isinstance([np.pi], list)
hasattr(np, "nothing_at_all")
"y" if hasattr(np, "cuda") else "n"
getattr(np, "nothing_here", 3)
getattr(np, "float64").__name__
np.nan is None
np.nan == np.nan
np.nan != np.nan
np.__name__
np.mean.__name__
np.ndarray.__name__
pd.DataFrame.__qualname__
np.int64(1) in {1, 2}
np.int64(1) in [1, 2]
{1: "a"}.get(np.int64(1), "none")
dict([(np.str_("a"), 1)]).get("a", 0)
len({np.float32, np.float64})
[np.int64(1)] == [1]
(np.int64(1), 2) == (1, 2)
{"a": np.int64(1)} == {"a": 1}
bool([np.pi])
sorted({"b": np.pi, "a": np.e})
max([1, 2], key=lambda number: np.sin(number))
list(map(str, [np.int8(3)]))
"%s" % np.int8(3)
"{}".format(np.int8(3))
"{0.__name__}".format(np.mean)
str(np.dtype("int8"))
repr(np.dtype("int8"))
np.dtype("int8").name
[number for number in range(3) if number > np.int8(1)]
list(range(np.int8(3)))
[0, 1, 2][np.int8(1)]
"abc"[: np.int8(2)]
sum([1, 2], np.int8(0))
divmod(7, np.int8(2))
round(np.pi, 2)
1 if np.bool_(True) else 2
next(iter(np.arange(3)))
len([np.pi, np.e])
len(dir(np)) > 5
len(vars(np)) > 20
len(inspect.getmembers(np.linalg)) > 20
copy.copy(np.float64(3)) == 3
json.dumps({"a": [np.int8(1).item()]})
json.dumps({"b": np.float64}, default=lambda each: each.__name__)
json.dumps({"b": np.float64(2)}, default=str)
json.dumps({"b": np.float64(2)}, default=repr)
functools.reduce(operator.add, [np.int8(1), 2])
operator.index(np.int8(3))
operator.truth(np.int8(3))
operator.eq(np.int8(3), 3)
operator.contains([1, 3], np.int8(3))
math.isclose(np.pi, 3.14159, rel_tol=1e-3)
statistics.mean([np.float64(1), 3])
Decimal(np.float64(1.5)) == 1
[1, 3].index(np.int8(3))
[1, 3].count(np.int8(3))
"x" if np.str_("a") in "abc" else "y"
"abc".replace("a", np.str_("z"))
"abc".startswith(np.str_("a"))
os.path.join("a", np.str_("b"))
pd.Timestamp("2024-01-01").year
pd.Timestamp("2024-01-01").isoformat()
datetime.datetime(2023, 1, 1) < pd.Timestamp("2024-01-01")
datetime.timedelta(days=np.int8(1)).days
pd.DataFrame({"a": [1]}).columns.tolist()
list(pd.DataFrame({"a": [1]}))
any(pd.Series([True]))
all([np.True_])
len(pd.DataFrame({"a": [1]}))
pd.DataFrame({"a": [1]}).shape[0]
"a" in pd.DataFrame({"a": [1]})
Est().get_params()
Est(size=3).size
Est().name
Est.name
Est().double()
Est.__name__
repr(Est())[:3]
isinstance(Est(), Est)
isinstance(Est(), BaseEstimator)
issubclass(Est, BaseEstimator)
hasattr(Est(), "predict")
hasattr(Est(), "size")
getattr(Est(), "nope", 3)
clone(Est(size=3)).size
Est() == Est()
Kind.A.name
Kind.A.value == np.int8(1)
[each.name for each in Kind]
Kind(np.int8(1)).name
Data().a == 1
Data().b
dataclasses.asdict(Data())
dataclasses.replace(Data(), b=4).b
str(Data())
Model().a
Model().b
Model().model_dump()
Model(b=3).b
str(Model())
Model.model_json_schema()["title"]
kind(np.int8(1))
kind(np.zeros(1))
kind([1])
caught()
"""
DIFFERENT = """
type(np.pi).__name__
isinstance(np.pi, float)
issubclass(np.float64, float)
callable(np.pi)
pd.DataFrame.__module__
np.mean.__doc__ is None
inspect.isclass(np.mean)
len(inspect.signature(np.mean).parameters)
{np.int64(1): "a"}.get(1, "none")
"a" in {np.str_("a"): 1}
len({np.int64(1), 1})
len(Alias)
"""
PROGRAM = """\
import json, logging, sys, warnings
from pathlib import Path

import yaml

from kfpkit.compiler.compiler import to_yaml
from kfpkit.errors import KfpkitError
from kfpkit.loading.pipelines import load_pipeline

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
head = Path("head.txt").read_text()
found = {}
for number, expression in enumerate(json.loads(Path("expressions.json").read_text())):
    file = Path(f"module_{number}.py")
    pipeline = f'@dsl.pipeline(name="p")\\ndef p():\\n    use(values=[{expression}])\\n'
    file.write_text(f"{head}\\n\\n{pipeline}")
    try:
        spec = yaml.safe_load(to_yaml(load_pipeline(file)))
    except KfpkitError as error:
        found[expression] = [type(error).__name__, str(error)]
    else:
        task = spec["root"]["dag"]["tasks"]["use"]
        value = task["inputs"]["parameters"]["values"]["runtimeValue"]["constant"]
        found[expression] = ["compiles", repr(value)]
print(json.dumps(found))
"""


def expressions(text: str) -> list[str]:
    return text.strip().splitlines()
