"""Virtual environments are made once, from wheels with hashes, and never used half-made."""

from __future__ import annotations

import hashlib
import io
import os
import queue
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from misbehaving import serve

from kfpkit import files
from kfpkit.environments.audit import auditing_tools
from kfpkit.environments.venvs import (
    ensure_plain_virtual_environment,
    ensure_virtual_environment,
    has_virtual_environment,
    poetry,
    python_of,
    venvs,
)
from kfpkit.environments.venvs.venvs import Recipe
from kfpkit.errors import (
    DiskFullError,
    HashMismatchError,
    IndexUnreachableError,
    PythonNotFoundError,
    StaleLockError,
    ToolError,
    WheelMissingError,
)

__all__ = ["serve"]  # a fixture

pytestmark = pytest.mark.slow

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"

MAKE = """
import sys
from pathlib import Path
from kfpkit.project.project import find_project
from kfpkit.environments import find_environment
from kfpkit.environments.venvs import ensure_virtual_environment
environment = find_environment(find_project(Path(sys.argv[1])), "tiny")
print(ensure_virtual_environment(environment, report=print), flush=True)
"""


@dataclass(frozen=True, kw_only=True)
class Word:
    """A virtual environment with one package, and what its index was asked for."""

    recipe: Recipe
    asked: list[str]


def make_elsewhere(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", MAKE, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run(venv: Path, code: str, **settings: str) -> str:
    command = [str(python_of(venv)), "-c", code]
    return subprocess.check_output(command, text=True, env=os.environ | settings).strip()


def left_overs(cache: Path) -> list[str]:
    return [entry.name for entry in (cache / "venvs").iterdir() if ".making-" in entry.name]


def test_a_virtual_environment_holds_the_lock_and_kfps_runtime(tiny, cache):
    venv = ensure_virtual_environment(tiny())

    assert run(venv, "import six; print(six.__version__)") == "1.17.0"
    runs = "import kfp.dsl.executor, kfp; print(kfp.__version__)"
    assert run(venv, runs, _KFP_RUNTIME="true") == "2.17.0"
    assert left_overs(cache) == []


def test_a_finished_one_is_found_at_once(tiny, cache):
    environment = tiny()
    assert not has_virtual_environment(environment)
    venv = ensure_virtual_environment(environment)

    assert ensure_virtual_environment(environment, report=pytest.fail) == venv
    assert has_virtual_environment(environment)


def test_one_whose_interpreter_has_gone_is_made_anew(tiny, cache):
    environment = tiny()
    python = python_of(ensure_virtual_environment(environment))
    python.unlink()
    python.symlink_to("/gone/python")

    assert run(ensure_virtual_environment(environment), "import six; print('works')") == "works"


def test_the_callers_settings_do_not_disturb(tiny, cache, tmp_path, monkeypatch):
    (tmp_path / "json.py").write_text("raise SystemExit('shadowed')")
    for name in ("UV_NO_BINARY", "UV_SYSTEM_PYTHON", "PIP_NO_INDEX"):
        monkeypatch.setenv(name, "1")
    for name in ("PYTHONPATH", "VIRTUAL_ENV", "PYTHONHOME", "PIP_TARGET"):
        monkeypatch.setenv(name, str(tmp_path))

    venv = ensure_virtual_environment(tiny())

    assert list(venv.glob("lib/python*/site-packages/six.py"))


def test_processes_side_by_side_make_it_once(tiny, cache):
    folder = tiny().folder
    processes = [make_elsewhere(folder) for _ in range(3)]

    outputs = [process.communicate(timeout=60)[0] for process in processes]

    assert len({output.splitlines()[-1] for output in outputs}) == 1
    assert sum("installing" in output for output in outputs) == 1
    assert [process.returncode for process in processes] == [0, 0, 0]


def test_who_waits_for_another_process_is_told(tiny, cache):
    environment = tiny()
    folder = ensure_virtual_environment(environment)
    shutil.rmtree(folder)
    told: queue.SimpleQueue[str] = queue.SimpleQueue()

    with ThreadPoolExecutor(1) as threads:
        with files.held(Path(f"{folder}.lock"), waiting=pytest.fail):
            made = threads.submit(ensure_virtual_environment, environment, report=told.put)
            waiting = told.get(timeout=20)
        assert made.result(timeout=60) == folder

    assert waiting == "tiny: waiting for another process to create the virtual environment"


def test_a_killed_build_leaves_nothing_that_is_used(tiny, cache):
    environment = tiny()
    process = make_elsewhere(environment.folder)
    while not left_overs(cache):
        assert process.poll() is None
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert not has_virtual_environment(environment)

    venv = ensure_virtual_environment(environment)

    assert run(venv, "import six; print('works')") == "works"
    assert left_overs(cache) == []


@pytest.fixture
def word(serve, tmp_path, monkeypatch) -> Word:
    """Serve an index that has one package, and forbids uv to remember its answers."""
    contents = {
        "word.py": "",
        "word-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: word\nVersion: 1\n",
        "word-1.dist-info/WHEEL": "Wheel-Version: 1.0\nTag: py3-none-any\n",
    }
    listed = "".join(f"{name},,\n" for name in (*contents, "word-1.dist-info/RECORD"))
    wheel = io.BytesIO()
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in {**contents, "word-1.dist-info/RECORD": listed}.items():
            archive.writestr(name, text)
    content = wheel.getvalue()
    file, digest = "word-1-py3-none-any.whl", hashlib.sha256(content).hexdigest()
    asked: list[str] = []

    def answer(request):
        asked.append(request.path)
        page = f'<a href="/{file}#sha256={digest}">{file}</a>'.encode()
        body = content if request.path.endswith(".whl") else page
        kind = "application/zip" if body is content else "text/html"
        request.send(200, body, Content_Type=kind, Cache_Control="no-cache")

    monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://{serve(answer)}/simple")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(f"word==1 --hash=sha256:{digest}\n")
    return Word(recipe=Recipe.of_file("word", requirements), asked=asked)


def test_what_uv_has_is_installed_without_asking_the_index(word, cache):
    folder = venvs.make(word.recipe)
    assert word.asked
    shutil.rmtree(folder)
    word.asked.clear()

    assert run(venvs.make(word.recipe), "import word; print('works')") == "works"
    assert word.asked == []


def test_a_stale_lock_is_refused(tiny, cache):
    environment = tiny()
    environment.pyproject.write_text(environment.pyproject.read_text().replace("1.17.0", "1.16.0"))

    with pytest.raises(StaleLockError):
        ensure_virtual_environment(environment)


def test_another_file_than_the_locked_one_is_refused(tiny, cache):
    with pytest.raises(HashMismatchError, match="do not trust it") as raised:
        ensure_virtual_environment(tiny(digest="0" * 64))

    assert "six==1.17.0" in raised.value.tail
    assert left_overs(cache) == []


def test_a_lock_without_a_wheel_is_refused(tiny, cache, tmp_path):
    only_source = tiny()
    text = (
        only_source.lock.path.read_text()
        .replace("six", "kfp-server-api")
        .replace("1.17.0", "2.14.6")
    )
    only_source.lock.path.write_text(text)

    with pytest.raises(WheelMissingError, match="`kfpkit env lock tiny`"):
        ensure_virtual_environment(only_source)


def test_without_a_network_the_index_is_named(tiny, cache, tmp_path, monkeypatch):
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "empty"))
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")

    with pytest.raises(IndexUnreachableError, match="`UV_DEFAULT_INDEX`"):
        ensure_virtual_environment(tiny())
    assert left_overs(cache) == []


