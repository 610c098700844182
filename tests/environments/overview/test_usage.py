from pathlib import Path

from kfpkit.environments.overview.usage import find_components
from kfpkit.project.project import find_project

COMPONENTS = """\
import kfpkit
from kfpkit import component

@kfpkit.component(environment="gcp")
def one(): ...

@component(environment="gcp", helpers=["a"])
def two(): ...

@component(base_image="python:3.11")
def three(): ...

@other(environment="gcp")
def four(): ...
"""

BOUND = """\
from fraud import parts
from kfpkit.components.train_model import train_model
from parts import score

def pipeline():
    train_model.in_environment("xgboost-3")(data=1)
    parts.join.in_environment("gcp")()
    rated = score.in_environment(name)
    for name in ("a", "b"):
        score.in_environment(name)
"""

CONSTANTS = """\
import kfpkit
SMALL = "small"
LARGE: str = "large"
MADE = SMALL + "er"

@kfpkit.component(environment=SMALL)
def one(): ...

@kfpkit.component(environment=MADE)
def two(): ...

three = one.in_environment(LARGE)
four = one.in_environment(name=SMALL)
"""

CATALOGUE = """\
from kfpkit.components.bigquery_query import bigquery_query as query
from kfpkit.components.train_model import train_model
from kfpkit.components import validate_data

def pipeline():
    train_model(data=query(sql="").output)
    validate_data.in_environment("small")
"""


def found_in(project, **files):
    written = {f"{name}.py": text for name, text in files.items()}
    return find_components(find_project(project(written)))


def test_components_are_found_by_their_decorator_without_importing(project):
    files = {"src/a/b.py": COMPONENTS, "broken.py": "environment=(", "tests/c.py": COMPONENTS}
    files |= {".venv/pyvenv.cfg": "", ".venv/d.py": COMPONENTS}

    found = find_components(find_project(project(files)))

    assert found == {"gcp": ("src/a/b.py:one", "src/a/b.py:two")}


def test_components_that_are_bound_to_an_environment_use_it(project):
    assert found_in(project, bound=BOUND) == {
        "gcp": ("bound.py:join",),
        "xgboost-3": ("bound.py:train_model",),
    }


def test_constants_of_the_module_are_read(project):
    assert found_in(project, named=CONSTANTS) == {
        "large": ("named.py:one",),
        "small": ("named.py:one",),
    }


def test_components_of_the_installed_catalogue_are_found_where_they_are_used(project):
    assert found_in(project, pipeline=CATALOGUE) == {
        "gcp": ("pipeline.py:bigquery_query",),
        "sklearn": ("pipeline.py:train_model",),
        "small": ("pipeline.py:validate_data",),
    }


def test_the_repositorys_own_catalogue_is_found_where_it_is_defined():
    used = find_components(find_project(Path(__file__)))

    assert "src/kfpkit/components/train_model.py:train_model" in used["sklearn"]
    assert "pipelines/training/pipeline.py:train_model" in used["xgboost-3"]
    assert not any(one.startswith("pipelines/training") for one in used["sklearn"])


def test_a_project_inside_a_project_counts_for_itself(project):
    inner = {"inner/pyproject.toml": "[tool.kfpkit]\n", "inner/steps.py": COMPONENTS}
    environment = {"environments/gcp/pyproject.toml": "[tool.kfpkit.environment]\n"}
    root = project({**inner, **environment, "environments/gcp/steps.py": COMPONENTS})

    found = find_components(find_project(root))["gcp"]

    assert found == ("environments/gcp/steps.py:one", "environments/gcp/steps.py:two")
