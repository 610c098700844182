"""Modules as people write them, and what becomes of each without the packages that they import.

This file and `outcomes.py` need nothing but the standard library, so that every Python runs them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

ABSENT = {
    "airflow": "apache-airflow",
    "bs4": "beautifulsoup4",
    "celery": "celery",
    "cv2": "opencv-python-headless",
    "google.cloud.spanner": "google-cloud-spanner",
    "matplotlib": "matplotlib",
    "mlflow": "mlflow",
    "numba": "numba",
    "numpy": "numpy",
    "pandas": "pandas",
    "pandera": "pandera",
    "polars": "polars",
    "retrying": "retrying",
    "scipy": "scipy",
    "seaborn": "seaborn",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "sqlalchemy": "sqlalchemy",
    "sqlmodel": "sqlmodel",
    "structlog": "structlog",
    "tensorflow": "tensorflow",
    "torch": "torch",
}
"""What environments provide and no interpreter of the tests has, with the distributions."""

WORKS = "works"
REFUSED = "refused"
FAILS = "fails"


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A module, and what becomes of it.

    Args:
        name: What it shows.
        source: Its text.
        outcome: Whether it works, is refused, or fails with an error of Python's.
        needed: What is refused, as `PlaceholderValueError` says it; or the error's class.
        of: The expression that cannot be answered, as the module writes it.
        line: The line of the refusal or error.
        beside: Further modules, by file name.
        without_real: Why it does not load with the packages installed, if so.
        python: The oldest minor version of Python 3 that has what it uses.
    """

    name: str
    source: str
    outcome: str
    needed: str = ""
    of: str = ""
    line: int = 0
    beside: Mapping[str, str] = field(default_factory=dict)
    without_real: str = ""
    python: int = 10


def works(name: str, source: str, **options: object) -> Pattern:
    return _pattern(name, source, WORKS, **options)


def refused(name: str, needed: str, of: str, source: str, **options: object) -> Pattern:
    return _pattern(name, source, REFUSED, needed=needed, of=of, **options)


def fails(name: str, error: str, source: str, **options: object) -> Pattern:
    return _pattern(name, source, FAILS, needed=error, **options)


def _pattern(name: str, source: str, outcome: str, **options: object) -> Pattern:
    text = textwrap.dedent(source).strip() + "\n"
    lines = [number for number, line in enumerate(text.splitlines(), 1) if "  # here" in line]
    beside = {file: textwrap.dedent(each) for file, each in dict(options.pop("beside", {})).items()}
    return Pattern(
        name=name,
        source=text,
        outcome=outcome,
        line=lines[0] if lines else 0,
        beside=beside,
        **options,
    )


def patterns() -> Iterator[Pattern]:
    yield from ANNOTATIONS
    yield from CLASSES
    yield from DECORATORS
    yield from EXPRESSIONS
    yield from IMPORTS
    yield from DEMANDS
    yield from ERRORS


ANNOTATIONS = [
    works(
        "an annotation of a parameter and a result",
        """
        import pandas as pd
        def clean(table: pd.DataFrame, weights: pd.Series) -> pd.DataFrame: ...
    """,
    ),
    works(
        "annotations that are text",
        """
        from __future__ import annotations
        import typing
        import pandas as pd
        def clean(table: pd.DataFrame | None, *rest: pd.Series) -> dict[str, pd.DataFrame]: ...
        hints = typing.get_type_hints(clean)
        assert hints["rest"] is pd.Series
        assert hints["table"] == pd.DataFrame | None
    """,
    ),
    works(
        "a union with None is one of Python's",
        """
        import types
        import pandas as pd
        Table = pd.DataFrame | None
        assert isinstance(Table, types.UnionType)
        assert Table.__args__ == (pd.DataFrame, type(None))
        assert isinstance(None | pd.DataFrame, types.UnionType)
        assert isinstance(pd.DataFrame | pd.Series | str, types.UnionType)
        assert isinstance(str | pd.Series, types.UnionType)
    """,
    ),
    works(
        "Optional, Union, Callable and Annotated",
        """
        from typing import Annotated, Callable, Optional, Union
        import numpy as np
        One = Optional[np.ndarray]
        Both = Union[np.ndarray, np.generic, str]
        Step = Callable[[np.ndarray], np.ndarray]
        Marked = Annotated[np.ndarray, "two axes"]
        assert One.__args__[0] is np.ndarray
        assert Both.__args__ == (np.ndarray, np.generic, str)
    """,
    ),
    works(
        "generic collections of them",
        """
        from collections.abc import Iterable, Mapping
        from typing import Dict, List, Tuple, Type
        import numpy as np
        A = dict[str, np.ndarray]
        B = Dict[str, List[np.ndarray]]
        C = Tuple[np.ndarray, ...]
        D = Type[np.generic]
        E = Iterable[Mapping[str, tuple[np.ndarray, np.dtype]]]
        assert A.__args__ == (str, np.ndarray)
    """,
    ),
    works(
        "a subscript in an annotation",
        """
        import numpy as np
        import numpy.typing as npt
        def unit(vector: npt.NDArray[np.float64], by: "np.ndarray | None") -> npt.ArrayLike: ...
    """,
    ),
    works(
        "a subscript joined with None",
        """
        import numpy as np
        import numpy.typing as npt
        def unit(vector: npt.NDArray[np.float64] | None = None) -> None: ...
    """,
    ),
    works(
        "TypeVar with a bound and constraints",
        """
        from typing import Generic, TypeVar
        import numpy as np
        import pandas as pd
        T = TypeVar("T", bound=np.generic)
        Frame = TypeVar("Frame", pd.DataFrame, pd.Series)
        class Box(Generic[T]):
            def get(self) -> T: ...
        Floats = Box[np.float64]
        assert T.__bound__ is np.generic
    """,
    ),
    works(
        "NewType and a type alias",
        """
        from typing import NewType
        import pandas as pd
        Payments = NewType("Payments", pd.DataFrame)
        Frames = list[pd.DataFrame]
        def total(payments: Payments, frames: Frames) -> float: ...
    """,
    ),
    works(
        "NamedTuple and TypedDict",
        """
        from typing import NamedTuple, TypedDict
        import pandas as pd
        class Split(NamedTuple):
            train: pd.DataFrame
            test: pd.DataFrame | None = None
        class Options(TypedDict, total=False):
            frame: pd.DataFrame
            names: list[pd.Index]
        assert Split(1).test is None
        assert Options(frame=1) == {"frame": 1}
    """,
    ),
    works(
        "a dataclass",
        """
        from dataclasses import asdict, dataclass, field, fields
        import numpy as np
        @dataclass(order=True, slots=True)
        class Scores:
            limit: float
            values: np.ndarray | None = None
            kind: type = np.float64
            more: list[np.ndarray] = field(default_factory=list)
        assert [each.name for each in fields(Scores)] == ["limit", "values", "kind", "more"]
        assert Scores(1.0) < Scores(2.0)
        assert asdict(Scores(1.0))["limit"] == 1.0
    """,
    ),
    works(
        "a frozen dataclass with a value as default",
        """
        from dataclasses import dataclass
        import numpy as np
        @dataclass(frozen=True, kw_only=True)
        class Limits:
            lowest: float = -np.inf
            kind: object = np.dtype("float64")
        limits = Limits()
        assert limits.lowest is Limits.lowest
    """,
    ),
    works(
        "inspect.signature",
        """
        import inspect
        import numpy as np
        def scale(values: np.ndarray, by: float = np.pi) -> np.ndarray: ...
        found = inspect.signature(scale)
        assert found.parameters["by"].default is np.pi
        assert found.return_annotation is np.ndarray
    """,
    ),
    works(
        "singledispatch by annotation and by class",
        """
        from functools import singledispatch
        import numpy as np
        import pandas as pd
        @singledispatch
        def size(value): return 0
        @size.register
        def _(value: pd.DataFrame): return 1
        @size.register(np.ndarray)
        def _(value): return 2
        assert size("text") == 0
        assert size.dispatch(np.ndarray)(None) == 2
    """,
    ),
    works(
        "singledispatch by a union",
        """
        from functools import singledispatch
        import pandas as pd
        @singledispatch
        def size(value): return 0
        @size.register
        def _(value: pd.DataFrame | pd.Series): return 1
        assert size.dispatch(pd.Series)(None) == 1
    """,
        python=11,
    ),
    works(
        "isinstance of a plain value",
        """
        import numpy as np
        assert isinstance(3, (int, np.integer))
        assert not isinstance(3, np.integer)
        assert not isinstance("text", np.ndarray | np.generic)
        assert issubclass(np.float64, np.float64)
        assert not issubclass(int, np.integer)
    """,
    ),
    works(
        "match by class",
        """
        import pandas as pd
        def kind(value):
            match value:
                case pd.DataFrame():
                    return "frame"
                case {"a": 1}:
                    return "dict"
                case _:
                    return "other"
        assert kind({"a": 1}) == "dict"
        assert kind(3) == "other"
    """,
    ),
    works(
        "imports for annotations alone",
        """
        from __future__ import annotations
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            import pandas as pd
        def clean(table: pd.DataFrame) -> pd.DataFrame: ...
    """,
    ),
]

