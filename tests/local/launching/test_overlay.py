"""The virtual environment that a foreign task has for itself."""

import re
import shutil
import subprocess
import sys

import pytest

from kfpkit.environments.tools.interpreters import RUNNING
from kfpkit.environments.venvs import ensure_plain_virtual_environment, python_of
from kfpkit.errors import RunFolderError
from kfpkit.local.launching import overlay
from kfpkit.local.launching.overlay import laid_over

SEEN = """\
import sys
from importlib.util import find_spec
print(sys.prefix, sys.version_info[:2], find_spec("kfp").origin)
"""


@pytest.fixture(scope="session")
def plain():
    return ensure_plain_virtual_environment(RUNNING)


def printed(*command) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert not done.stderr
    return done.stdout.strip()


def test_it_is_a_virtual_environment_of_its_own_with_the_packages_below(plain, tmp_path):
    with laid_over(plain, tmp_path / "venv") as venv:
        seen = printed(python_of(venv), "-c", SEEN)

    assert seen.startswith(f"{venv} {sys.version_info[:2]} {plain}")
    assert not venv.exists()


@pytest.mark.parametrize("name", ["python", "python3", f"python{RUNNING}"])
def test_every_name_of_python_is_there(plain, tmp_path, name):
    with laid_over(plain, tmp_path / "venv") as venv:
        assert printed(venv / "bin" / name, "-c", "import sys; print(sys.prefix)") == str(venv)


@pytest.mark.parametrize("command", [["pip"], ["pip3"], ["python", "-m", "pip"]])
def test_it_has_the_pip_of_its_python(plain, tmp_path, command):
    with laid_over(plain, tmp_path / "a folder" / "venv") as venv:
        program, *rest = command
        version = printed(venv / "bin" / program, *rest, "--version")

    assert version.startswith("pip ")
    assert version.endswith(f"(python {RUNNING})")


def test_its_pip_can_be_imported(plain, tmp_path):
    with laid_over(plain, tmp_path / "venv") as venv:
        script = "import pip, sys; print(pip.__file__, pip.__spec__.submodule_search_locations)"
        seen = printed(python_of(venv), "-c", script)

    assert re.search(r"/pip-[\d.]+-py3-none-any\.whl/pip/__init__\.py \[", seen)


def run_without_wheels(folder) -> subprocess.CompletedProcess:
    """Run the pip of a Python that was built to find wheels in a folder only."""
    script = (
        "import os, runpy, sys, sysconfig\n"
        "os.__file__ = '/nowhere/os.py'\n"
        "_, pip, folder = sys.argv\n"
        "sysconfig.get_config_vars()['WHEEL_PKG_DIR'] = folder\n"
        "sys.argv = [pip, '--version']\n"
        "runpy.run_path(pip, run_name='__main__')\n"
    )
    command = [
        sys.executable,
        "-I",
        "-c",
        script,
        overlay.__file__.replace("overlay.py", "in_venv/pip.py"),
    ]
    return subprocess.run([*command, str(folder)], capture_output=True, text=True, check=False)


def test_pip_is_taken_from_where_a_system_keeps_its_wheels(plain, tmp_path):
    with laid_over(plain, tmp_path / "venv") as venv:
        wheel = printed(python_of(venv), "-c", "import pip; print(pip.__file__)")
    wheel = wheel.removesuffix("/pip/__init__.py")
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    shutil.copy(wheel, wheels)

    done = run_without_wheels(wheels)

    assert done.returncode == 0, done.stderr
    assert str(wheels) in done.stdout


def test_a_python_without_a_wheel_of_pip_says_where_it_has_looked(tmp_path):
    done = run_without_wheels(tmp_path)

    assert done.returncode == 1
    assert f"has no wheel of pip in {tmp_path} or /nowhere/ensurepip/_bundled" in done.stderr
    assert f"the package python{RUNNING}-venv brings it" in done.stderr


def test_what_is_installed_comes_first_and_stays_in_it(plain, tmp_path):
    with laid_over(plain, tmp_path / "venv") as venv:
        script = "import sysconfig; print(sysconfig.get_path('purelib'))"
        packages = printed(python_of(venv), "-c", script)
        (venv.joinpath(packages) / "kfp.py").write_text("WORD = 'own'\n")
        assert printed(python_of(venv), "-c", "import kfp; print(kfp.WORD)") == "own"

    assert packages.startswith(str(venv))
    assert not list(plain.rglob("kfp.py"))


def test_a_folder_that_cannot_be_written_is_named(plain, tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(RunFolderError, match="file"), laid_over(plain, tmp_path / "file" / "venv"):
        pass
