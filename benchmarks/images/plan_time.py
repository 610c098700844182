"""Time to plan for 100 environments, and what a plan finds after each kind of change.

The environments are copies of `gcp`, with its real lock. A plan is one `kfpkit env plan`, from the
start of the process to its end; the registry takes 0.1 s for each answer.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.images.latency import SlowRegistry, slow_registry
from kfpkit.environments import find_environment, list_environments
from kfpkit.environments.text_digests import compute_digest
from kfpkit.project.project import find_project

ENVIRONMENTS = 100
LATENCY = 0.1
ROUNDS = 5
EXPECTED = {"nothing": 0, "code": 0, "one lock": 1}
MODEL = Path(__file__).parents[2] / "environments" / "gcp"
KFPKIT = Path(sysconfig.get_path("scripts")) / "kfpkit"
PYPROJECT = "[tool.kfpkit]\nregistry = '{registry}'\n"


def measure() -> list[Figure]:
    """Plan with and without the registry, and after changes."""
    with tempfile.TemporaryDirectory() as temporary, slow_registry(LATENCY) as registry:
        root = Path(temporary)
        _write(root, registry)
        offline = statistics.median(_plan(root, "--offline")[0] for _ in range(ROUNDS))
        online = statistics.median(_plan(root)[0] for _ in range(ROUNDS))
        builds = {"nothing": len(_plan(root)[1])}
        (root / "src").mkdir()
        (root / "src" / "features.py").write_text("RATIO = 2\n")
        builds["code"] = len(_plan(root)[1])
        _change_lock(root / "environments" / "environment-7")
        builds["one lock"] = len(_plan(root)[1])
    if builds != EXPECTED:
        sys.exit(f"Builds after changes: {builds}, expected: {EXPECTED}.")
    return [
        _time("without the registry", offline, bar=1.0),
        _time(f"with a registry that takes {LATENCY} s", online, bar=3.0),
        *(
            Figure(name=f"builds after a change of {name}", value=count, unit="builds", bar=bar)
            for (name, count), bar in zip(builds.items(), EXPECTED.values(), strict=True)
        ),
    ]


def _write(root: Path, registry: SlowRegistry) -> None:
    (root / "pyproject.toml").write_text(PYPROJECT.format(registry=registry.address))
    for number in range(ENVIRONMENTS):
        shutil.copytree(MODEL, root / "environments" / f"environment-{number}")
    model = find_environment(find_project(MODEL), MODEL.name)
    for shared in (model.dockerfile, model.runtime_requirements):
        shutil.copy(shared, root / "environments")
    for environment in list_environments(find_project(root)):
        registry.take(environment.image)


def _plan(root: Path, *options: str) -> tuple[float, list[str]]:
    """Plan once; return the seconds and the names of the environments to build."""
    command = [str(KFPKIT), "env", "plan", "--json", *options]
    environment = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    started = time.perf_counter()
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    elapsed = time.perf_counter() - started
    if done.returncode != 0:
        sys.exit(f"`{' '.join(command)}` failed:\n{done.stderr}")
    entries = json.loads(done.stdout)["environments"]
    return elapsed, [entry["name"] for entry in entries if not entry["exists"]]


def _change_lock(folder: Path) -> None:
    """Change a version in a lock, and the digest of the lock that `imports.json` carries."""
    lock = folder / "poetry.lock"
    text = re.sub(r'(name = "pandas"\nversion = ")[^"]+', r"\g<1>2.3.0", lock.read_text())
    lock.write_text(text)
    imports = folder / "imports.json"
    manifest = {**json.loads(imports.read_text()), "lock": compute_digest(text)}
    imports.write_text(json.dumps(manifest, indent=1) + "\n")


def _time(name: str, value: float, *, bar: float) -> Figure:
    return Figure(
        name=f"plan {ENVIRONMENTS} environments, {name}",
        value=value,
        unit="s",
        bar=bar,
        below=True,
    )