CLASSES = [
    works(
        "a class below another package's",
        """
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self, width: int) -> None:
                super().__init__()
                self.width = width
                self.layer = nn.Linear(width, 1)
            def forward(self, values):
                return self.layer(values)
            def double(self) -> int:
                return 2 * self.width
        net = Net(4)
        assert net.double() == 8
        assert isinstance(net, nn.Module) and issubclass(Net, nn.Module)
        assert isinstance(net, Net) and not isinstance(3, Net) and issubclass(Net, Net)
        assert type(net) is Net and Net.__mro__[1] is nn.Module
        net.eval().to("cpu")
        first = net(3)
    """,
        without_real="the layer is called with a number",
    ),
    works(
        "an estimator of scikit-learn",
        """
        from sklearn.base import BaseEstimator, TransformerMixin
        class Clip(BaseEstimator, TransformerMixin):
            def __init__(self, limit: float = 1.0) -> None:
                self.limit = limit
            def fit(self, values, labels=None): return self
            def transform(self, values): return [min(each, self.limit) for each in values]
        assert Clip(limit=2.0).fit([]).transform([1.0, 3.0]) == [1.0, 2.0]
    """,
    ),
    works(
        "a base that is subscripted",
        """
        import numpy as np
        from torch.utils.data import Dataset
        class Numbers(Dataset[int]):
            def __len__(self) -> int: return 3
            def __getitem__(self, index: int) -> int: return index
        numbers = Numbers()
        assert len(numbers) == 3 and numbers[2] == 2 and bool(numbers)
    """,
    ),
    works(
        "a generic class below one",
        """
        from typing import Generic, TypeVar
        from torch import nn
        T = TypeVar("T")
        class Named(nn.Module, Generic[T]):
            def get(self) -> T: ...
        class Text(Named[str]):
            pass
        assert Text.__mro__[1] is Named
        assert Named[int].__args__ == (int,)
    """,
    ),
    works(
        "an abstract class below one",
        """
        from abc import ABC, abstractmethod
        from sklearn.base import BaseEstimator
        class Model(ABC, BaseEstimator):
            @abstractmethod
            def score(self) -> float: ...
        class Constant(Model):
            def score(self) -> float: return 0.5
        assert Constant().score() == 0.5
        try:
            Model()
        except TypeError:
            refused = True
        assert refused
    """,
    ),
    works(
        "a class that has a protocol above it too",
        """
        from typing import Protocol, runtime_checkable
        from sklearn.base import BaseEstimator
        @runtime_checkable
        class Scores(Protocol):
            def score(self) -> float: ...
        class Constant(BaseEstimator, Scores):
            def score(self) -> float: return 0.5
        assert isinstance(Constant(), Scores)
        assert isinstance(Constant(), Scores)
    """,
    ),
    works(
        "several bases, of the author too",
        """
        from sklearn.base import BaseEstimator, TransformerMixin
        class Named:
            def __init__(self, name: str) -> None: self.name = name
        class Step(TransformerMixin, Named):
            pass
        class Other(Named, BaseEstimator):
            pass
        assert Step("a").name == "a" and Other("b").name == "b"
    """,
    ),
    works(
        "class arguments",
        """
        from sqlmodel import Field, SQLModel
        class Payment(SQLModel, table=True):
            id: int | None = Field(default=None, primary_key=True)
            amount: float
    """,
    ),
    works(
        "class arguments that the author's class takes",
        """
        from sklearn.base import BaseEstimator
        class Registered:
            known = {}
            def __init_subclass__(cls, *, alias=None, **kwargs):
                super().__init_subclass__(**kwargs)
                Registered.known[alias] = cls
        class Step(Registered, BaseEstimator, alias="step"):
            pass
        assert Registered.known == {"step": Step}
    """,
    ),
    works(
        "a base that a call returns",
        """
        import sqlalchemy as sa
        from sqlalchemy.orm import declarative_base
        Base = declarative_base()
        class User(Base):
            __tablename__ = "users"
            id = sa.Column(sa.Integer, primary_key=True)
            name = sa.Column(sa.String(30))
        query = sa.select(User).where(User.name == "x", User.id > 3).order_by(User.id.desc())
        table = User.metadata.tables["users"]
    """,
    ),
    works(
        "a schema with fields, checks and a configuration",
        """
        import pandera.pandas as pa
        from pandera.typing import Series
        class Payments(pa.DataFrameModel):
            amount: Series[float] = pa.Field(ge=0, nullable=False)
            name: Series[str] | None = pa.Field(isin=["a", "b"])
            class Config:
                strict = True
                coerce = True
            @pa.check("amount")
            @classmethod
            def is_small(cls, values): return values < 1e6
            @pa.dataframe_check
            def has_rows(cls, table): return len(table) > 0
        assert Payments.Config.strict
    """,
    ),
    works(
        "a dataclass below another package's class",
        """
        from dataclasses import dataclass, fields
        from sklearn.base import BaseEstimator
        @dataclass
        class Step(BaseEstimator):
            width: int
            depth: int = 2
        assert [each.name for each in fields(Step)] == ["width", "depth"]
        assert Step(3) == Step(3, 2)
        try:
            Step()
        except TypeError:
            refused = True
        assert refused
    """,
    ),
    works(
        "exceptions of a package",
        """
        import pandera.errors
        from sqlalchemy.exc import OperationalError, SQLAlchemyError
        from retrying import RetryError
        class NoRows(SQLAlchemyError):
            pass
        class Late(OperationalError, ValueError):
            def __init__(self, seconds: int) -> None:
                super().__init__(f"{seconds} s too late")
        def read():
            try:
                raise NoRows("nothing there")
            except (OperationalError, KeyError):
                return "operational"
            except SQLAlchemyError as error:
                return str(error)
        assert read() == "nothing there"
        assert issubclass(RetryError, Exception)
        try:
            1 / 0
        except pandera.errors.SchemaError:
            caught = "schema"
        except ZeroDivisionError:
            caught = "zero"
        assert caught == "zero"
    """,
        without_real="an error of sqlalchemy takes more arguments",
    ),
    works(
        "a warning of a package",
        """
        import warnings
        from numpy.exceptions import RankWarning
        from pandas.errors import PerformanceWarning
        from sklearn.exceptions import ConvergenceWarning
        warnings.filterwarnings("ignore", category=ConvergenceWarning)
        warnings.simplefilter("ignore", PerformanceWarning)
        warnings.filterwarnings("ignore", category=ConvergenceWarning)
        assert issubclass(ConvergenceWarning, Warning)
    """,
    ),
    works(
        "super() of a class below one",
        """
        import torch
        class Base(torch.nn.Module):
            def __init__(self, *, width: int = 1, **options):
                super().__init__(**options)
                self.width = width
            def extra_repr(self) -> str:
                return f"width={self.width}"
        class Deep(Base):
            def __init__(self):
                super().__init__(width=3)
        assert Deep().extra_repr() == "width=3"
    """,
    ),
    works(
        "__new__ of a class below one",
        """
        from sklearn.base import BaseEstimator
        class Single(BaseEstimator):
            only = None
            def __new__(cls, *args):
                if cls.only is None:
                    cls.only = super().__new__(cls)
                return cls.only
            def __init__(self, width: int = 1) -> None:
                self.width = width
        assert Single(1) is Single(2)
    """,
    ),
    works(
        "properties, class methods and slots",
        """
        from functools import cached_property
        from sklearn.base import BaseEstimator
        class Step(BaseEstimator):
            @property
            def name(self) -> str: return "step"
            @classmethod
            def default(cls): return cls()
            @staticmethod
            def three() -> int: return 3
            @cached_property
            def nine(self) -> int: return self.three() ** 2
        assert Step.default().name == "step" and Step().nine == 9
    """,
    ),
    works(
        "a class decorator",
        """
        import numpy as np
        import pandas as pd
        @pd.api.extensions.register_dataframe_accessor("payments")
        class Payments:
            def __init__(self, table) -> None: self.table = table
            def total(self) -> float: return 1.5
        assert Payments(None).total() == 1.5
    """,
    ),
    works(
        "a subclass of a builtin too",
        """
        from sklearn.base import BaseEstimator
        class Options(dict, BaseEstimator):
            pass
        class Name(str, BaseEstimator):
            pass
        assert Options(a=1)["a"] == 1 and Name("x").upper() == "X"
    """,
    ),
]

