"""A new project, made from the wheel and run as a new user does, with Python and make alone."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

REPOSITORY = Path(__file__).parents[2]
TOOLS = ("awk", "cat", "env", "git", "make", "rm", "sh", "touch")
# Settings that say where packages come from.
KEPT = re.compile(r"(PIP|UV|POETRY|SSL|REQUESTS|HTTPS?|NO|ALL)_.*|HOME|LANG|TMPDIR", re.IGNORECASE)


class NewUser:
    """A user with a machine that has Python and make, and nothing that was installed before."""

    def __init__(self, home: Path) -> None:
        self.home = home
        programs = home / "bin"
        programs.mkdir()
        python = getattr(sys, "_base_executable", sys.executable)
        for name, program in [("python3", python), *((tool, shutil.which(tool)) for tool in TOOLS)]:
            (programs / name).symlink_to(program)
        caches = {f"{tool}_CACHE_DIR": str(home / tool) for tool in ("KFPKIT", "PIP", "UV")}
        kept = {name: value for name, value in os.environ.items() if KEPT.fullmatch(name)}
        self.variables = {**kept, **caches, "PATH": str(programs)}
        self.seconds: dict[str, float] = {}
        self.told = ""

    def run(self, command: str, folder: str = ".") -> str:
        """Run a command that has to succeed, and return what it printed."""
        start = time.monotonic()
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=self.home / folder,
            env=self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.seconds[command] = time.monotonic() - start
        assert done.returncode == 0, f"$ {command}\n{done.stdout}"
        return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory"]
    subprocess.run([*command, str(folder)], cwd=REPOSITORY, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def user(tmp_path_factory, wheel) -> NewUser:
    """Return a user who has installed the wheel, and has made the project `demo`."""
    user = NewUser(tmp_path_factory.mktemp("user"))
    user.run("python3 -m venv tool")
    user.run(f"tool/bin/python -m pip install --quiet '{wheel}[local]'")
    user.told = user.run("tool/bin/kfpkit init demo")
    return user


def test_a_new_user_is_told_what_comes_next(user):
    *_, others = user.told.splitlines()

    assert "demo: created in demo\n" in user.told
    assert "cd demo && make run\n" in user.told
    assert re.fullmatch(r" +kfpkit also provides: +[a-z0-9-]+(, [a-z0-9-]+)+", others)
    assert "gcp" in others
    assert "sklearn" not in others


def test_a_new_project_runs_and_its_tests_pass(user, capsys):
    first = user.run("make run", "demo")
    again = user.run("make run ", "demo")
    tests = user.run("make test", "demo")

    assert re.search(r"roc_auc +\D+0\.9", first)
    assert "training succeeded in" in first
    assert "5 cached" in again
    assert "2 passed" in tests
    cold = user.seconds["tool/bin/kfpkit init demo"] + user.seconds["make run"]
    warm = user.seconds["make run "]
    with capsys.disabled():
        sys.stdout.write(f"\nkfpkit init && make run: {cold:.0f} s cold, {warm:.1f} s warm\n")


def test_a_new_project_passes_its_own_checks(user):
    assert "sklearn: ok" in user.run("make lint", "demo")


def test_a_new_project_compiles_to_the_same_bytes_in_a_clone_with_other_line_ends(user):
    user.run("make compile", "demo")
    user.run(
        "git -c init.defaultBranch=main init --quiet . && git add --all && "
        "git -c user.name=me -c user.email=me@example.com commit --quiet --message Start",
        "demo",
    )
    user.run("git -c core.autocrlf=true clone --quiet demo clone")
    user.run("../demo/.venv/bin/kfpkit compile pipelines/training", "clone")

    built = [user.home / name / "build" / "training.yaml" for name in ("demo", "clone")]
    assert built[0].read_bytes() == built[1].read_bytes()


def test_what_is_committed_is_what_a_project_needs(user):
    user.run("git init --quiet . && git add --all", "demo")
    committed = set(user.run("git ls-files", "demo").split())

    assert {"requirements.txt", "environments/sklearn/poetry.lock", "Makefile"} <= committed
    assert not any(path.startswith((".venv", ".kfpkit", "build")) for path in committed)


def test_its_lock_names_the_wheel_that_kfpkit_was_installed_from(user, wheel):
    text = (user.home / "demo" / "requirements.txt").read_text(encoding="utf-8")
    (locked,) = re.findall(r"^kfpkit==\S+ \\\n    --hash=sha256:(\w+)$", text, re.MULTILINE)

    assert locked == hashlib.sha256(wheel.read_bytes()).hexdigest()
    assert str(user.home) not in text


def test_its_lock_starts_with_the_versions_that_kfpkit_is_tested_with(user):
    template = REPOSITORY / "src/kfpkit/scaffold/template/requirements.txt"
    locked, tested = (
        set(re.findall(r"^[\w.-]+==[^\s;]+", path.read_text(encoding="utf-8"), re.MULTILINE))
        for path in (user.home / "demo" / "requirements.txt", template)
    )

    assert {name.partition("==")[0] for name in locked - tested} == {"kfpkit"}


def test_locking_again_changes_nothing(user):
    lock = user.home / "demo" / "requirements.txt"
    before = lock.read_bytes()
    user.run("make lock", "demo")

    assert lock.read_bytes() == before
