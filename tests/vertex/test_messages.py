"""Vertex AI's messages and methods are the official client's, and need none of it."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from google.cloud import aiplatform_v1

from kfpkit.vertex import find_message, find_method, list_methods, parse_message, print_message
from kfpkit.vertex import messages as package
from kfpkit.vertex.extraction import extract_descriptors, extract_methods

FOLDER = Path(package.__file__).parent
JOB = {
    "displayName": "churn",
    "pipelineSpec": {"root": {"dag": {}}},
    "runtimeConfig": {"failurePolicy": 2, "parameterValues": {"rows": 3, "none": None}},
    "state": 4,
    "createTime": "2026-01-01T00:00:00Z",
}
SNAKE_CASE = {
    "display_name": "churn",
    "pipeline_spec": {"root": {"dag": {}}},
    "runtime_config": {
        "failure_policy": "PIPELINE_FAILURE_POLICY_FAIL_FAST",
        "parameter_values": {"rows": 3, "none": None},
    },
    "state": "PIPELINE_STATE_SUCCEEDED",
    "create_time": "2026-01-01T00:00:00Z",
}
FOREIGN = """\
import sys
sys.path.insert(0, sys.argv[1])
import messages
job = messages.parse_message("PipelineJob", {"displayName": "churn"})
used = [name for name in sys.modules if name.split(".")[0] in {"kfpkit", "kfp", "proto", "grpc"}]
print(messages.print_message(job), messages.find_method("GetPipelineJob").verb, used)
"""


def test_the_messages_are_those_of_the_installed_client():
    advice = "the client has changed; run `make vertex-messages`"
    assert (FOLDER / "descriptors.binpb").read_bytes() == extract_descriptors(), advice


def test_the_methods_are_those_of_the_installed_client():
    advice = "the client has changed; run `make vertex-messages`"
    assert json.loads((FOLDER / "methods.json").read_text()) == extract_methods(), advice


def test_both_spellings_of_keys_and_enums_are_read():
    assert parse_message("PipelineJob", JOB) == parse_message("PipelineJob", json.dumps(SNAKE_CASE))


def test_a_message_is_written_with_names_or_numbers():
    job = parse_message("PipelineJob", JOB)
    assert print_message(job)["state"] == "PIPELINE_STATE_SUCCEEDED"
    assert print_message(job, numbers=True)["state"] == 4
    assert print_message(job, snake_case=True)["display_name"] == "churn"


def test_the_official_client_reads_what_is_written():
    job = parse_message("PipelineJob", JOB)
    read = aiplatform_v1.PipelineJob.from_json(json.dumps(print_message(job)))
    assert (read.display_name, read.state.name) == ("churn", "PIPELINE_STATE_SUCCEEDED")
    assert aiplatform_v1.PipelineJob.serialize(read) == job.SerializeToString()


def test_an_unknown_field_is_refused_unless_a_newer_service_may_send_it():
    with pytest.raises(ValueError, match="dispayName"):
        parse_message("PipelineJob", {"dispayName": "churn"})
    assert not parse_message("PipelineJob", {"later": 1}, ignore_unknown=True).display_name


def test_what_is_not_json_is_refused():
    with pytest.raises(ValueError, match="Expecting value"):
        parse_message("PipelineJob", b"<html>")


def test_an_operation_holds_a_message_of_any_type():
    response = {
        "@type": "type.googleapis.com/google.cloud.aiplatform.v1.Model",
        "displayName": "churn",
    }
    operation = parse_message("google.longrunning.Operation", {"done": True, "response": response})
    assert print_message(operation)["response"] == response


def test_every_method_has_messages():
    for method in list_methods():
        assert find_message(method.request).DESCRIPTOR.full_name == method.request
        assert find_message(method.response).DESCRIPTOR.full_name == method.response


def test_a_method_has_its_address_over_both_transports():
    method = find_method("CreatePipelineJob")
    assert method.path == "/google.cloud.aiplatform.v1.PipelineService/CreatePipelineJob"
    assert (method.verb, method.body) == ("POST", "pipeline_job")
    parent = {"parent": "projects/p/locations/europe-west4"}
    assert method.expand(parent) == "/v1/projects/p/locations/europe-west4/pipelineJobs"


def test_a_path_has_the_fields_of_its_method_only():
    name = "projects/example.com:p/locations/l/pipelineJobs/churn"
    assert find_method("CancelPipelineJob").match(f"/v1/{name}:cancel") == {"name": name}
    assert find_method("GetPipelineJob").match(f"/v1/{name}") == {"name": name}
    assert find_method("GetPipelineJob").match(f"/v1/{name}:cancel") is None
    assert find_method("GetPipelineJob").match(f"/v1/{name}/more") is None


@pytest.mark.parametrize("name", ["", "churn", "projects/p/locations/l/pipelineJobs/a/b"])
def test_an_address_with_a_wrong_name_is_refused(name):
    with pytest.raises(ValueError, match=r"`name` of GetPipelineJob is .* must have the form"):
        find_method("GetPipelineJob").expand({"name": name})


def test_a_process_without_kfpkit_imports_the_folder():
    command = [sys.executable, "-I", "-c", FOREIGN, str(FOLDER.parent)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "{'displayName': 'churn'} GET []\n"


def test_the_folder_imports_only_the_standard_library_and_protobuf():
    nodes = [node for file in FOLDER.glob("*.py") for node in ast.walk(ast.parse(file.read_text()))]
    plain = [each.name for node in nodes if isinstance(node, ast.Import) for each in node.names]
    froms = [node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level]
    assert not [node for node in nodes if isinstance(node, ast.ImportFrom) and node.level > 1]
    assert {
        name
        for name in (*plain, *froms)
        if name.split(".")[0] not in sys.stdlib_module_names and name != "google.protobuf"
    } == {"google.protobuf.descriptor_pool", "google.protobuf.message"}
