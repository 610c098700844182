"""`kfpkit env path` and `kfpkit env run`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from lean_environments import environment

FILES = {
    **environment("one", {}),
    "src/fraud/__init__.py": "",
    "src/fraud/features.py": "import kfpkit.helpers.selections\n\n\ndef ratio(a): return a / 50\n",
}
COMMAND = [sys.executable, "-m", "kfpkit", "env"]

pytestmark = pytest.mark.slow


@pytest.fixture
def root(project):
    return project(FILES)


@pytest.fixture
def kfpkit(root):
    """Return a function that runs `kfpkit env` in a project with the environment `one`."""

    def run(*arguments, **variables):
        return subprocess.run(
            [*COMMAND, *arguments],
            cwd=root,
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def printed(kfpkit, script, **variables):
    done = kfpkit("run", "one", "--", "python", "-c", script, **variables)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_path_is_an_interpreter_of_the_environment(kfpkit, root):
    done = kfpkit("path", "one")

    (path,) = done.stdout.splitlines()
    asked = [path, "-c", "import sys, kfp; print(sys.prefix)"]
    prefix = subprocess.run(
        asked, capture_output=True, text=True, check=True, env={"_KFP_RUNTIME": "true"}
    )
    assert path == str(root / ".kfpkit" / "venvs" / "one" / "bin" / "python")
    assert prefix.stdout.strip() == str(root / ".kfpkit" / "venvs" / "one")


def test_the_path_is_alone_on_standard_output_when_the_environment_is_made(kfpkit, tmp_path):
    done = kfpkit("path", "one", KFPKIT_CACHE_DIR=str(tmp_path / "cache"))

    assert len(done.stdout.splitlines()) == 1
    assert "one: installing the locked packages" in done.stderr


def test_a_new_lock_keeps_the_path_and_changes_what_is_there(kfpkit, root):
    before = Path(kfpkit("path", "one").stdout.strip())
    was = before.parent.resolve()
    with (root / "environments" / "one" / "poetry.lock").open("a") as lock:
        lock.write("# changed\n")

    after = Path(kfpkit("path", "one").stdout.strip())

    assert after == before
    assert after.parent.resolve() != was
    assert (root / ".kfpkit" / ".gitignore").read_text() == "*\n"


def test_a_project_that_cannot_be_written_to_gets_the_folder_itself(kfpkit, root):
    (root / ".kfpkit").write_text("a file\n")

    path = Path(kfpkit("path", "one").stdout.strip())

    assert path.exists()
    assert not path.is_relative_to(root)


def test_a_command_has_the_environments_python_and_the_projects_modules(kfpkit):
    script = "import sys, fraud.features as f; print(sys.prefix, f.ratio(100))"
    prefix, ratio = printed(kfpkit, script).split()

    assert Path(prefix).name.startswith("one-")
    assert ratio == "2.0"


def test_nothing_of_the_authors_packages_can_be_imported(kfpkit):
    script = "import importlib.util as u; print(u.find_spec('typer'), u.find_spec('pytest'))"

    assert printed(kfpkit, script) == "None None"


def test_variables_reach_the_command_and_its_python_stays_its_own(kfpkit, tmp_path):
    script = "import os, sys; print(os.environ['LEVEL'], os.environ['EXTRA'] in sys.path)"
    known = os.environ.get("PYTHONPATH", "")
    python_path = os.pathsep.join(filter(None, [str(tmp_path), known]))
    extra = {"LEVEL": "debug", "EXTRA": str(tmp_path), "PYTHONPATH": python_path}

    assert printed(kfpkit, script, **extra) == "debug True"


def test_a_decorated_function_is_a_plain_function(kfpkit, root):
    (root / "src" / "fraud" / "parts.py").write_text(
        "import kfpkit\n\n\n@kfpkit.component(environment='one')\n"
        "def double(a: int) -> int: return 2 * a\n"
    )

    assert printed(kfpkit, "from fraud.parts import double; print(double(4))") == "8"


@pytest.mark.parametrize("separator", [["--"], []])
def test_the_commands_options_and_exit_code_are_its_own(kfpkit, separator):
    done = kfpkit("run", "one", *separator, "sh", "-c", 'echo "$1"; exit 7', "-h", "--help")

    assert done.returncode == 7
    assert done.stdout == "--help\n"


@pytest.mark.parametrize(
    ("command", "code", "message"),
    [
        (["pytset"], 127, "`pytset`: neither the environment `one` nor your PATH has this prog"),
        (["./pyproject.toml"], 126, "`./pyproject.toml` cannot be executed: Permission denied."),
        ([], 2, "Missing argument 'COMMAND'."),
        (["--"], 2, "Invalid value for COMMAND: must not be empty."),
    ],
)
def test_a_command_that_is_none_is_refused(kfpkit, command, code, message):
    done = kfpkit("run", "one", *command)

    assert done.returncode == code
    assert done.stderr.startswith(f"error: {message}")


def test_signals_reach_the_command(kfpkit, root):
    script = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(42))\n"
        "print('ready', flush=True)\n"
        # A signal that comes just before a sleep doesn't shorten it, so no sleep may be long.
        "for _ in range(1000): time.sleep(0.1)\n"
    )
    process = subprocess.Popen(
        [*COMMAND, "run", "one", "--", "python", "-c", script],
        cwd=root,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout.readline().split()[0] == "ready"
        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=60) == 42


def test_an_environment_that_does_not_exist_is_refused(kfpkit):
    for verb in (["path", "oen"], ["run", "oen", "--", "python"]):
        done = kfpkit(*verb)

        assert done.returncode == 1
        assert done.stderr.endswith("Did you mean `one`?\n")
