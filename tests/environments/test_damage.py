"""A virtual environment that somebody has damaged is noticed, and made again."""

from __future__ import annotations

import os
import subprocess

import pytest

from kfpkit.environments.venvs import (
    ensure_virtual_environment,
    find_damage,
    has_virtual_environment,
    in_use,
    python_of,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def venv(tiny, cache):
    """Make the virtual environment of `tiny`; gives what makes it, and its folder."""
    environment = tiny()
    lines = []

    def make():
        lines.clear()
        ensure_virtual_environment(environment, report=lines.append)
        return lines

    make()
    return make, ensure_virtual_environment(environment), environment


def works(venv):
    command = [python_of(venv), "-c", "import six, kfp; print('works')"]
    environ = {**os.environ, "_KFP_RUNTIME": "true"}
    return subprocess.run(command, env=environ, check=False, capture_output=True).returncode == 0


def test_running_in_it_is_no_damage(venv):
    make, folder, _ = venv
    environ = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([python_of(folder), "-c", "import six"], env=environ, check=True)

    assert list(folder.glob("lib/python3.*/site-packages/__pycache__/six*"))
    assert find_damage(folder) is None
    assert make() == []


@pytest.mark.parametrize("what", ["deleted", "emptied", "package", "configuration", "inventory"])
def test_what_is_damaged_is_made_again(venv, what):
    make, folder, environment = venv
    [module] = folder.glob("lib/python3.*/site-packages/six.py")
    if what == "deleted":
        module.unlink()
    elif what == "emptied":
        module.unlink()  # its content is uv's too
        module.touch()
    elif what == "package":
        (module.parent / "kfp").rename(folder.parent / "elsewhere")
    elif what == "configuration":
        (folder / "pyvenv.cfg").unlink()
    else:
        (folder / ".kfpkit-finished").write_text("half a li")
    assert find_damage(folder)

    assert "the virtual environment is damaged" in " ".join(make())

    assert works(folder)
    assert find_damage(folder) is None
    assert has_virtual_environment(environment)
    assert not [path for path in folder.parent.iterdir() if ".making-" in path.name]


def test_an_interpreter_that_cannot_be_started_is_damage(venv, tmp_path):
    make, folder, environment = venv
    python_of(folder).unlink()
    python_of(folder).write_text("no program")
    assert not has_virtual_environment(environment)

    make()

    assert works(folder)


def test_a_file_that_was_edited_in_place_does_not_come_back_out_of_uvs_cache(
    tiny, tmp_path, monkeypatch
):
    monkeypatch.setenv("KFPKIT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    environment = tiny()
    folder = ensure_virtual_environment(environment)
    [module] = folder.glob("lib/python3.*/site-packages/six.py")
    with module.open("a") as file:  # in uv's cache too, where the file is one with two names
        file.write("raise SystemExit('edited')\n")

    ensure_virtual_environment(environment)

    assert works(folder)


def test_one_in_use_is_replaced_at_its_place(venv):
    make, folder, _ = venv
    with in_use(folder):
        (folder / "pyvenv.cfg").unlink()
        make()
    assert works(folder)
