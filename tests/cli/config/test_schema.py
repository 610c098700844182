from __future__ import annotations

import json


def test_each_pipeline_has_a_schema_with_its_parameters(kfpkit, tmp_path):
    done = kfpkit("schema")
    assert done.returncode == 0, done.stderr
    files = [line for line in done.stdout.splitlines() if line != "loaded"]
    assert files == [".kfpkit/schemas/one.json", ".kfpkit/schemas/two.json"]
    schema = json.loads((tmp_path / "project" / files[0]).read_text(encoding="utf-8"))
    assert schema["title"] == "The configuration of the pipeline `one`"
    assert schema["description"] == "Count rows."
    assert schema["properties"]["max_parallel"]["description"].endswith("For runs on this machine.")


def test_a_schema_can_be_written_to_a_file(kfpkit, tmp_path):
    done = kfpkit("schema", "pipelines/two", "--output", "editors/two.json", "--json")
    assert json.loads(done.stdout) == [{"source": "pipelines/two", "file": "editors/two.json"}]
    assert (tmp_path / "project" / "editors" / "two.json").is_file()


def test_two_schemas_in_one_file_are_refused(kfpkit):
    done = kfpkit("schema", "-o", "one.json")
    assert done.returncode == 2
    assert "would both be written to one.json" in done.stderr


def test_a_destination_that_cannot_be_written_is_refused(kfpkit):
    done = kfpkit("schema", "pipelines/two", "-o", "pyproject.toml/two.json")
    assert done.returncode == 1
    assert "error: The schema cannot be written to pyproject.toml/two.json: " in done.stderr
