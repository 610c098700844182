"""A bundle is held against its environment."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

import pytest

from kfpkit.bundle import check
from kfpkit.environments.recipe.in_build.left_out import RULES
from kfpkit.errors import (
    HiddenPartError,
    LeftOutImportError,
    MissingModuleError,
    ShadowingError,
    UnparsableSourceError,
    UnprovidedImportError,
)


@dataclass
class Distribution:
    name: str
    version: str = "1"


@dataclass
class Environment:
    names: dict = field(default_factory=dict)
    name: str = "tables"
    python: str = f"3.{sys.version_info.minor}"

    @property
    def description(self):
        return self

    @property
    def import_names(self):
        return {prefix: Distribution(name) for prefix, name in self.names.items()}

    def left_out(self, module):
        return next((rule for rule in RULES if rule.holds(module)), None)


GOOGLE = {"google.cloud.bigquery": "google-cloud-bigquery", "google.protobuf": "protobuf"}


def scoring(imports):
    return {"fraud/pipeline.py": f"def score(a: int) -> int:\n    {imports}\n    return a\n"}


@pytest.mark.parametrize(
    "imports",
    [
        "import pandas.io as p",
        "from pandas import DataFrame",
        "from google.cloud import bigquery",
        "import google.cloud",
        "import google.cloud.bigquery.dbapi",
        "import kfp",
        "import json",
    ],
)
def test_what_the_environment_provides_passes(bundled, imports):
    check(bundled(scoring(imports)), Environment({**GOOGLE, "pandas": "pandas"}))


@pytest.mark.parametrize(
    ("imports", "distribution"),
    [
        ("import sklearn.svm", "scikit-learn"),
        ("from google.cloud import storage", "google-cloud-storage"),
        ("import some_thing", "some-thing"),
        ("import yaml", "pyyaml"),
    ],
)
def test_what_it_does_not_provide_is_refused_with_what_to_add(bundled, imports, distribution):
    with pytest.raises(UnprovidedImportError) as caught:
        check(bundled(scoring(imports)), Environment(GOOGLE))
    (missing,) = caught.value.missing
    assert missing.place.line == 2
    assert (
        f"pipeline.py:2: the environment `tables` does not provide `{missing.module}`. "
        f"Add `{distribution}` to `dependencies` in environments/tables/pyproject.toml, "
        "then run `kfpkit env lock tables`."
    ) in str(caught.value)


def test_all_that_it_does_not_provide_is_named_at_once(bundled):
    files = {"fraud/features.py": "import pandas\nimport yaml\n"}
    bundle = bundled({**files, **scoring("import fraud.features, pandas, tomllib, json")})
    with pytest.raises(UnprovidedImportError) as caught:
        check(bundle, Environment(GOOGLE, python="3.10"))
    assert caught.value.distributions == ("pyyaml", "pandas", "tomllib")
    places = [(one.place.file.name, one.place.line) for one in caught.value.missing]
    assert places == [("features.py", 2), ("pipeline.py", 2), ("pipeline.py", 2)]
    text = str(caught.value)
    assert "features.py:2: `yaml`\n" in text
    assert "`tomllib`. The standard library of Python 3.10 does not have it.\n" in text


@pytest.mark.parametrize(
    "imports",
    [
        "import pyarrow.flight",
        "from pyarrow import flight",
        "from pyarrow.flight import FlightClient as Client",
    ],
)
def test_what_images_do_without_is_refused_with_the_setting_that_keeps_it(bundled, imports):
    with pytest.raises(LeftOutImportError) as caught:
        check(bundled(scoring(imports)), Environment({"pyarrow": "pyarrow"}))
    error = caught.value
    assert (error.place.line, error.rule, error.environment) == (2, "pyarrow.flight", "tables")
    assert 'set `keep = ["pyarrow.flight"]` under' in str(error)
    assert str(error).endswith("in `environments/tables/pyproject.toml`.")


def test_a_name_that_images_do_without_is_refused_and_its_module_is_not(bundled):
    environment = Environment({"pyarrow": "pyarrow"})
    with pytest.raises(LeftOutImportError, match=r'keep = \["pyarrow\.fs\.S3FileSystem"\]'):
        check(bundled(scoring("from pyarrow.fs import S3FileSystem")), environment)
    check(bundled(scoring("from pyarrow.fs import GcsFileSystem")), environment)


def test_what_images_do_without_may_be_imported_where_that_may_fail(bundled):
    imports = "try:\n        from pyarrow import flight\n    except ImportError: flight = None"
    check(bundled(scoring(imports)), Environment({"pyarrow": "pyarrow"}))


@pytest.mark.parametrize("file", ["pandas.py", "pandas/__init__.py"])
def test_a_helper_that_hides_a_distribution_is_refused(bundled, file):
    bundle = bundled({file: "", **scoring("import pandas")})
    with pytest.raises(ShadowingError, match="`pandas` of the distribution `pandas`"):
        check(bundle, Environment({"pandas": "pandas"}))


@pytest.mark.parametrize("file", ["google/__init__.py", "google/cloud/__init__.py"])
def test_a_helper_that_hides_a_namespace_is_refused(bundled, file):
    bundle = bundled({file: "", "google/cloud/own.py": "", **scoring("import google.cloud.own")})
    with pytest.raises(ShadowingError):
        check(bundle, Environment(GOOGLE))


def test_a_part_of_a_namespace_passes(bundled):
    bundle = bundled({"google/own/core.py": "", **scoring("import google.own.core")})
    check(bundle, Environment(GOOGLE))


def test_a_part_of_a_regular_package_of_the_environment_is_refused(bundled):
    bundle = bundled({"pandas/own.py": "", **scoring("import pandas.own")})
    with pytest.raises(HiddenPartError):
        check(bundle, Environment({"pandas": "pandas"}))


def test_a_folder_of_the_project_hides_nothing(bundled):
    bundle = bundled({"pandas/notes.py": "", **scoring("import pandas")})
    check(bundle, Environment({"pandas": "pandas"}))


def test_a_namespace_of_project_and_environment_is_looked_up_in_both(bundled):
    files = {"google/own/core.py": "", **scoring("import google.cloud.bigquery, google.missing")}
    with pytest.raises(MissingModuleError) as caught:
        check(bundled(files), Environment(GOOGLE))
    assert caught.value.module == "google.missing"


@pytest.mark.parametrize(
    ("source", "python"),
    [
        ("match 1:\n    case 1:\n        pass\n", "3.9"),
        ("try:\n    pass\nexcept* ValueError:\n    pass\n", "3.10"),
    ],
)
def test_syntax_newer_than_the_environment_s_python_is_refused(bundled, source, python):
    files = {"fraud/features.py": source, **scoring("import fraud.features")}
    with pytest.raises(UnparsableSourceError, match=rf"Python {python}"):
        check(bundled(files), Environment(python=python))


def test_a_module_of_the_library_that_another_python_lacks_is_refused(bundled):
    bundle = bundled(scoring("import tomllib"))
    with pytest.raises(UnprovidedImportError):
        check(bundle, Environment(python="3.10"))
    check(bundle, Environment(python="3.11"))


def test_a_module_that_left_the_library_is_refused_where_it_is_gone(bundled):
    bundle = bundled(scoring("import distutils.util"))
    with pytest.raises(UnprovidedImportError):
        check(bundle, Environment(python="3.12"))
    check(bundle, Environment(python="3.11"))
    check(bundle, Environment({"distutils": "setuptools"}, python="3.12"))