DECORATORS = [
    works(
        "a plain decorator",
        """
        from numba import njit
        @njit
        def double(number):
            return 2 * number
        assert double(4) == 8 and double.__name__ == "double"
    """,
    ),
    works(
        "a decorator with options",
        """
        import numba
        import tensorflow as tf
        @numba.jit(nopython=True, cache=True)
        def double(number):
            return 2 * number
        @tf.function(
            jit_compile=True,
            reduce_retracing=True,
        )
        def triple(number):
            return 3 * number
        assert double(4) == 8 and triple(4) == 12
    """,
        without_real="tensors are no numbers",
    ),
    works(
        "a decorator that takes values",
        """
        from retrying import retry
        @retry(stop_max_attempt_number=3, wait_fixed=1_000, retry_on_exception=callable)
        def fetch(address: str) -> str:
            return address
        assert fetch("here") == "here"
    """,
    ),
    works(
        "decorators on top of each other",
        """
        import functools
        import numba
        import retrying
        def timed(function):
            @functools.wraps(function)
            def inner(*args):
                return function(*args)
            return inner
        @retrying.retry
        @timed
        @numba.njit
        def double(number):
            return 2 * number
        @numba.njit(cache=True)
        @timed
        def triple(number):
            return 3 * number
        assert double(4) == 8 and triple(2) == 6
        assert double.__name__ == "double"
    """,
        without_real="numba compiles no wrapper",
    ),
    works(
        "a decorator of the author that uses one of a package",
        """
        import numba
        def fast(function):
            return numba.njit(function)
        def faster(function):
            return numba.njit(cache=True)(function)
        @fast
        def double(number):
            return 2 * number
        @faster
        def triple(number):
            return 3 * number
        assert double(4) == 8 and triple(4) == 12
    """,
    ),
    works(
        "a decorated method and a decorated nested function",
        """
        import mlflow
        import numba
        class Scores:
            @mlflow.trace
            def one(self): return 1
            @staticmethod
            @numba.njit
            def two(): return 2
            @mlflow.trace(name="three")
            @classmethod
            def three(cls): return 3
        def make():
            @numba.njit
            def inner(): return 4
            return inner
        assert (Scores().one(), Scores.two(), Scores.three(), make()()) == (1, 2, 3, 4)
    """,
    ),
    works(
        "an application's decorators",
        """
        from celery import Celery
        app = Celery("tasks", broker="redis://localhost")
        @app.task
        def add(a, b): return a + b
        @app.task(bind=True, max_retries=3)
        def subtract(self, a, b): return a - b
        assert add(1, 2) == 3 and subtract(None, 3, 2) == 1
    """,
    ),
    works(
        "a class handed to a decorator's maker",
        """
        import mlflow
        class Options: pass
        @mlflow.using(Options)
        def run(): return 1
        assert run() == 1
    """,
        without_real="there is no such function",
    ),
    works(
        "a call with a function is no decorator",
        """
        import numpy as np
        def double(number): return 2 * number
        many = np.vectorize(double)
        few = np.frompyfunc(lambda number: number, 1, 1)
        epsilon = np.finfo(float).eps
        assert many is not double
        assert many is not few
    """,
    ),
    works(
        "a function that a call makes is not decorated",
        """
        import numpy as np
        def make():
            def inner(number): return 2 * number
            return inner
        many = np.vectorize(make())
        assert type(many).__name__ != "function"
    """,
    ),
    works(
        "a name that is registered",
        """
        from sqlalchemy import event
        from airflow.plugins import registry
        @registry.register
        def one(): return 1
        @registry.register("two")
        def two(): return 2
        assert one() == 1 and two() == 2
    """,
    ),
]

