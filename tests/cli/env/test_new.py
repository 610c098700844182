"""`kfpkit env new`."""

from __future__ import annotations

import subprocess
import sys

import pytest

SIX = """\
[project]
name = "six-environment"
requires-python = "==3.11.*"
dependencies = ["six"]
"""


@pytest.fixture
def kfpkit_new(project):
    root = project({"environments/six/pyproject.toml": SIX})

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "kfpkit", "env", "new", *arguments]
        return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)

    run.root = root
    return run


def files(root):
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_new_writes_a_locked_environment_and_says_what_to_do_next(kfpkit_new):
    done = kfpkit_new("plain", "--python", f"3.{sys.version_info.minor}")

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("plain: locked as kfpkit/plain:")
    assert '@kfpkit.component(environment="plain")' in done.stdout
    assert "kfpkit env build plain" in done.stdout
    assert "plain: contains only kfp's runtime. Add packages to `dependencies`" in done.stdout
    assert (kfpkit_new.root / "environments" / "plain" / "imports.json").is_file()


@pytest.mark.slow
def test_all_that_new_writes_is_what_it_says_to_commit(kfpkit_new):
    before = files(kfpkit_new.root)
    done = kfpkit_new("plain", "--python", f"3.{sys.version_info.minor}")

    (advice,) = [line for line in done.stdout.splitlines() if "git add" in line]
    named = advice.partition("git add ")[2].split()
    assert named == ["environments/plain", "environments/kfp-runtime.txt"]
    written = files(kfpkit_new.root) - before
    assert written
    assert all(path.startswith(tuple(named)) for path in written)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["six"], "already exists"),
        (["Six"], "a name that an image cannot have"),
        (["new", "--like", "sixx"], "Did you mean `six`?"),
        (["new", "--with", "pandas=2"], 'such as "pandas>=2.2,<3"'),
        (["new", "--python", "three"], "such as `3.12`"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(kfpkit_new, arguments, message):
    done = kfpkit_new(*arguments)

    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert message in done.stderr
    assert [path.name for path in (kfpkit_new.root / "environments").iterdir()] == ["six"]
