from __future__ import annotations

import contextlib
import gc
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from kfpkit.processes import Processes, StartError, keepers

# Starts a process that sleeps in a session of its own, and prints its number.
LEAVE_SESSION = """
import subprocess, sys
sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
print(subprocess.Popen(sleep, start_new_session=True).pid, flush=True)
"""
# The same, through a parent that has ended.
BECOME_DAEMON = f"""
import subprocess, sys
subprocess.run([sys.executable, "-c", {LEAVE_SESSION!r}])
"""
# Prints the number of the server that the process's keeper was forked from.
TELL_SERVER = """
import os
with open(f"/proc/{os.getppid()}/stat") as file:
    print(file.read().rpartition(")")[2].split()[1], flush=True)
"""
# A signal that comes just before a sleep doesn't shorten it, so no sleep may be long.
SLEEP = "for _ in range(600): time.sleep(0.1)"
RUN = """
import os, sys
from pathlib import Path
from kfpkit.processes import Processes
folder = Path(sys.argv[1])
Processes().run(
    [sys.executable, "-c", sys.argv[2]],
    variables={"PATH": os.environ["PATH"]},
    folder=folder,
    log=folder / "log.txt",
)
"""


def run(processes, folder, code, **options):
    ending = processes.run(
        [sys.executable, "-c", code],
        variables={"PATH": os.environ["PATH"]},
        folder=folder,
        log=folder / "log.txt",
        **options,
    )
    return ending and ending.code


def wait_for(condition):
    end = time.monotonic() + 60  # a process that imports kfpkit may take long on a busy machine
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # the latter if it ends while it is read
        return False


@pytest.fixture
def in_background(tmp_path):
    """Return a function that runs code in a thread, once it has made the file `ready`."""
    codes = []

    def start(processes, code):
        thread = threading.Thread(target=lambda: codes.append(run(processes, tmp_path, code)))
        thread.start()
        wait_for((tmp_path / "ready").exists)
        return thread, codes

    return start


def test_output_of_both_kinds_and_the_code_come_back(tmp_path):
    code = "import sys; print('out', flush=True); print('err', file=sys.stderr); sys.exit(3)"
    assert run(Processes(), tmp_path, code) == 3
    assert (tmp_path / "log.txt").read_text() == "out\nerr\n"


def test_a_process_sees_the_given_variables_and_no_others(tmp_path):
    run(Processes(), tmp_path, "import os; print(sorted(set(os.environ) - {'LC_CTYPE'}))")
    assert (tmp_path / "log.txt").read_text() == "['PATH']\n"


def test_a_program_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(StartError, match="`no-such-program` cannot be started: No such file"):
        Processes().run(
            ["no-such-program"], variables={}, folder=tmp_path, log=tmp_path / "log.txt"
        )


def test_an_argument_that_is_too_long_is_an_error(tmp_path):
    with pytest.raises(StartError, match="Argument list too long"):
        run(Processes(), tmp_path, "#" * 200_000)


def test_what_a_process_leaves_running_ends_with_it(tmp_path):
    code = (
        "import subprocess, sys; "
        "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid)"
    )
    assert run(Processes(), tmp_path, code) == 0
    pid = int((tmp_path / "log.txt").read_text())
    wait_for(lambda: not is_alive(pid))


@pytest.mark.parametrize("code", [LEAVE_SESSION, BECOME_DAEMON], ids=["session", "daemon"])
@pytest.mark.parametrize("mark", [False, True], ids=["kernel", "mark"])
def test_what_has_left_the_session_ends_with_it(tmp_path, monkeypatch, code, mark):
    if mark:
        monkeypatch.setattr(keepers, "_IS_LINUX", False)
    assert run(Processes(), tmp_path, code) == 0
    assert not is_alive(int((tmp_path / "log.txt").read_text()))


def test_a_process_that_ends_by_itself_does_not_wait_for_a_signal(tmp_path):
    code = f"{LEAVE_SESSION}\nimport os, signal; os.kill(os.getpid(), signal.SIGUSR1)"
    assert run(Processes(), tmp_path, code) == -signal.SIGUSR1


@pytest.fixture
def start_runner():
    """Return a function that runs code under a runner of its own, which is killed at the end."""
    with contextlib.ExitStack() as stack:

        def start(folder, code):
            runner = subprocess.Popen([sys.executable, "-c", RUN, folder, code])
            stack.callback(runner.wait)
            stack.callback(runner.kill)
            return runner

        yield start


@pytest.mark.parametrize("ignored", ["", "signal.signal(signal.SIGTERM, signal.SIG_IGN)"])
@pytest.mark.parametrize("leave", [LEAVE_SESSION, BECOME_DAEMON], ids=["session", "daemon"])
def test_nothing_outlives_a_run_that_is_killed(start_runner, tmp_path, leave, ignored):
    code = f"import os, signal, time\n{ignored}\n{leave}\nprint(os.getpid(), flush=True)\n"
    runner = start_runner(tmp_path, f"{code}time.sleep(60)")
    log = tmp_path / "log.txt"
    wait_for(lambda: log.exists() and len(log.read_text().split()) == 2)
    pids = [int(pid) for pid in log.read_text().split()]
    assert all(map(is_alive, pids))
    runner.kill()
    runner.wait()
    wait_for(lambda: not any(map(is_alive, pids)))