EXPRESSIONS = [
    works(
        "settings of a package",
        """
        import matplotlib
        import matplotlib.pyplot as plt
        import numpy as np
        import pandas as pd
        import seaborn as sns
        matplotlib.use("Agg")
        pd.set_option("display.max_rows", 5)
        pd.options.display.max_columns = 3
        plt.rcParams["figure.figsize"] = (4, 3)
        plt.style.use("ggplot")
        sns.set_theme(style="dark")
        np.random.seed(0)
        np.seterr(all="raise")
        del plt.rcParams["figure.dpi"]
    """,
    ),
    works(
        "arithmetic",
        """
        import numpy as np
        tau = np.pi * 2
        half = 1 / np.pi - np.e ** 2 % 3 // 4
        turned = -np.pi + (+np.e) - abs(np.e)
        mask = ~np.True_ & np.False_ ^ (np.int64(1) << 2) >> 1
        product = np.eye(2) @ np.eye(2)
        tau += 1
        parts = divmod(np.float64(7), 2)
    """,
    ),
    works(
        "comparisons",
        """
        import numpy as np
        small = np.pi > 3
        same = np.pi == 3.14
        other = np.pi != 3.14
        both = 3 < np.pi
        names = np.array(["a"]) == "a"
        assert (np.pi == object()) is False
    """,
    ),
    works(
        "a table and its columns",
        """
        import pandas as pd
        table = pd.DataFrame({"a": [1, 2], "b": [3.0, 4.0]})
        table["c"] = table["a"] * table["b"]
        table = table[(table["a"] > 1) | (table["b"] < 3)].sort_values("a")
        table.columns = ["a", "b", "c"]
        first = table.iloc[0, 1:]
        total = table["a"].sum() + 1
    """,
    ),
    works(
        "a chain of expressions",
        """
        import polars as pl
        RATIO = (pl.col("amount") / pl.col("usual")).fill_null(0.0).alias("ratio")
        LARGE = (pl.col("amount") > 100) & pl.col("name").is_in(["a", "b"])
        PLAN = pl.scan_csv("payments.csv").with_columns(RATIO).filter(LARGE).select(pl.all())
    """,
    ),
    works(
        "a pipeline and a grid",
        """
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import GridSearchCV
        from sklearn.pipeline import Pipeline, make_pipeline
        from sklearn.preprocessing import StandardScaler
        MODELS = {"forest": RandomForestClassifier, "linear": LogisticRegression}
        STEPS = Pipeline([("scale", StandardScaler()), ("model", LogisticRegression(C=0.5))])
        SEARCH = GridSearchCV(STEPS, {"model__C": [0.1, 1.0]}, cv=3)
        OTHER = make_pipeline(StandardScaler(), MODELS["forest"](n_estimators=3))
    """,
    ),
    works(
        "clients and loggers",
        """
        import structlog
        from google.cloud import spanner
        client = spanner.Client(project="here")
        log = structlog.get_logger(__name__).bind(part="features")
        log.info("loaded")
        database = client.instance("one").database("two")
    """,
        without_real="there are no credentials",
    ),
    works(
        "with",
        """
        import numpy as np
        import tensorflow as tf
        with tf.device("/cpu:0") as device, np.errstate(all="ignore"):
            limit = tf.constant(3)
            plain = 4
        assert plain == 4
    """,
    ),
    works(
        "enumerations over names",
        """
        import enum
        import numpy as np
        class Kind(enum.Enum):
            SMALL = np.float32
            LARGE = np.float64
        assert Kind.SMALL.value is np.float32
        assert Kind(np.float64) is Kind.LARGE
        assert len(Kind) == 2
    """,
    ),
    works(
        "enumerations over values",
        """
        import enum
        import numpy as np
        class Limit(enum.Enum):
            LOW = np.int8(1)
            HIGH = np.int8(2)
        assert len(Limit) == 2 and Limit.LOW.name == "LOW"
    """,
    ),
    works(
        "keys of dictionaries and sets",
        """
        import numpy as np
        import sqlalchemy as sa
        CODES = {np.float32: "f", np.float64: "d", np.dtype: "t"}
        assert CODES[np.float64] == "d" and np.float32 in CODES
        assert {np.int8, np.int8, np.int16} == {np.int8, np.int16}
        ORDER = {sa.column("a"): 1, sa.column("b"): 2}
        assert len(ORDER) == 2
        names = frozenset([np.int8, np.int16])
        assert np.int8 in names
    """,
        without_real="columns are compared",
    ),
    works(
        "names are the same object everywhere",
        """
        import numpy
        import numpy as np
        from numpy import pi
        from numpy import linalg
        import other
        assert pi is np.pi is numpy.pi is other.np.pi
        assert np.linalg.norm is linalg.norm
    """,
        beside={"other.py": "import numpy as np"},
    ),
    works(
        "partial, lru_cache, deepcopy and lambda",
        """
        import copy
        from functools import lru_cache, partial, reduce
        import numpy as np
        import pandas as pd
        read = partial(pd.read_csv, sep=";")
        zeros = lru_cache(maxsize=None)(np.zeros)
        again = copy.deepcopy({"kind": np.float64, "values": [np.pi]})
        assert again["kind"] is np.float64 and copy.copy(np.pi) is np.pi
        late = lambda: np.zeros(3)
        total = reduce(lambda a, b: a + b, [np.pi, 1, 2])
        frames = [pd.DataFrame({"a": [number]}) for number in range(3)]
        by_name = {name: pd.Series(name=name) for name in ("a", "b")}
        mapped = list(map(np.sqrt, [1, 2]))
    """,
    ),
    works(
        "registries of functions",
        """
        import numpy as np
        STEPS = {}
        def step(name):
            def keep(function):
                STEPS[name] = function
                return function
            return keep
        @step("mean")
        def mean(values: np.ndarray) -> float: return np.mean(values)
        STEPS["sum"] = np.sum
        assert sorted(STEPS) == ["mean", "sum"]
    """,
    ),
    works(
        "threads",
        """
        from concurrent.futures import ThreadPoolExecutor
        import threading
        made = []
        def make():
            import numpy as np
            made.append(np.zeros(3))
        thread = threading.Thread(target=make)
        thread.start()
        thread.join()
        with ThreadPoolExecutor() as pool:
            pool.submit(make).result()
        assert len(made) == 2
    """,
    ),
    works(
        "a module is true, and never None",
        """
        import numpy as np
        assert np
        assert np is not None
        version = np.__version__
        modules = [np, None]
        assert [each for each in modules if each] == [np]
    """,
    ),
    works(
        "doctest's finder and inspect",
        """
        import doctest
        import inspect
        import sys
        import numpy as np
        from numpy import mean
        class Scores(np.ndarray):
            pass
        def double(number):
            '''Double it.

            >>> double(2)
            4
            '''
            return 2 * number
        found = doctest.DocTestFinder().find(sys.modules[__name__])
        assert "double" in " ".join(test.name for test in found)
        inspect.getmembers(sys.modules[__name__])
    """,
    ),
    works(
        "attributes of a module that are set are read",
        """
        import numpy as np
        np.float = float
        assert np.float is float
        del np.float
    """,
    ),
    works(
        "a value that nobody asks",
        """
        import torch
        DEVICE = torch.device("cuda" if False else "cpu")
        GPU = torch.cuda.is_available()
        values = (torch.tensor([1, 2]), torch.float32)
        first, second = values
    """,
    ),
    works(
        "conditional expressions that need no value",
        """
        import numpy as np
        DEFAULT = None
        kind = DEFAULT or np.float64
        other = np.float32 if DEFAULT is None else DEFAULT
        missing = np.nan is None
        assert kind is np.float64 and not missing
    """,
    ),
    works(
        "chained calls on what is returned",
        """
        import tensorflow as tf
        model = tf.keras.Sequential()
        model.add(tf.keras.layers.Dense(3, activation="relu"))
        model.compile(optimizer="adam", loss="mse", metrics=["mae"])
    """,
    ),
    works(
        "an assertion about plain things",
        """
        import numpy as np
        SIZE = 3
        assert SIZE == 3, np.pi
        SHAPE = (SIZE, np.newaxis)
        assert len(SHAPE) == 2
    """,
    ),
]

