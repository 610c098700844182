from pathlib import Path

import pytest

from kfpkit.environments import find_environment
from kfpkit.images import faults


@pytest.mark.parametrize(
    "said",
    [
        "denied: Permission denied for tests/tiny",
        "UNAUTHORIZED: authentication required",
        "unauthorized: Unauthenticated request",
        "no basic auth credentials",
        "error parsing HTTP 403 response body: Forbidden",
    ],
)
def test_a_push_that_is_not_let_in_says_how_to_log_in(tiny, said):
    environment = find_environment(tiny(), "tiny")

    error = faults.push_fault(said, environment=environment, log=Path("log"))

    assert "Log in with `docker login 127.0.0.1:9`" in str(error)
    assert faults.is_denied(said)
