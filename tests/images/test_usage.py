from kfpkit.config import find_project
from kfpkit.images.usage import components_by_environment

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


def test_components_are_found_by_their_decorator_without_importing(project):
    files = {"src/a/b.py": COMPONENTS, "broken.py": "environment=(", "tests/c.py": COMPONENTS}
    files |= {".venv/pyvenv.cfg": "", ".venv/d.py": COMPONENTS}

    found = components_by_environment(find_project(project(files)))

    assert found == {"gcp": ("src/a/b.py:one", "src/a/b.py:two")}