IMPORTS = [
    works(
        "all forms of import statements",
        """
        import numpy
        import numpy as np
        import numpy.linalg
        import numpy.linalg as la
        import os, pandas, sys
        from numpy import linalg, pi as PI
        from numpy.linalg import (
            norm,
            solve as solve_it,
        )
        assert numpy is np and np.linalg is la is linalg
        assert numpy.linalg.norm is norm
    """,
    ),
    works(
        "packages whose distribution has another name",
        """
        import cv2
        from bs4 import BeautifulSoup
        from skimage import draw as drawing, io
        gray = cv2.COLOR_BGR2GRAY
        def draw(images: io.ImageCollection) -> BeautifulSoup: ...
    """,
    ),
    works(
        "a namespace of several distributions",
        """
        import google.cloud.spanner
        from google.cloud import spanner
        from google.cloud.spanner import Client
        assert google.cloud.spanner is spanner and spanner.Client is Client
    """,
    ),
    works(
        "an import inside a function that runs while loading",
        """
        def limits():
            import numpy as np
            return np.array([1, 2])
        LIMITS = limits()
    """,
    ),
    works(
        "an import inside a class body",
        """
        class Settings:
            import numpy as np
            kind = np.float64
        assert Settings.kind is Settings.np.float64
    """,
    ),
    works(
        "a helper of a helper",
        """
        import first
        from package import deep
        assert first.second.np.pi is deep.np.pi
    """,
        beside={
            "first.py": "import second",
            "second.py": "import numpy as np",
            "package/__init__.py": "from . import deep",
            "package/deep.py": "import numpy as np\nfrom . import other",
            "package/other.py": "import pandas as pd",
        },
    ),
    works(
        "a fallback for what is missing",
        """
        try:
            import torch
        except ImportError:
            torch = None
        assert torch is None
    """,
        without_real="it is there",
    ),
    works(
        "fallbacks of other forms",
        """
        from contextlib import suppress
        import contextlib
        a = b = c = d = e = None
        try:
            import torch as a
        except ModuleNotFoundError:
            pass
        try:
            from torch import nn as b
        except (ImportError, AttributeError):
            pass
        try:
            import torch as c
        except Exception:
            pass
        try:
            import torch as d
        except:
            pass
        with suppress(ImportError):
            import torch as e
        with contextlib.suppress(Exception):
            import torch as e
        assert (a, b, c, d, e) == (None,) * 5
    """,
        without_real="it is there",
    ),
    works(
        "a context manager of the standard library around an import",
        """
        import contextlib
        import warnings
        from contextlib import nullcontext
        with contextlib.nullcontext():
            import numpy as np
        with nullcontext(), warnings.catch_warnings():
            import pandas as pd
        KIND = np.float64
        TABLE = pd.DataFrame
    """,
    ),
    works(
        "a fallback around a module that imports",
        """
        try:
            import heavy
        except ImportError:
            heavy = None
        assert heavy is None
    """,
        beside={"heavy.py": "import deeper", "deeper.py": "import torch"},
        without_real="it is there",
    ),
    works(
        "a fallback around a call that imports",
        """
        def load():
            import torch
            return torch
        def safely():
            try:
                return load()
            except ImportError:
                return "none"
        assert safely() == "none"
        assert load().nn is not None
    """,
        without_real="it is there",
    ),
    works(
        "a handler that gives up is no fallback",
        """
        import sys
        try:
            import numpy as np
        except ImportError as error:
            raise RuntimeError("Install numpy.") from error
        try:
            import pandas as pd
        except ImportError:
            print("Install pandas.")
            sys.exit(1)
        try:
            import sklearn
        except ModuleNotFoundError:
            raise
        except ImportError:
            sklearn = None
        assert sklearn is not None
        kind = np.float64
        table = pd.DataFrame
    """,
    ),
    works(
        "a function that is defined under a guard runs later",
        """
        try:
            import json
            def load():
                import numpy as np
                return np
        except ImportError:
            pass
        np = load()
        assert np is not None
    """,
    ),
    works(
        "other branches of a guard are not guarded",
        """
        try:
            import json
        except ImportError:
            import numpy as np
        else:
            import pandas as pd
        finally:
            import sklearn
        assert pd.DataFrame is not None and sklearn
    """,
    ),
    works(
        "a version of a package is asked for",
        """
        import importlib.metadata
        import importlib.util
        try:
            VERSION = importlib.metadata.version("torch")
        except importlib.metadata.PackageNotFoundError:
            VERSION = None
        HAS_TORCH = importlib.util.find_spec("torch") is not None
        assert VERSION is None and not HAS_TORCH
    """,
        without_real="it is there",
    ),
    works(
        "what is no import statement is not answered",
        """
        import importlib
        import sys
        import numpy as np
        failed = []
        for ask in (
            lambda: importlib.import_module("numpy"),
            lambda: __import__("numpy"),
            lambda: __import__("numpy", globals()),
            lambda: exec("import numpy", {}),
            lambda: sys.modules["numpy"],
        ):
            try:
                ask()
            except (ModuleNotFoundError, KeyError):
                failed.append(ask)
        assert len(failed) == 5
    """,
        without_real="it is there",
    ),
    works(
        "a library does not see placeholders",
        """
        import json.tool
        import numpy as np
        import library
        assert library.HAS_NUMPY is False
        assert library.ask() is False
    """,
        beside={
            "site-packages/library.py": """
        try:
            import numpy
            HAS_NUMPY = True
        except ImportError:
            HAS_NUMPY = False
        def ask():
            try:
                import numpy
            except ImportError:
                return False
            return True
    """
        },
        without_real="it is there",
    ),
    works(
        "an installed package is not replaced",
        """
        import json
        import library as pandas
        assert json.loads("[1]") == [1] and pandas.NAME == "library"
    """,
        beside={"site-packages/library.py": "NAME = 'library'"},
    ),
    works(
        "a module of the author with the name of a package",
        """
        import celery
        assert celery.NAME == "own"
    """,
        beside={"celery.py": "NAME = 'own'"},
    ),
    works(
        "a module's own __getattr__",
        """
        import lazy
        kind = lazy.np.float64
        assert kind is lazy.np.float64
    """,
        beside={
            "lazy.py": """
        def __getattr__(name):
            if name == "np":
                import numpy
                return numpy
            raise AttributeError(name)
    """
        },
    ),
    works(
        "an import that names a package of no environment fails as ever",
        """
        try:
            import nowhere_at_all
        except ImportError:
            nowhere_at_all = None
        assert nowhere_at_all is None
    """,
    ),
    fails(
        "a package of no environment",
        "ModuleNotFoundError",
        """
        import numpy as np
        import nowhere_at_all  # here
    """,
    ),
    fails(
        "a star import",
        "StarImportError",
        """
        from os import *
        from numpy import *  # here
    """,
    ),
    works(
        "a star import with a fallback",
        """
        try:
            from numpy import *
        except ImportError:
            pi = 3
        assert pi == 3
    """,
        without_real="it is there",
    ),
    fails(
        "a missing part of an installed package",
        "ModuleNotFoundError",
        """
        import library.missing  # here
    """,
        beside={"site-packages/library/__init__.py": ""},
    ),
    fails(
        "a library that imports on the author's behalf",
        "ModuleNotFoundError",
        """
        import library  # here
    """,
        beside={"site-packages/library.py": "import numpy"},
    ),
]

