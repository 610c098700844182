"""The virtual environment that a foreign task has for itself."""

import subprocess
import sys

import pytest

from kfpkit.environments.tools.interpreters import RUNNING
from kfpkit.environments.venvs import ensure_plain_virtual_environment, python_of
from kfpkit.errors import RunFolderError
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

    assert "/ensurepip/_bundled/pip-" in seen
    assert "[" in seen


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
