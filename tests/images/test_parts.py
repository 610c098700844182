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


def test_a_part_that_an_older_kfpkit_did_not_record_is_no_change():
    assert changes({"lock": "a"}, {"lock": "a", "kfp-runtime.txt": "b"}) == ()


def test_a_new_hash_of_kfps_runtime_is_a_change(tiny):
    project = tiny()
    before = find_environment(project, "tiny")
    was, old_hash = parts_of(before), before.content_hash
    own = project.environments / "kfp-runtime.txt"
    own.write_text(before.runtime_requirements.read_text().replace("sha256:", "sha256:0", 1))

    now = find_environment(project, "tiny")

    assert now.content_hash != old_hash
    assert changes(was, parts_of(now)) == ("kfp-runtime.txt",)


def test_another_base_image_is_a_change_with_both_names(tiny):
    project = tiny()
    was = parts_of(find_environment(project, "tiny"))
    file = project.environments / "tiny" / "pyproject.toml"
    file.write_text(f'{file.read_text()}base-image = "python:3@sha256:0a"\n')

    found = changes(was, parts_of(find_environment(project, "tiny")))

    assert found == (f"base image ({was['base image']} → python:3@sha256:0a)", "pyproject.toml")


def test_labels_carry_the_parts(tiny):
    environment = find_environment(tiny(), "tiny")

    labels = labels_of(environment, base_image="mirror/python:3")

    assert recorded_parts(labels) == parts_of(environment)
    assert labels["org.opencontainers.image.base.name"] == "mirror/python:3"
    assert "org.opencontainers.image.base.digest" not in labels


def test_labels_carry_the_digest_of_a_base_image_that_is_named_by_it(tiny):
    environment = find_environment(tiny(), "tiny")

    labels = labels_of(environment, base_image="python:3@sha256:0a")

    assert labels["org.opencontainers.image.base.name"] == "python:3@sha256:0a"
    assert labels["org.opencontainers.image.base.digest"] == "sha256:0a"


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