DEMANDS = [
    refused(
        "an if about a device",
        "the truth value",
        "torch.cuda.is_available()",
        """
        import torch
        DEVICE = "cpu"
        if torch.cuda.is_available():  # here
            DEVICE = "cuda"
    """,
    ),
    refused(
        "a comparison of versions",
        "the truth value",
        "pd.__version__ < '2'",
        """
        import pandas as pd
        if pd.__version__ < "2":  # here
            pd.set_option("x", 1)
    """,
    ),
    refused(
        "a version that is read",
        "the text",
        "pandas.__version__",
        """
        import pandas
        MAJOR = f"{pandas.__version__}"  # here
    """,
    ),
    refused(
        "a comparison that differs",
        "the truth value",
        "np.pi != 3",
        """
        import numpy as np
        other = np.pi != 3
        assert other  # here
    """,
    ),
    refused(
        "the names of a module",
        "the names",
        "np",
        """
        import numpy as np
        names = dir(np)  # here
    """,
    ),
    refused(
        "the variables of a module",
        "the names",
        "np",
        """
        import numpy as np
        names = vars(np)  # here
    """,
    ),
    refused(
        "or",
        "the truth value",
        "np.nan",
        """
        import numpy as np
        limit = np.nan or 1  # here
    """,
    ),
    refused(
        "not",
        "the truth value",
        "pd.isna(…)",
        """
        import pandas as pd
        known = not pd.isna(3)  # here
    """,
    ),
    refused(
        "and",
        "the truth value",
        "np.pi > 3",
        """
        import numpy as np
        both = np.pi > 3 and np.e > 2  # here
    """,
    ),
    refused(
        "a conditional expression",
        "the truth value",
        "np.pi * 2 > 6",
        """
        import numpy as np
        size = 3 if np.pi * 2 > 6 else 4  # here
    """,
    ),
    refused(
        "while",
        "the truth value",
        "np.random.rand() < 0.5",
        """
        import numpy as np
        while np.random.rand() < 0.5:  # here
            pass
    """,
    ),
    refused(
        "an assertion",
        "the truth value",
        "np.allclose(…)",
        """
        import numpy as np
        assert np.allclose([1], [1])  # here
    """,
    ),
    refused(
        "a filter of a comprehension",
        "the truth value",
        "np.sqrt(…) > 1",
        """
        import numpy as np
        LARGE = [
            number
            for number in range(3)
            if np.sqrt(number) > 1  # here
        ]
    """,
    ),
    refused(
        "any",
        "the truth value",
        "np.isnan(…)",
        """
        import numpy as np
        unknown = any([np.isnan(1)])  # here
    """,
    ),
    refused(
        "int",
        "an integer",
        "np.iinfo(…).max",
        """
        import numpy as np
        LARGEST = int(np.iinfo("int64").max)  # here
    """,
    ),
    refused(
        "float",
        "a number",
        "np.pi",
        """
        import numpy as np
        TAU = 2 * float(np.pi)  # here
    """,
    ),
    refused(
        "complex",
        "a number",
        "np.pi",
        """
        import numpy as np
        TURN = complex(np.pi)  # here
    """,
    ),
    refused(
        "trunc",
        "a number",
        "np.pi",
        """
        import math
        import numpy as np
        THREE = math.trunc(np.pi)  # here
    """,
    ),
    refused(
        "ceil",
        "a number",
        "np.pi",
        """
        import math
        import numpy as np
        FOUR = math.ceil(np.pi)  # here
    """,
    ),
    refused(
        "round of a name that was imported as another",
        "a number",
        "PI",
        """
        from numpy import pi as PI
        THREE = round(PI)  # here
    """,
    ),
    refused(
        "a function of math",
        "a number",
        "np.pi",
        """
        import math
        import numpy as np
        ROOT = math.sqrt(np.pi)  # here
    """,
    ),
    refused(
        "floor",
        "a number",
        "np.pi",
        """
        import math
        import numpy as np
        ROOT = math.floor(np.pi)  # here
    """,
    ),
    refused(
        "max",
        "the truth value",
        "np.e > np.pi",
        """
        import numpy as np
        LARGER = max(np.pi, np.e)  # here
    """,
    ),
    refused(
        "sorted",
        "the truth value",
        "np.e < np.pi",
        """
        import numpy as np
        BOTH = sorted([np.pi, np.e])  # here
    """,
    ),
    refused(
        "a format string",
        "the text",
        "np.pi",
        """
        import numpy as np
        TEXT = f"{np.pi:.2f}"  # here
    """,
    ),
    refused(
        "an f-string of a representation",
        "the text",
        "np.pi",
        """
        import numpy as np
        TEXT = f"{np.pi!r}"  # here
    """,
    ),
    refused(
        "a percent sign",
        "the text",
        "pd.NA",
        """
        import pandas as pd
        TEXT = "%s" % pd.NA  # here
    """,
    ),
    refused(
        "a percent sign for numbers",
        "an integer",
        "np.pi",
        """
        import numpy as np
        TEXT = "%d" % np.pi  # here
    """,
    ),
    refused(
        "str",
        "the text",
        "np.datetime64(…)",
        """
        import numpy as np
        DAY = str(np.datetime64("2024-01-01"))  # here
    """,
    ),
    refused(
        "repr, also in a list",
        "the text",
        "np.pi",
        """
        import numpy as np
        TEXT = str([np.pi])  # here
    """,
    ),
    refused(
        "the representation of a dataclass",
        "the text",
        "np.pi",
        """
        from dataclasses import dataclass
        import numpy as np
        @dataclass
        class Limits:
            low: float = np.pi
        TEXT = str(Limits())  # here
    """,
    ),
    refused(
        "print",
        "the text",
        "np.pi",
        """
        import numpy as np
        print("pi is", np.pi)  # here
    """,
    ),
    refused(
        "a loop",
        "the items",
        "np.linspace(…)",
        """
        import numpy as np
        for limit in np.linspace(0, 1, 3):  # here
            print(limit)
    """,
    ),
    refused(
        "the next of it",
        "the items",
        "np.nditer(…)",
        """
        import numpy as np
        FIRST = next(np.nditer([1, 2]))  # here
    """,
    ),
    refused(
        "a loop from its end",
        "the items",
        "np.arange(…)",
        """
        import numpy as np
        LAST = list(reversed(np.arange(3)))  # here
    """,
    ),
    refused(
        "bytes",
        "the bytes",
        "np.bytes_(…)",
        """
        import numpy as np
        WORD = bytes(np.bytes_(b"a"))  # here
    """,
    ),
    refused(
        "a list of it",
        "the items",
        "pd.DataFrame(…).columns",
        """
        import pandas as pd
        table = pd.DataFrame({"a": [1]})
        COLUMNS = list(table.columns)  # here
    """,
    ),
    refused(
        "unpacking",
        "the items",
        "plt.subplots()",
        """
        import matplotlib.pyplot as plt
        figure, axes = plt.subplots()  # here
    """,
    ),
    refused(
        "unpacking in a call",
        "the items",
        "np.array(…)",
        """
        import numpy as np
        def add(*numbers): return sum(numbers)
        TOTAL = add(*np.array([1, 2]))  # here
    """,
    ),
    refused(
        "unpacking of a mapping",
        "the items",
        "plt.rcParams.keys()",
        """
        import matplotlib.pyplot as plt
        OPTIONS = {**plt.rcParams}  # here
    """,
    ),
    refused(
        "the length",
        "the length",
        "np.zeros(…)",
        """
        import numpy as np
        SIZE = len(np.zeros(3))  # here
    """,
    ),
    refused(
        "in",
        "the items",
        "sklearn.available",
        """
        import sklearn
        HAS = "svm" in sklearn.available  # here
    """,
    ),
    refused(
        "in a list",
        "the truth value",
        "np.nan == 1",
        """
        import numpy as np
        HAS = 1 in [np.nan]  # here
    """,
    ),
    refused(
        "an index",
        "an integer",
        "np.argmax(…)",
        """
        import numpy as np
        NAME = ["a", "b"][np.argmax([1, 2])]  # here
    """,
    ),
    refused(
        "range",
        "an integer",
        "torch.cuda.device_count()",
        """
        import torch
        for number in range(torch.cuda.device_count()):  # here
            pass
    """,
    ),
    refused(
        "a path",
        "a path",
        "matplotlib.get_cachedir()",
        """
        import matplotlib
        from pathlib import Path
        CACHE = Path(matplotlib.get_cachedir())  # here
    """,
    ),
    refused(
        "a file that is opened",
        "a path",
        "cv2.data.haarcascades",
        """
        import cv2
        with open(cv2.data.haarcascades) as lines:  # here
            pass
    """,
    ),
    refused(
        "isinstance with a value",
        "the type",
        "np.dtype(…)",
        """
        import numpy as np
        IS = isinstance(3, np.dtype("int8"))  # here
    """,
    ),
    refused(
        "isinstance of a value",
        "the type",
        "pd.read_csv(…)",
        """
        import pandas as pd
        table = pd.read_csv("payments.csv")
        IS = isinstance(table, pd.DataFrame)  # here
    """,
    ),
    refused(
        "match of a value",
        "the type",
        "pd.read_csv(…)",
        """
        import pandas as pd
        match pd.read_csv("payments.csv"):
            case pd.DataFrame():  # here
                KIND = "table"
    """,
    ),
    refused(
        "an enumeration of numbers",
        "an integer",
        "np.int8(…)",
        """
        import enum
        import numpy as np
        class Level(enum.IntEnum):  # here
            LOW = np.int8(1)
    """,
    ),
    refused(
        "truth of an instance",
        "the truth value",
        "Net(…)",
        """
        import torch.nn as nn
        class Net(nn.Module):
            pass
        net = Net()
        HAS = bool(net)  # here
    """,
    ),
    refused(
        "what an instance lacks",
        "the items",
        "Net(…).parameters()",
        """
        import torch.nn as nn
        class Net(nn.Module):
            pass
        PARAMETERS = list(Net().parameters())  # here
    """,
    ),
    refused(
        "what a class lacks",
        "the items",
        "Payments.columns",
        """
        import pandera.pandas as pa
        class Payments(pa.DataFrameModel):
            amount: float
        for column in Payments.columns:  # here
            pass
    """,
    ),
    refused(
        "a thread",
        "the truth value",
        "np.pi > 3",
        """
        from concurrent.futures import ThreadPoolExecutor
        import numpy as np
        def ask():
            return 1 if np.pi > 3 else 0  # here
        with ThreadPoolExecutor() as pool:
            found = pool.submit(ask).result()
    """,
    ),
    refused(
        "a library that asks on the author's behalf",
        "the truth value",
        "np.e < np.pi",
        """
        import statistics
        import numpy as np
        MIDDLE = statistics.median([np.pi, np.e])  # here
    """,
    ),
    refused(
        "a helper's line",
        "the truth value",
        "np.pi > 3",
        """
        import helper
        SIZE = helper.size()
    """,
        beside={"helper.py": "import numpy as np\ndef size():\n    return 3 if np.pi > 3 else 4\n"},
    ),
]

