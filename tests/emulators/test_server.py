"""One process serves the data of an emulator, whatever has become of those that started others."""

from __future__ import annotations

from pathlib import Path

import pytest

from kfpkit import locks
from kfpkit.emulators import PROJECT
from kfpkit.emulators.known import KNOWN
from kfpkit.emulators.server import Server
from kfpkit.emulators.session import find_emulators
from kfpkit.environments.venvs import ensure_virtual_environment, python_of
from kfpkit.project.project import find_project

pytestmark = pytest.mark.slow

SETTINGS = {"GOOGLE_CLOUD_PROJECT": PROJECT}


@pytest.fixture
def start(tmp_path):
    """Return a function that starts a server of one folder, as long as the folder has a user."""
    python = python_of(ensure_virtual_environment(find_emulators(find_project(Path(__file__)))))
    server = Server(emulator=KNOWN["storage"], folder=tmp_path)
    with (tmp_path / "users.lock").open("a+b") as users:
        locks.hold_shared(users)
        yield lambda: server.start(python, SETTINGS, tmp_path / "log.txt")
        server.stop()


def test_a_server_whose_address_nobody_noted_gives_way_to_a_new_one(start):
    lost = start()
    lost.wait()

    new = start()
    new.wait()

    assert lost.process.wait(20) == 0
    assert new.server.find() == new.addresses
