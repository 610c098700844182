"""Compiled pipelines in Artifact Registry, with kfp's own client and kfpkit's."""

from __future__ import annotations

import hashlib
import json

import pytest
import requests

HOST = "europe-west4-kfp.pkg.dev"

pytestmark = pytest.mark.slow

CLIENT = """
import json, sys
from pathlib import Path

import requests
from kfp.registry import RegistryClient

first, second = map(Path, sys.argv[1:])
client = RegistryClient(host="https://europe-west4-kfp.pkg.dev/my-project/pipelines")
package, version = client.upload_pipeline(str(first), tags=["latest", "v1"])
assert client.upload_pipeline(str(first)) == (package, version)
assert client.upload_pipeline(str(second), tags="latest")[0] == package
later = client.get_tag(package, "latest")["version"].rpartition("/")[2]
assert later != version

for options, expected in (
    ({"version": version}, first), ({"tag": "v1"}, first), ({"tag": "latest"}, second)
):
    file = client.download_pipeline(package, file_name="downloaded.yaml", **options)
    assert Path(file).read_bytes() == expected.read_bytes(), options

place = "projects/my-project/locations/europe-west4/repositories/pipelines"
assert client.get_package(package)["name"] == f"{place}/packages/{package}"
assert package in [each["name"].rpartition("/")[2] for each in client.list_packages()]
found = client.get_version(package, version)
assert found["name"] == f"{place}/packages/{package}/versions/{version}"
assert [each["name"].rpartition("/")[2] for each in found["relatedTags"]] == ["v1"]
assert {each["name"].rpartition("/")[2] for each in client.list_versions(package)} == {
    version, later
}
client.create_tag(package, version, "stable")
client.update_tag(package, later, "stable")
assert client.get_tag(package, "stable")["version"].endswith(later)
assert sorted(each["name"].rpartition("/")[2] for each in client.list_tags(package)) == [
    "latest", "stable", "v1"
]
client.delete_tag(package, "stable")
try:
    client.get_tag(package, "stable")
except requests.HTTPError as error:
    assert error.response.status_code == 404
try:
    client.delete_version(package, version)
except requests.HTTPError as error:
    assert error.response.status_code == 400  # it has a tag
client.delete_tag(package, "v1")
assert client.delete_version(package, version) is True
assert len(client.list_versions(package)) == 1
assert client.delete_package(package) is True
assert package not in [each["name"].rpartition("/")[2] for each in client.list_packages()]
print(json.dumps([package, version]))
"""
SUBMISSION = """
import sys
from google.cloud import aiplatform

aiplatform.init(project="my-project", location="europe-west4")
job = aiplatform.PipelineJob(
    display_name="from a registry", template_path=sys.argv[1], pipeline_root="gs://b/root",
    parameter_values={"word": "registry"},
)
job.submit()
job.wait()
print(job.gca_resource.template_uri, job.gca_resource.template_metadata.version)
"""


@pytest.fixture
def upload(address):
    """Return a function that uploads a file over plain HTTP."""

    def send(content, tags="", code=200, repository="files"):
        form = {"tags": (None, tags), "content": ("x.yaml", content)}
        url = f"{address}/my-project/{repository}"
        answer = requests.post(url, files=form, headers={"Host": HOST}, timeout=20)
        assert answer.status_code == code, answer.text
        return answer.text

    return send


def test_the_client_of_kfp_works_as_it_stands(run_client, compiled, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    other = tmp_path / "other.yaml"
    other.write_bytes(compiled.read_bytes() + b"# another version\n")
    done = run_client(CLIENT, str(compiled), str(other))
    assert done.returncode == 0, done.stderr
    digest = hashlib.sha256(compiled.read_bytes()).hexdigest()
    assert json.loads(done.stdout) == ["letters", f"sha256:{digest}"]


def test_the_official_client_submits_what_a_registry_has(run_client, compiled, upload):
    version = upload(compiled.read_bytes(), repository="submitted")
    uri = f"https://{HOST}/my-project/submitted/{version}"
    done = run_client(SUBMISSION, uri)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"{uri} {version.partition('/')[2]}"


@pytest.mark.parametrize(
    "content",
    [
        "pipelineInfo:\n  description: |-\n    name: other\n  name: 'quoted'\nroot: {}\n",
        '{"pipelineInfo": {"name": "quoted"}}',
        "# PIPELINE DEFINITION\npipelineInfo:\n  name: quoted\n",
        "pipelineInfo:\r\n  name: quoted\r\n",
    ],
)
def test_the_package_is_the_pipeline(upload, content):
    digest = hashlib.sha256(content.encode()).hexdigest()
    assert upload(content.encode()) == f"quoted/sha256:{digest}"


@pytest.mark.parametrize("content", [b"", b"rows: 3\n", b"pipelineInfo:\nname: x\n", b"\xff", b"{"])
def test_what_is_no_pipeline_is_refused(upload, content):
    assert "not a compiled pipeline" in upload(content, code=400)


def test_a_file_is_kept_byte_for_byte(upload, address):
    content = "pipelineInfo:\n  name: bytes\n# \r\n\r\n--é\x00\n".encode()
    version = upload(content, tags="a, b")
    for place in (version, "bytes/a", "bytes/b"):
        url = f"{address}/my-project/files/{place}"
        answer = requests.get(url, headers={"Host": HOST}, timeout=20)
        assert answer.content == content


def test_a_tag_with_other_characters_is_refused_and_nothing_is_stored(upload, address):
    assert "Invalid tag" in upload(b"pipelineInfo:\n  name: nothing\n", tags="a/b", code=400)
    url = f"{address}/my-project/files/nothing/a"
    assert requests.get(url, headers={"Host": HOST}, timeout=20).status_code == 404


def test_other_methods_of_the_service_are_named(address):
    place = "projects/p/locations/europe-west4/repositories/r"
    headers = {"Host": "artifactregistry.googleapis.com"}
    for path in (place, f"{place}/npmPackages"):
        answer = requests.get(f"{address}/v1/{path}", headers=headers, timeout=20)
        assert answer.status_code == 501
        assert "Not emulated" in answer.json()["error"]["message"]
