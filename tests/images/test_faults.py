import contextlib
from pathlib import Path

import pytest

from kfpkit.engine import Engine
from kfpkit.environments import find_environment
from kfpkit.errors import (
    BaseImageError,
    BasePythonError,
    BuildMemoryError,
    BuildNetworkError,
    EmulationMissingError,
    EngineStoppedError,
    ImageBuildError,
    ImageDiskFullError,
    PackageHashError,
    SystemPackageError,
)
from kfpkit.images import faults

# What newer builders write than the one that tests have.
OUTPUTS = Path(__file__).with_name("buildkit")


def fault_of(said: str, environment) -> ImageBuildError:
    return faults.make_build_error(
        said, environment=environment, base="python:3.11", log=Path("log")
    )


@pytest.mark.parametrize(
    ("output", "kind"),
    [
        ("base-missing", BaseImageError),
        ("base-login", BaseImageError),
        ("base-unreachable", BaseImageError),
        ("hash", PackageHashError),
        ("python", BasePythonError),
        ("debian", SystemPackageError),
        ("disk", ImageDiskFullError),
        ("processor", EmulationMissingError),
        ("engine", EngineStoppedError),
        ("bridge", BuildNetworkError),
        ("bridge-20", BuildNetworkError),
        ("network", BuildNetworkError),
        ("memory", BuildMemoryError),
        ("memory-cgroup", BuildMemoryError),
        ("unknown", ImageBuildError),
    ],
)
def test_the_output_of_a_newer_builder_tells_the_reason(tiny, output, kind):
    said = (OUTPUTS / f"{output}.txt").read_text()

    assert type(fault_of(said, find_environment(tiny(), "tiny"))) is kind


def test_a_debian_package_that_does_not_configure_is_no_fault_of_the_base_image(tiny):
    said = (
        "#16 34.55 dpkg: error processing package openjdk-17-jre-headless:amd64 (--configure):\n"
        "#16 35.58 E: Sub-process /usr/bin/dpkg returned an error code (1)\n"
    )

    assert type(fault_of(said, find_environment(tiny(), "tiny"))) is SystemPackageError


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("unknown", "thread 'main' panicked\nexit code: 101"),
        ("python", "kfpkit: the base image has Python 3.12, not 3.11\nexit code: 1"),
        (
            "debian",
            "Reading package lists...\nE: Unable to locate package no-such-package\nexit code: 100",
        ),
        ("bridge", "network bridge not found"),
        ("bridge-20", "network bridge not found"),
        ("memory", "Killed\nexit code: 137"),
        ("memory-cgroup", "cannot allocate memory"),
    ],
)
def test_of_a_builders_output_only_what_the_step_wrote_and_its_end_are_shown(tiny, output, told):
    said = (OUTPUTS / f"{output}.txt").read_text()

    assert fault_of(said, find_environment(tiny(), "tiny")).tail == told


def test_an_engine_without_a_bridge_is_remedied_by_the_machines_network(tiny):
    said = (OUTPUTS / "bridge.txt").read_text()

    error = fault_of(said, find_environment(tiny(), "tiny"))

    assert "provides no network to the build" in str(error)
    assert "`kfpkit env build tiny --network host`" in str(error)


def test_a_network_that_does_not_exist_is_not_remedied_by_the_same_option(tiny):
    said = (OUTPUTS / "network.txt").read_text()

    error = fault_of(said, find_environment(tiny(), "tiny"))

    assert 'network mode "backbone" not supported' in error.tail
    assert "Use `host`, `none` or `default`" in str(error)


@pytest.mark.containers
def test_what_an_answering_engine_refuses_is_shown_in_its_words(tiny, engine):
    environment = find_environment(tiny(), "tiny")
    with contextlib.closing(Engine()) as own:
        with pytest.raises(own.faults) as refused:
            own.tag("kfpkit-tests/no-such:1", "kfpkit-tests/other", "1")

        error = faults.make_engine_error(
            own, refused.value, environment=environment, log=Path("log")
        )

    assert type(error) is ImageBuildError
    assert error.tail == "No such image: kfpkit-tests/no-such:1"


@pytest.fixture
def broken_login(tmp_path, monkeypatch):
    """Let Docker's configuration name a credential helper that is missing."""
    (tmp_path / "config.json").write_text('{"credsStore": "no-such"}')
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))


@pytest.mark.usefixtures("broken_login")
@pytest.mark.parametrize("output", ["base-login", "base-missing"])
def test_a_missing_credential_helper_is_the_reason_for_a_base_image_that_is_refused(tiny, output):
    said = (OUTPUTS / f"{output}.txt").read_text()

    error = fault_of(said, find_environment(tiny(), "tiny"))

    assert "`docker-credential-no-such`" in error.tail.splitlines()[-1]
    assert "Install it, or remove it from that file" in str(error)


@pytest.mark.usefixtures("broken_login")
@pytest.mark.parametrize("said", ["no basic auth credentials", "Credentials store error: no-such"])
def test_a_missing_credential_helper_is_the_reason_for_a_push_that_is_refused(tiny, said):
    environment = find_environment(tiny(), "tiny")

    error = faults.make_push_error(said, environment=environment, log=Path("log"))

    assert "`docker-credential-no-such`" in error.tail.splitlines()[-1]
    assert "Install it, or remove it from that file" in str(error)


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

    error = faults.make_push_error(said, environment=environment, log=Path("log"))

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

    error = faults.make_push_error(said, environment=environment, log=Path("log"))

    assert "Create its repository (Google Cloud: `gcloud artifacts repositories create" in str(
        error
    )
    assert "docker login" not in str(error)
    assert faults.is_missing(said)


def test_a_refused_push_says_that_the_repository_may_be_missing(tiny):
    said = 'denied: Permission "upload" denied on resource "kfpkit" (or it may not exist)'

    error = faults.make_push_error(
        said, environment=find_environment(tiny(), "tiny"), log=Path("log")
    )

    assert "If the repository does not exist" in str(error)
    assert not faults.is_missing(said)
