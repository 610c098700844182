"""What uv and Poetry said last, on real failures, and what is made of it."""

from __future__ import annotations

import pytest

from kfpkit.environments.tools.faults import make_tool_error
from kfpkit.errors import (
    DependencyConflictError,
    DiskFullError,
    HashMismatchError,
    IndexUnreachableError,
    ToolError,
    WheelMissingError,
)

UV_REFUSED = """\
error: Failed to fetch: http://127.0.0.1:9/simple/six/
  cause: error sending request for url (http://127.0.0.1:9/simple/six/)
  cause: client error (Connect)
  cause: tcp connect error
  cause: Connection refused (os error 111)
"""
UV_UNANSWERED = """\
error: Failed to fetch: http://127.0.0.1:9/simple/six/
  cause: error sending request for url (http://127.0.0.1:9/simple/six/)
  cause: operation timed out
"""
UV_OFFLINE = """\
error: No solution found when resolving dependencies
  cause: Because six was not found in the cache and you require six==1.17.0, we can conclude that \
your requirements are unsatisfiable.

hint: Packages were unavailable because the network was disabled. When the network is disabled, \
registry packages may only be read from the cache.
"""
UV_UNAUTHORISED = """\
error: No solution found when resolving dependencies
  cause: Because six was not found in the package registry and you require six==1.17.0, we can \
conclude that your requirements are unsatisfiable.

hint: An index URL (http://127.0.0.1:9/simple) could not be queried due to a lack of valid \
authentication credentials (401 Unauthorized)
"""
UV_FORBIDDEN = """\
error: No solution found when resolving dependencies
  cause: Because six was not found in the package registry and you require six==1.17.0, we can \
conclude that your requirements are unsatisfiable.

hint: An index (http://127.0.0.1:9/simple) returned a 403 Forbidden error. Check that the index \
URL is correct and the credentials are valid.
"""
UV_NO_WHEEL = """\
error: No solution found when resolving dependencies
  cause: Because numpy==1.21.0 has no usable wheels and you require numpy==1.21.0, we can conclude \
that your requirements are unsatisfiable.

hint: Wheels are required for `numpy` because building from source is disabled for all packages \
(i.e., with `--no-build`)
"""
UV_HASH = """\
error: Failed to download `six==1.17.0`
  cause: Hash mismatch for `six==1.17.0`

         Expected:
           sha256:0000000000000000000000000000000000000000000000000000000000000000

         Computed:
           sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274
"""
UV_DISK_FULL = """\
error: Failed to download `numpy==2.4.6`
  cause: Failed to extract archive: numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl
  cause: I/O operation failed during extraction
  cause: failed to write to file `/cache/_tests.so`: No space left on device (os error 28)
"""
UV_UNKNOWN_VERSION = """\
error: No solution found when resolving dependencies
  cause: Because there is no version of google-cloud-bigquery-connection==0.0.1 and you require \
google-cloud-bigquery-connection==0.0.1, we can conclude that your requirements are unsatisfiable.
"""
UV_NO_FOLDER = """\
error: Failed to read `--find-links` directory: /home/ada/no wheels here
  cause: No such file or directory (os error 2)
"""
POETRY = "Updating dependencies\nResolving dependencies...\n\n"
POETRY_REFUSED = f"""{POETRY}\
All attempts to connect to 127.0.0.1:9 failed.

Probable Causes:
    - the server is not responding to requests at the moment
    - the hostname cannot be resolved by your DNS
    - your network is not connected to the internet

You can also run your poetry command with -v to see more information.
"""
POETRY_FORBIDDEN = f"""{POETRY.rstrip()}
Source (PyPI): Authorization error accessing http://127.0.0.1:9/simple/six/

Because tiny-environment depends on six (*) which doesn't match any versions, version solving \
failed.
"""
POETRY_SERVER_FAULT = f"""{POETRY}\
500 Server Error: Internal Server Error for url: http://127.0.0.1:9/simple/six/
"""
POETRY_NO_JSON = f"{POETRY}Expecting value: line 1 column 1 (char 0)\n"
POETRY_UNKNOWN = f"""{POETRY}\
Because tiny-environment depends on google-cloud-bigquery-connection (>=99) which doesn't match \
any versions, version solving failed.
"""
POETRY_CONFLICT = f"""{POETRY}\
Because tiny-environment depends on pandas (2.2.2) which depends on numpy (>=1.23.2), numpy is \
required.
So, because tiny-environment depends on numpy (<1.20), version solving failed.
"""


