"""Configuration files are found by their path, and among the files of a pipeline."""

from __future__ import annotations

import pytest

from kfpkit.configuration import find_configuration, list_configurations
from kfpkit.errors import MissingConfigError


@pytest.fixture
def pipeline(tmp_path):
    folder = tmp_path / "pipelines" / "training"
    (folder / "config").mkdir(parents=True)
    (folder / "pipeline.py").touch()
    return folder


def test_a_file_is_found_as_given_beside_the_pipeline_and_in_its_folder(
    tmp_path, pipeline, monkeypatch
):
    (pipeline / "local.yaml").touch()
    (pipeline / "config" / "dev.yaml").touch()
    (tmp_path / "other.yaml").touch()
    monkeypatch.chdir(tmp_path)
    relative = type(pipeline)("local.yaml")
    assert find_configuration(relative, pipeline) == pipeline / "local.yaml"
    assert find_configuration(relative, pipeline / "pipeline.py") == pipeline / "local.yaml"
    assert find_configuration(relative.with_name("other.yaml"), pipeline).samefile("other.yaml")
    dev = pipeline / "config" / "dev.yaml"
    assert find_configuration(relative.with_name("dev.yaml"), pipeline) == dev
    assert find_configuration(type(pipeline)("config/dev.yaml"), pipeline) == dev


def test_a_missing_file_is_refused_and_those_of_the_pipeline_named(pipeline):
    (pipeline / "local.yaml").touch()
    (pipeline / "config" / "dev.yaml").touch()
    with pytest.raises(MissingConfigError, match=r"`local\.yaml`, `config/dev\.yaml`"):
        find_configuration(pipeline / "locl.yaml", pipeline)


def test_files_beside_the_pipeline_are_configurations_by_their_keys(pipeline):
    files = {
        "local.yaml": "paramters: {}\n",
        "dev.yml": "caching: false\n",
        "broken.yaml": "parameters: {rows: 5\n",
        "schema.yaml": "columns: {parameters: {}}\n",
        "compiled.yaml": "components: {}\n---\nplatforms: {}\n",
        "config/prod.yaml": "anything: 1\n",
        "config/notes.txt": "parameters:\n",
    }
    for name, text in files.items():
        (pipeline / name).write_text(text)
    found = [file.relative_to(pipeline).as_posix() for file in list_configurations(pipeline)]
    assert found == ["broken.yaml", "dev.yml", "local.yaml", "config/prod.yaml"]
    assert list_configurations(pipeline / "pipeline.py") == list_configurations(pipeline)
