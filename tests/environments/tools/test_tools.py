"""Tools run the same whatever the caller's shell is set to."""

from __future__ import annotations

import sys

import pytest

from kfpkit.environments.tools import tools
from kfpkit.errors import ToolError, UvNotInstalledError


@pytest.mark.parametrize(
    "name",
    [
        "PYTHONPATH",
        "PYTHONDONTWRITEBYTECODE",
        "VIRTUAL_ENV",
        "CONDA_PREFIX",
        "PIP_TARGET",
        "UV_SYSTEM_PYTHON",
        "UV_NO_BINARY",
        "UV_PYTHON",
        "POETRY_VIRTUALENVS_CREATE",
    ],
)
def test_settings_that_change_what_is_installed_are_left_out(name):
    assert tools.clean_environ({name: "1"}) == {}


@pytest.mark.parametrize(
    "name",
    [
        "UV_DEFAULT_INDEX",
        "UV_INDEX_TEAM_PASSWORD",
        "UV_CACHE_DIR",
        "UV_OFFLINE",
        "UV_PYTHON_DOWNLOADS",
        "POETRY_PYPI_MIRROR_URL",
        "POETRY_HTTP_BASIC_TEAM_USERNAME",
        "HTTPS_PROXY",
        "SSL_CERT_FILE",
        "PATH",
        "HOME",
    ],
)
def test_settings_of_indexes_proxies_and_certificates_are_kept(name):
    assert tools.clean_environ({name: "1"}) == {name: "1"}


def test_without_uv_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "uv", None)

    with pytest.raises(UvNotInstalledError, match=r"pip install 'kfpkit\[local\]'"):
        tools.find_uv()


def test_a_tool_that_fails_is_told_with_its_last_lines(tmp_path):
    script = "import sys; print('first', *range(20), 'last', sep='\\n'); sys.exit(2)"

    with pytest.raises(ToolError) as raised:
        tools.run(
            [sys.executable, "-c", script], environment="tiny", folder=tmp_path, doing="install"
        )

    assert raised.value.problem == "The environment `tiny`: kfpkit could not install"
    assert raised.value.tail.splitlines() == [*map(str, range(9, 20)), "last"]
