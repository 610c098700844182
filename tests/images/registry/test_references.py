import pytest

from kfpkit.images.registry.references import host_of, newest_of, parse


@pytest.mark.parametrize(
    ("image", "host", "repository", "api"),
    [
        ("eu.pkg.dev/p/r/gcp:0a", "eu.pkg.dev", "p/r/gcp", "https://eu.pkg.dev/v2"),
        ("localhost:5000/gcp:0a", "localhost:5000", "gcp", "http://localhost:5000/v2"),
        ("127.0.0.1:5000/r/gcp:0a", "127.0.0.1:5000", "r/gcp", "http://127.0.0.1:5000/v2"),
        ("docker.io/me/gcp:0a", "docker.io", "me/gcp", "https://registry-1.docker.io/v2"),
    ],
)
def test_a_reference_has_a_host_a_repository_and_an_address(image, host, repository, api):
    found = parse(image)

    assert (found.host, found.repository, found.tag) == (host, repository, "0a")
    assert found.api == api
    assert str(found) == image


def test_a_first_part_without_a_dot_or_a_port_is_no_host():
    found = parse("kfpkit/gcp:0a")

    assert found.host == ""
    assert str(found) == "kfpkit/gcp:0a"


def test_a_digest_may_stand_in_the_place_of_the_tag():
    image = "localhost:5000/r/gcp@sha256:0a"
    found = parse(image)

    assert (found.host, found.repository, found.tag) == ("localhost:5000", "r/gcp", "sha256:0a")
    assert str(found) == image


def test_the_moving_tag_stands_beside_the_content_hashes():
    assert str(newest_of(parse("eu.pkg.dev/p/gcp:0a"))) == "eu.pkg.dev/p/gcp:newest"


@pytest.mark.parametrize(
    ("registry", "host"),
    [
        ("eu.pkg.dev/p/r", "eu.pkg.dev"),
        ("localhost", "localhost"),
        ("[::1]:5000/r", "[::1]:5000"),
        ("kfpkit", ""),
        ("me/kfpkit", ""),
    ],
)
def test_what_stands_before_the_names_of_images_has_a_host_or_none(registry, host):
    assert host_of(registry) == host
