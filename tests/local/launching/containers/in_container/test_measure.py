"""What runs a command in a container and measures it, here as a process of this machine."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kfpkit.local.launching.containers.in_container import measure

CODE = Path(measure.__file__).read_text(encoding="utf-8")
MEGABYTE = 2**20
HEAVY = """
import subprocess, sys, time
if len(sys.argv) == 1:
    subprocess.run([sys.executable, __file__, "child"], check=True)
else:
    held = b"x" * 200 * 2**20
    while time.process_time() < 0.6:
        pass
"""
LISTENS = """
import signal, sys, time
signal.signal(signal.SIGUSR1, lambda *_: sys.exit(4))
print("ready", flush=True)
for _ in range(600):
    time.sleep(0.1)
"""


@pytest.fixture
def start(tmp_path):
    """Return a function that starts a command with its measurement."""
    started = []

    def start(*command):
        process = subprocess.Popen(
            [sys.executable, "-S", "-c", CODE, "used", *command],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=20)


def run_python(start, code):
    process = start(sys.executable, "-c", code)
    return *process.communicate(timeout=60), process.returncode


def read_used(folder):
    found = re.fullmatch(r"(\d+) (\d+\.\d{3})\n", (folder / "used").read_text())
    return int(found[1]), float(found[2])


def test_memory_and_processor_time_are_those_of_all_processes(start, tmp_path):
    (tmp_path / "heavy.py").write_text(HEAVY)

    assert start(sys.executable, "heavy.py").wait(60) == 0

    peak, seconds = read_used(tmp_path)
    assert 200 * MEGABYTE < peak < 260 * MEGABYTE
    assert 0.6 <= seconds < 2


@pytest.mark.parametrize("code", [0, 3, 255])
def test_the_exit_code_is_that_of_the_command(start, tmp_path, code):
    assert run_python(start, f"print('out'); raise SystemExit({code})") == ("out\n", "", code)
    assert read_used(tmp_path)[0] > MEGABYTE


def test_a_killed_command_is_told_as_an_engine_does(start, tmp_path):
    code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert run_python(start, code)[2] == 128 + signal.SIGKILL
    assert read_used(tmp_path)[1] < 5


def test_signals_reach_the_command(start):
    process = start(sys.executable, "-c", LISTENS)
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGUSR1)
    assert process.wait(20) == 4


def test_a_signal_ends_a_command_that_does_not_handle_it(start):
    process = start(sys.executable, "-uc", "print('ready'); import time; time.sleep(60)")
    assert process.stdout.readline() == "ready\n"
    process.terminate()
    assert process.wait(20) == 128 + signal.SIGTERM


def test_the_command_has_the_signals_of_a_new_process(start):
    code = "import os; print(os.read(os.open('/proc/self/status', 0), 9999).decode())"
    plain = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    masks = re.compile(r"^Sig(?:Blk|Ign|Cgt):.*$", re.MULTILINE)

    assert masks.findall(run_python(start, code)[0]) == masks.findall(plain.stdout)


def test_a_program_that_does_not_exist_is_named(start):
    process = start("/nowhere/program")
    said = process.communicate(timeout=20)[1]
    assert said == "The program `/nowhere/program` can't be started: No such file or directory.\n"
    assert process.returncode == 127


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.mkdir('used')",
        "import os; os.rmdir(os.getcwd())",
    ],
)
def test_what_cannot_be_written_is_left_out(start, tmp_path, code):
    assert run_python(start, code) == ("", "", 0)
    assert not (tmp_path / "used").is_file()


def test_a_link_in_the_place_of_the_file_is_not_followed(start, tmp_path):
    (tmp_path / "kept").write_text("kept")
    assert run_python(start, "import os; os.symlink('kept', 'used')")[2] == 0
    assert (tmp_path / "kept").read_text() == "kept"
    assert read_used(tmp_path)[0] > MEGABYTE


def test_a_process_that_is_left_behind_is_not_waited_for(start):
    code = "import subprocess; subprocess.Popen(['sleep', '5'], stdout=-3, stderr=-3)"
    started = time.monotonic()
    assert run_python(start, code)[2] == 0
    assert time.monotonic() - started < 4
