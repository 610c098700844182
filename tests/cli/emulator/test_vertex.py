"""`kfpkit emulator vertex`."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
CONNECT = """
import os, socket, sys
from urllib.parse import urlsplit
proxy = urlsplit(os.environ["https_proxy"])
with socket.create_connection((proxy.hostname, proxy.port)) as client:
    client.sendall(b"CONNECT other.invalid:443 HTTP/1.1\\r\\n\\r\\n")
    while b"\\r\\n\\r\\n" not in (answer := client.recv(4096)):
        pass
    print(answer.split()[1].decode(), client.recv(4096).decode())
"""

pytestmark = pytest.mark.slow


@pytest.fixture
def kfpkit(project):
    """Return a function that runs kfpkit in a project with the environment of the emulators."""
    root = project({})
    shutil.copytree(REPOSITORY / "environments/emulators", root / "environments/emulators")

    def run(*arguments, **variables):
        return subprocess.run(
            [Path(sys.executable).with_name("kfpkit"), "emulator", "vertex", *arguments],
            cwd=root,
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    yield run
    run("stop")


def test_it_starts_in_the_background_and_stops(kfpkit):
    assert (kfpkit("status").returncode, kfpkit("status").stdout) == (3, "Not running\n")
    started = kfpkit("start")
    assert started.returncode == 0, started.stderr
    assert "export KFPKIT_VERTEX_EMULATOR_HOST=http://127.0.0.1:" in started.stdout
    status = json.loads(kfpkit("status", "--json").stdout)
    assert status["background"] is True
    assert status["open_jobs"] == 0
    assert kfpkit("start").stdout == started.stdout
    # It isn't stopped by a program that uses it.
    assert kfpkit("--", "true").returncode == 0
    assert json.loads(kfpkit("status", "--json").stdout) == status
    assert kfpkit("stop").stdout == "Stopped\n"
    assert kfpkit("stop").stdout == "The emulator is not running\n"


def test_a_program_runs_with_its_arguments_and_its_exit_code(kfpkit):
    done = kfpkit("--", "sh", "-c", 'echo "$0 $KFPKIT_VERTEX_EMULATOR_HOST"; exit 7', "--word")
    assert done.returncode == 7
    assert done.stdout.startswith("--word http://127.0.0.1:")
    assert kfpkit("status").returncode == 3


def test_a_missing_program_is_named(kfpkit):
    done = kfpkit("--", "no-such-program")
    assert done.returncode == 127
    assert "`no-such-program`" in done.stderr


def test_a_signal_reaches_the_program(kfpkit):
    assert kfpkit("--", "sh", "-c", "kill -TERM $$").returncode == 143


def test_a_missing_environment_is_named(project, tmp_path):
    done = subprocess.run(
        [Path(sys.executable).with_name("kfpkit"), "emulator", "vertex", "--", "true"],
        cwd=project({}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "kfpkit env new emulators --from kfpkit:emulators" in done.stderr


def test_other_connections_take_the_proxy_of_the_machine(kfpkit):
    heads = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            client, _ = listener.accept()
            with client:
                heads.append(client.recv(4096))
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\nfrom there")

        thread = threading.Thread(target=serve)
        thread.start()
        proxy = f"http://user:a%20b@127.0.0.1:{listener.getsockname()[1]}"
        done = kfpkit("--", sys.executable, "-c", CONNECT, https_proxy=proxy)
        thread.join(10)
    assert done.stdout == "200 from there\n", done.stderr
    assert heads[0].startswith(b"CONNECT other.invalid:443 ")
    assert b"Proxy-Authorization: Basic dXNlcjphIGI=" in heads[0]


def test_hosts_that_were_reached_directly_are_led_to_the_emulator(kfpkit):
    direct = ".googleapis.com,googleapis.com,*,example.com"
    done = kfpkit("--", "sh", "-c", "echo $no_proxy", NO_PROXY=direct)
    assert done.stdout == "example.com,127.0.0.1,localhost\n"
