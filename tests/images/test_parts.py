import json
from pathlib import Path

from kfpkit.config import find_project
from kfpkit.environments import find_environment
from kfpkit.environments.environment import PACKAGED_DOCKERFILE
from kfpkit.images.parts import changes, labels_of, parts_of, recorded_parts


def test_changes_are_told_by_part_and_short_ones_with_their_values():
    before = {"Python": "3.11", "lock": "a", "Dockerfile": "b"}
    now = {"Python": "3.12", "lock": "a", "Dockerfile": "c"}

    assert changes(before, now) == ("Python (3.11 → 3.12)", "Dockerfile")


def test_labels_carry_the_parts(tiny):
    environment = find_environment(tiny(), "tiny")

    labels = labels_of(environment, base_image="mirror/python:3")

    assert recorded_parts(labels) == parts_of(environment)
    assert labels["org.opencontainers.image.base.name"] == "mirror/python:3"


def test_labels_of_others_tell_nothing():
    assert recorded_parts({}) == {}
    assert recorded_parts({"dev.kfpkit.parts": "no JSON"}) == {}
    assert recorded_parts({"dev.kfpkit.parts": json.dumps([1])}) == {}


def test_a_projects_own_dockerfile_comes_before_the_one_that_kfpkit_brings(tiny):
    project = tiny()
    environment = find_environment(project, "tiny")
    before = environment.content_hash
    assert environment.dockerfile == PACKAGED_DOCKERFILE

    own = project.environments / "Dockerfile"
    own.write_text("FROM scratch\n")

    changed = find_environment(project, "tiny")
    assert changed.dockerfile == own
    assert changed.content_hash != before


def test_the_repository_has_no_other_dockerfile_than_the_one_that_kfpkit_brings():
    environment = find_environment(find_project(Path(__file__)), "gcp")

    assert environment.dockerfile == PACKAGED_DOCKERFILE
