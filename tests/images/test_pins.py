"""Images by digest, of the project's environments and no others."""

from __future__ import annotations

import json

import pytest
from images.small_environments import environment_files

from kfpkit.environments import find_environment
from kfpkit.errors import ForeignImageError, NoRegistryError, UnpushedImageError
from kfpkit.images import fetch_pins, fetch_tag
from kfpkit.images.labels import HASH_LABEL

DIGEST = "sha256:" + "1" * 64
NAMES = ("one", "two")


@pytest.fixture
def several(tiny, serve):
    """Return a function that writes a project whose registry has images with these labels."""

    def write(labels: dict[str, str]):
        def answer(request) -> None:
            name = request.path.split("/")[3]
            config = json.dumps({"config": {"Labels": {HASH_LABEL: labels.get(name)}}}).encode()
            manifest = {"config": {"digest": DIGEST, "size": 1}, "layers": []}
            is_config = "/blobs/" in request.path
            body = config if is_config else json.dumps(manifest).encode()
            request.send(200 if name in labels else 404, body, Docker_Content_Digest=DIGEST)

        files = environment_files("one") | environment_files("two")
        return tiny(f"{serve(answer)}/tests", files=files)

    return write


def images_of(project) -> list[str]:
    return [find_environment(project, name).image for name in NAMES]


def test_images_of_environments_have_pins_and_others_have_none(several):
    labels: dict[str, str] = {}
    project = several(labels)
    labels |= {name: find_environment(project, name).content.hash for name in NAMES}
    images = images_of(project)

    pins = fetch_pins(project, [*images, *images, "python:3.11"])

    assert pins == {
        image: f"{project.registry}/{name}@{DIGEST}"
        for name, image in zip(NAMES, images, strict=True)
    }
    assert [fetch_tag(pin) for pin in pins.values()] == images


def test_all_images_that_are_missing_are_named(several):
    project = several({})
    images = images_of(project)

    with pytest.raises(UnpushedImageError, match="kfpkit env build one two --push") as caught:
        fetch_pins(project, images)
    assert caught.value.images == tuple(images)


def test_a_tag_that_names_another_image_has_no_pin(several):
    project = several({"one": "0000", "two": "0000"})

    with pytest.raises(ForeignImageError, match="Delete this tag in the registry"):
        fetch_pins(project, images_of(project))


def test_a_project_without_a_registry_has_no_pins(tiny):
    with pytest.raises(NoRegistryError, match="has no host"):
        fetch_pins(tiny("kfpkit"), [])


def test_an_image_of_this_machine_has_no_tag_to_ask_for():
    assert fetch_tag(f"kfpkit/tiny@{DIGEST}") is None
