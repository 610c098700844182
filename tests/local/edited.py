"""A small project with a component of kfpkit, and a script that runs it in a process of its own."""

import json

from lean_environments import environment

from kfpkit.environments.text_digests import compute_digest

COMPONENT = """\
import kfpkit
from fraud.rates import rate

@kfpkit.component(environment="all")
def check(a: int) -> float:
    return rate(a)
"""
PIPELINE = """\
from kfp import dsl
from fraud.check import check

@dsl.pipeline(name="checking")
def checking(a: int = 1):
    check(a=a)
"""
FILES = {
    "fraud/__init__.py": "",
    "fraud/rates.py": "def rate(a):\n    return a / 2\n",
    "fraud/check.py": COMPONENT,
    "pipeline.py": PIPELINE,
}
# The launcher is that of virtual environments, but takes this Python for all of them.
SCRIPT = """\
import contextlib, json, sys
from pathlib import Path
from kfpkit.project import find_project
from kfpkit.forecasts import forecast_run
from kfpkit.local import run_pipeline
from kfpkit.local.launching.venv_launcher import VirtualEnvironmentLauncher, launch_in

class Here(VirtualEnvironmentLauncher):
    def prepare(self, images, *, logs):
        pass

    @contextlib.contextmanager
    def ready(self, image, *, scratch):
        yield launch_in(Path(sys.prefix), self.processes, Path.cwd())

if "forecast" in sys.argv:
    found = forecast_run(Path("pipeline.py"), launcher=Here(find_project(Path.cwd()), say=print))
    print(json.dumps(found.describe()))
    sys.exit()
run_pipeline(Path("pipeline.py"), launcher=Here(find_project(Path.cwd()), say=print))
"""
LOCKED = """\
[[package]]
name = "six"
version = "1.17.0"
optional = false
python-versions = ">=2.7"
groups = ["main"]
files = [
    {file = "six-1.17.0-py2.py3-none-any.whl", hash = "sha256:@"},
]
"""


def lock_with(digit):
    """Return the files of an environment whose lock has one wheel, with a hash of one digit."""
    files = environment("all")
    lock = (
        LOCKED.replace("@", digit * 64) + files["environments/all/poetry.lock"].partition("\n")[2]
    )
    manifest = json.loads(files["environments/all/imports.json"])
    manifest["lock"] = compute_digest(lock)
    return {
        **files,
        "environments/all/poetry.lock": lock,
        "environments/all/imports.json": json.dumps(manifest),
    }
