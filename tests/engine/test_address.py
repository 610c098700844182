"""Finding the container engine."""

from __future__ import annotations

import os

import pytest

from kfpkit.engine import locate_engine

ADDRESS = "unix:///run/user/1000/docker.sock"


@pytest.fixture
def _context(tmp_path, monkeypatch):
    """Have a `docker` command whose current context names an address."""
    command = tmp_path / "docker"
    command.write_text(f'#!/bin/sh\n[ "$1 $2" = "context inspect" ] && echo {ADDRESS}\n')
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("DOCKER_HOST", raising=False)


@pytest.mark.usefixtures("_context")
def test_the_engine_is_that_of_dockers_current_context():
    assert locate_engine() == ADDRESS


@pytest.mark.usefixtures("_context")
def test_the_variable_wins_over_the_context(monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:2375")

    assert locate_engine() == "tcp://127.0.0.1:2375"


def test_without_a_docker_command_the_engine_is_at_its_usual_place(monkeypatch):
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")

    assert locate_engine() == "unix:///var/run/docker.sock"
