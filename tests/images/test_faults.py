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


@pytest.mark.parametrize(
    "said",
    [
        'name unknown: Repository "kfpkit" not found',
        "NAME_UNKNOWN: repository name not known to registry",
        "error parsing HTTP 404 response body: the repository kfpkit was not found",
    ],
)
def test_a_push_to_a_repository_that_does_not_exist_says_how_to_make_it(tiny, said):
    environment = find_environment(tiny(), "tiny")

    error = faults.push_fault(said, environment=environment, log=Path("log"))

    assert "Make its repository (Google Cloud: `gcloud artifacts repositories create" in str(error)
    assert "docker login" not in str(error)
    assert faults.is_missing(said)


def test_a_refused_push_says_that_the_repository_may_be_missing(tiny):
    said = 'denied: Permission "upload" denied on resource "kfpkit" (or it may not exist)'

    error = faults.push_fault(said, environment=find_environment(tiny(), "tiny"), log=Path("log"))

    assert "or its repository does not exist" in str(error)
    assert not faults.is_missing(said)