ERRORS = [
    fails(
        "a base together with an enumeration",
        "TypeError",
        """
        import enum
        import numpy as np
        class Kind(np.generic, enum.Enum):  # here
            A = 1
    """,
    ),
    fails(
        "a base together with a metaclass of the author",
        "TypeError",
        """
        from sklearn.base import BaseEstimator
        class Meta(type): pass
        class Own(metaclass=Meta): pass
        class Step(Own, BaseEstimator): pass  # here
    """,
    ),
    fails(
        "a command of a group that is a plain function",
        "AttributeError",
        """
        import airflow
        @airflow.group()
        def group(): pass
        @group.command()  # here
        def command(): pass
    """,
    ),
    fails(
        "except of a name that looks like none",
        "TypeError",
        """
        import mlflow
        try:
            1 / 0
        except mlflow.Conflict:  # here
            pass
    """,
    ),
    fails(
        "pickle, which does not find the name",
        "PicklingError|PlaceholderValueError",
        """
        import pickle
        import pandas as pd
        TEXT = pickle.dumps(pd.DataFrame)  # here
    """,
    ),
    fails(
        "reload of a module",
        "ImportError",
        """
        import importlib
        import numpy as np
        importlib.reload(np)  # here
    """,
    ),
    fails(
        "join of a value",
        "TypeError",
        """
        import numpy as np
        TEXT = "-".join(["a", np.str_("b")])  # here
    """,
    ),
    fails(
        "json of a value",
        "TypeError",
        """
        import json
        import numpy as np
        TEXT = json.dumps({"limit": np.pi})  # here
    """,
    ),
    fails(
        "an environment variable",
        "TypeError",
        """
        import os
        import numpy as np
        os.environ["SEED"] = np.int64(3)  # here
    """,
    ),
    fails(
        "a module that is called",
        "TypeError",
        """
        import numpy
        numpy()  # here
    """,
    ),
    fails(
        "a file of a package",
        "AttributeError",
        """
        import numpy
        FOLDER = numpy.__file__  # here
    """,
    ),
]
