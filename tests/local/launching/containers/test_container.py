import contextlib
import signal

import pytest
from container_engine import import_python_image

from kfpkit.engine import Engine
from kfpkit.local.launching.containers.container import Container
from kfpkit.local.launching.containers.usage import make_measured
from kfpkit.processes import Ending

pytestmark = pytest.mark.containers


@pytest.fixture
def start(engine, tmp_path):
    """Return a function that starts Python code in a container with little memory."""
    image = import_python_image(engine, "kfpkit-tests/python:1")
    with contextlib.ExitStack() as stack:
        own = stack.enter_context(contextlib.closing(Engine()))

        def start(*command):
            limits = {"mem_limit": "32m", "memswap_limit": "32m", "network_mode": "none"}
            made = own.client.containers.create(image, entrypoint=list(command), **limits)
            stack.callback(made.remove, force=True)
            log = stack.enter_context((tmp_path / "log.txt").open("wb"))
            return Container.start(made, log, engine=own)

        yield start


def test_an_exit_code_is_that_of_the_command(start):
    ending = start("python3", "-c", "raise SystemExit(3)").wait()
    assert ending == Ending(code=3)
    assert ending.failure == "it exited with code 3"


def test_a_signal_is_told_as_it_is_of_a_process(start):
    container = start("python3", "-c", "import time; time.sleep(60)")
    container.signal(signal.SIGKILL)
    assert container.wait() == Ending(code=-signal.SIGKILL)
    assert container.wait().failure == "it was killed by SIGKILL"


def test_a_lack_of_memory_is_told(start):
    ending = start("python3", "-c", "held = bytearray(2**28)").wait()
    assert ending.code == -signal.SIGKILL
    assert ending.failure == "it was killed because it ran out of memory"


def test_a_lack_of_memory_of_a_measured_command_is_told(start):
    ending = start(*make_measured(["python3", "-c", "held = bytearray(2**28)"])).wait()
    assert ending.code == -signal.SIGKILL
    assert ending.failure == "it was killed because it ran out of memory"
