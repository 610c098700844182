"""Finding the container engine, and saying why it cannot be had."""

from __future__ import annotations

import contextlib
import os
import sys

import pytest

from kfpkit.errors import EngineUnreachableError, ImagesNotInstalledError
from kfpkit.images.connection import connect, engine_address


@pytest.fixture
def current_context(tmp_path, monkeypatch):
    """Return a function that has a `docker` command whose current context names an address."""

    def write(address: str) -> None:
        command = tmp_path / "docker"
        command.write_text(f'#!/bin/sh\n[ "$1 $2" = "context inspect" ] && echo {address}\n')
        command.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        monkeypatch.delenv("DOCKER_HOST", raising=False)

    return write


def test_the_engine_is_that_of_dockers_current_context(current_context):
    current_context("unix:///run/user/1000/docker.sock")

    assert engine_address() == "unix:///run/user/1000/docker.sock"


def test_the_variable_wins_over_the_context(current_context, monkeypatch):
    current_context("unix:///run/user/1000/docker.sock")
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:2375")

    assert engine_address() == "tcp://127.0.0.1:2375"


def test_without_a_docker_command_the_engine_is_at_its_usual_place(monkeypatch):
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")

    assert engine_address() == "unix:///var/run/docker.sock"


@pytest.mark.containers
def test_an_engine_of_a_context_answers(engine, current_context):
    current_context(os.environ["DOCKER_HOST"])

    with contextlib.closing(connect(engine_address(), timeout=10)) as client:
        assert client.ping()


def test_an_engine_that_is_not_there_is_told_in_a_sentence():
    with pytest.raises(EngineUnreachableError, match=r": No such file or directory\. Start Docker"):
        connect("unix:///nowhere/docker.sock", timeout=10)


def test_an_engine_that_refuses_is_told_in_a_sentence(refused_address):
    with pytest.raises(EngineUnreachableError, match=r": Connection refused\. Start Docker"):
        connect(f"tcp://{refused_address}", timeout=10)


def test_without_the_docker_package_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "docker", None)

    with pytest.raises(ImagesNotInstalledError, match=r"kfpkit\[images\]"):
        connect("unix:///nowhere/docker.sock", timeout=10)