def test_a_process_may_clean_up_when_its_run_is_killed(start_runner, tmp_path):
    code = textwrap.dedent(f"""
        import signal, sys, time
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            print("ready", flush=True)
            {SLEEP}
        finally:
            open({str(tmp_path / "cleaned")!r}, "w").close()
    """)
    runner = start_runner(tmp_path, code)
    log = tmp_path / "log.txt"
    wait_for(lambda: log.exists() and log.read_text())
    runner.kill()
    runner.wait()
    wait_for((tmp_path / "cleaned").exists)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_process_ends_with_its_keeper(tmp_path, in_background):
    code = (
        "import os, time\n"
        "print(os.getppid(), flush=True)\n"
        f"open({str(tmp_path / 'ready')!r}, 'w').close()\n"
        "time.sleep(60)\n"
    )
    thread, codes = in_background(Processes(), code)
    os.kill(int((tmp_path / "log.txt").read_text()), signal.SIGKILL)
    thread.join(10)
    assert codes == [-signal.SIGKILL]


def test_processes_share_a_server_that_is_replaced_once_it_is_killed(tmp_path):
    processes = Processes()
    for _ in range(3):
        assert run(processes, tmp_path, TELL_SERVER) == 0
        server = int((tmp_path / "log.txt").read_text().split()[-1])
    os.kill(server, signal.SIGKILL)
    wait_for(lambda: not is_alive(server))
    assert run(processes, tmp_path, TELL_SERVER) == 0
    first, second, third, other = (tmp_path / "log.txt").read_text().split()
    assert first == second == third != other


def test_a_killed_server_is_replaced_while_a_process_of_it_runs(tmp_path, in_background):
    processes = Processes()
    code = (
        f"import os, time\n{TELL_SERVER}\nopen({str(tmp_path / 'ready')!r}, 'w').close()\n{SLEEP}\n"
    )
    thread, codes = in_background(processes, code)
    server = int((tmp_path / "log.txt").read_text())
    os.kill(server, signal.SIGKILL)
    wait_for(lambda: not is_alive(server))
    assert run(processes, tmp_path, "print('next')") == 0
    processes.stop()
    thread.join(10)
    assert codes == [None]


def test_a_process_whose_server_is_killed_first_counts_as_killed(tmp_path):
    processes = Processes()
    run(processes, tmp_path, TELL_SERVER)
    server = int((tmp_path / "log.txt").read_text())
    os.kill(server, signal.SIGSTOP)
    codes = []
    thread = threading.Thread(target=lambda: codes.append(run(processes, tmp_path, "0")))
    thread.start()
    time.sleep(0.1)
    os.kill(server, signal.SIGKILL)
    thread.join(10)
    assert codes == [-signal.SIGKILL]


def test_the_server_ends_with_what_started_processes(tmp_path):
    processes = Processes()
    run(processes, tmp_path, TELL_SERVER)
    server = int((tmp_path / "log.txt").read_text())
    assert is_alive(server)
    del processes
    gc.collect()
    assert not is_alive(server)


def test_a_process_ends_as_told_although_its_server_is_killed(tmp_path, in_background):
    code = (
        "import os, sys, time\n"
        f"{TELL_SERVER}\n"
        f"open({str(tmp_path / 'ready')!r}, 'w').close()\n"
        "time.sleep(0.2)\n"
        "sys.exit(7)\n"
    )
    thread, codes = in_background(Processes(), code)
    os.kill(int((tmp_path / "log.txt").read_text()), signal.SIGKILL)
    thread.join(10)
    assert codes == [7]


def test_a_working_directory_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(StartError, match="`true` cannot be started: No such file"):
        Processes().run(
            ["true"], variables=os.environ, folder=tmp_path / "gone", log=tmp_path / "log.txt"
        )


def test_a_stopped_process_may_clean_up_and_no_new_one_starts(tmp_path, in_background):
    processes = Processes()
    code = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))\n"
        f"try:\n    open({str(tmp_path / 'ready')!r}, 'w').close()\n    {SLEEP}\n"
        f"finally:\n    open({str(tmp_path / 'cleaned')!r}, 'w').close()\n"
    )
    thread, codes = in_background(processes, code)
    processes.stop()
    thread.join(5)
    assert codes == [None]
    assert (tmp_path / "cleaned").exists()
    assert run(processes, tmp_path, "print('too late')") is None


def test_a_process_that_does_not_listen_is_ended_with_its_children(tmp_path, in_background):
    processes = Processes()
    code = (
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid, flush=True)\n"
        f"open({str(tmp_path / 'ready')!r}, 'w').close()\n"
        "time.sleep(60)\n"
    )
    thread, codes = in_background(processes, code)
    started = time.monotonic()
    processes.stop(grace=0.3)
    thread.join(5)
    assert codes == [None]
    assert 0.3 <= time.monotonic() - started < 3
    pid = int((tmp_path / "log.txt").read_text())
    wait_for(lambda: not is_alive(pid))


def test_a_pause_ends_when_the_run_stops():
    processes = Processes()
    threading.Timer(0.05, processes.stop).start()
    started = time.monotonic()
    processes.pause(30)
    assert time.monotonic() - started < 5