@pytest.mark.parametrize("make", [auditing_tools.recipe, poetry.recipe], ids=["auditing", "poetry"])
def test_what_keeps_kfpkits_own_tools_away_is_blamed_on_no_environment(make, tmp_path, monkeypatch):
    monkeypatch.setenv("KFPKIT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "empty"))
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")

    with pytest.raises(IndexUnreachableError, match="kfpkit's own `") as raised:
        venvs.make(make())

    assert "environment `" not in str(raised.value)
    assert "kfpkit env" not in str(raised.value)


def test_a_python_version_that_is_nowhere_is_named(tiny, cache, monkeypatch):
    monkeypatch.setenv("UV_PYTHON_DOWNLOADS", "never")
    monkeypatch.setattr("kfpkit.environments.description.PYTHONS", ("3.29",))

    with pytest.raises(PythonNotFoundError, match=r"Install Python 3\.29"):
        ensure_virtual_environment(tiny(python=">=3.29,<3.30"))


def test_a_cache_that_cannot_be_written_is_named(tiny, monkeypatch):
    monkeypatch.setenv("KFPKIT_CACHE_DIR", "/dev/null/cache")

    with pytest.raises(ToolError, match="`KFPKIT_CACHE_DIR`"):
        ensure_virtual_environment(tiny())


def test_a_cache_that_cannot_be_written_is_blamed_on_no_environment_either(monkeypatch):
    monkeypatch.setenv("KFPKIT_CACHE_DIR", "/dev/null/cache")

    with pytest.raises(ToolError, match="virtual environment of `plain` cannot be written"):
        ensure_plain_virtual_environment(HERE)


def test_a_full_disk_is_named_and_nothing_is_left(tiny, tmp_path, poetry_tool):
    small = tmp_path / "small"
    small.mkdir()
    program = (
        f"mount -t tmpfs -o size=1m none {small} || exit 77; mkdir {small}/venvs; "
        f"ln -s {poetry_tool} {small}/venvs/; "
        f"KFPKIT_CACHE_DIR={small} {sys.executable} -c '{MAKE}' {tiny().folder}; ls {small}/venvs"
    )
    unshare = shutil.which("unshare") or "unshare"
    command = [unshare, "--user", "--map-root-user", "--mount", "sh", "-c", program]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("mounting a small disk needs Linux")
    if done.returncode == 77 or "unshare failed" in done.stderr:
        pytest.skip("this machine lets no user mount a small disk")

    assert DiskFullError.__name__ in done.stderr
    assert "making-" not in done.stdout


def test_a_plain_one_holds_kfps_runtime_only(cache):
    venv = ensure_plain_virtual_environment(HERE)

    names = "import importlib.metadata as m; print([d.name for d in m.distributions()])"
    assert run(venv, names) == "['kfp']"


def test_threads_side_by_side_make_it_once(tiny, cache):
    environment = tiny()
    told: list[str] = []

    with ThreadPoolExecutor(3) as threads:
        made = [
            threads.submit(ensure_virtual_environment, environment, report=told.append)
            for _ in range(3)
        ]

    assert len({future.result() for future in made}) == 1
    assert sum("installing" in line for line in told) == 1
