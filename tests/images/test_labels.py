"""The labels of an image."""

from __future__ import annotations

import json
import subprocess

from kfpkit.environments import find_environment
from kfpkit.images.base import BaseImage
from kfpkit.images.labels import make_labels, read_parts


def base(name: str, digest: str = "") -> BaseImage:
    return BaseImage(name=name, digest=digest, source=name)


def test_labels_carry_the_parts(tiny):
    environment = find_environment(tiny(), "tiny")

    labels = make_labels(environment, base=base("mirror/python:3"))

    assert read_parts(labels) == environment.content.parts
    assert labels["org.opencontainers.image.base.name"] == "mirror/python:3"
    assert "org.opencontainers.image.base.digest" not in labels


def test_labels_name_the_environment_and_its_commit_as_registries_show_them(tiny):
    project = tiny()
    environment = find_environment(project, "tiny")
    git = ["git", "-C", project.root, "-c", "user.name=t", "-c", "user.email=t@localhost"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "All"]):
        subprocess.run([*git, *command], check=True)
    asked = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)

    labels = make_labels(environment, base=base("python:3"))

    assert labels["org.opencontainers.image.title"] == "tiny"
    assert labels["org.opencontainers.image.revision"] == asked.stdout.strip()
    assert labels["dev.kfpkit.environment"] == "tiny"
    assert labels["dev.kfpkit.kfp-version"] == environment.content.runtime.version


def test_labels_carry_the_digest_of_the_base_image(tiny):
    environment = find_environment(tiny(), "tiny")

    labels = make_labels(environment, base=base("python:3", digest="sha256:0a"))

    assert labels["org.opencontainers.image.base.name"] == "python:3"
    assert labels["org.opencontainers.image.base.digest"] == "sha256:0a"


def test_labels_of_others_tell_nothing():
    assert read_parts({}) == {}
    assert read_parts({"dev.kfpkit.parts": "no JSON"}) == {}
    assert read_parts({"dev.kfpkit.parts": json.dumps([1])}) == {}