@pytest.mark.parametrize(
    ("said", "kind", "remedy"),
    [
        pytest.param(UV_REFUSED, IndexUnreachableError, "`UV_DEFAULT_INDEX`", id="uv: refused"),
        pytest.param(UV_UNANSWERED, IndexUnreachableError, "Check the network", id="uv: no answer"),
        pytest.param(UV_OFFLINE, IndexUnreachableError, "Check the network", id="uv: offline"),
        pytest.param(
            UV_UNAUTHORISED, IndexUnreachableError, "package index", id="uv: unauthorised"
        ),
        pytest.param(UV_FORBIDDEN, IndexUnreachableError, "package index", id="uv: forbidden"),
        pytest.param(UV_NO_WHEEL, WheelMissingError, "`kfpkit env lock tiny`", id="uv: no wheel"),
        pytest.param(UV_HASH, HashMismatchError, "do not trust it", id="uv: hash"),
        pytest.param(UV_DISK_FULL, DiskFullError, "`UV_CACHE_DIR`", id="uv: full disk"),
        pytest.param(UV_UNKNOWN_VERSION, ToolError, "env check tiny", id="uv: unknown version"),
        pytest.param(UV_NO_FOLDER, ToolError, "env check tiny", id="uv: no folder"),
        pytest.param(POETRY_REFUSED, IndexUnreachableError, "Check the", id="Poetry: refused"),
        pytest.param(POETRY_FORBIDDEN, IndexUnreachableError, "Check", id="Poetry: forbidden"),
        pytest.param(POETRY_SERVER_FAULT, IndexUnreachableError, "Check", id="Poetry: HTTP 500"),
        pytest.param(POETRY_NO_JSON, IndexUnreachableError, "POETRY_PYPI", id="Poetry: no JSON"),
        pytest.param(POETRY_UNKNOWN, DependencyConflictError, "name", id="Poetry: unknown version"),
        pytest.param(POETRY_CONFLICT, DependencyConflictError, "versions", id="Poetry: conflict"),
    ],
)
def test_the_last_words_of_a_tool_decide_the_error(said, kind, remedy):
    fault = make_tool_error(said, environment="tiny", doing="install its locked packages")

    assert type(fault) is kind
    assert "environment `tiny`" in str(fault).splitlines()[0]
    assert remedy in str(fault).splitlines()[-1]


def test_a_conflict_names_the_environment_and_what_collides():
    fault = make_tool_error(POETRY_CONFLICT, environment="tiny", doing="lock its dependencies")

    assert fault.tail == (
        "Because `tiny` depends on pandas (2.2.2) which depends on numpy (>=1.23.2), numpy is "
        "required. So, because `tiny` depends on numpy (<1.20), version solving failed."
    )


@pytest.mark.parametrize(
    "said",
    [UV_REFUSED, UV_NO_WHEEL, UV_HASH, UV_DISK_FULL, UV_UNKNOWN_VERSION],
    ids=["refused", "no wheel", "hash", "full disk", "unknown version"],
)
def test_what_concerns_no_environment_names_no_command_for_one(said):
    fault = make_tool_error(said, environment=None, doing="fetch the installer for images")

    assert str(fault).startswith("kfpkit could not fetch the installer for images:\n")
    assert "kfpkit env" not in str(fault)
    assert str(fault).splitlines()[-1].endswith(".")
