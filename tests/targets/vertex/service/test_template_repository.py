"""Compiled pipelines are uploaded to Artifact Registry, and named by their digests."""

import pytest
from vertex_server import make_error

from kfpkit.errors import MissingResourceError, PermissionDeniedError, TemplateDigestError
from kfpkit.targets.template import read_template
from kfpkit.targets.vertex.service import upload_template

REPOSITORY = "https://europe-west4-kfp.pkg.dev/my-project/pipelines"
UPLOAD = ("POST", "/my-project/pipelines")


@pytest.fixture
def template(compiled):
    return read_template(compiled.read_text())


@pytest.fixture
def upload(connection, template):
    return lambda: upload_template(connection, REPOSITORY, template, ["dev", "0123abc-Dirty"])


def test_a_template_is_uploaded_with_tags_and_named_by_its_digest(upload, server, template):
    version = f"all-kinds/sha256:{template.digest}"
    server.answers[UPLOAD] = (201, version)

    assert upload() == f"{REPOSITORY}/{version}"
    [(_, path, headers, body)] = server.requests
    assert path == "/my-project/pipelines"
    assert headers["Content-Type"].startswith("multipart/form-data")
    assert b'name="tags"\r\n\r\ndev,0123abc-dirty\r\n' in body
    assert template.text.encode() in body


def test_a_version_that_exists_is_the_same(upload, server, template):
    server.answers[UPLOAD] = make_error(409)
    assert upload() == f"{REPOSITORY}/all-kinds/sha256:{template.digest}"


def test_another_digest_is_refused(upload, server):
    server.answers[UPLOAD] = (201, "all-kinds/sha256:123")
    with pytest.raises(TemplateDigestError, match="Nothing was run") as refused:
        upload()
    assert refused.value.stored == f"{REPOSITORY}/all-kinds/sha256:123"


def test_a_missing_repository_is_created_by_a_command(upload, server):
    server.answers[UPLOAD] = make_error(404, "Repository not found")
    with pytest.raises(MissingResourceError) as refused:
        upload()
    assert refused.value.remedy.endswith(
        "`gcloud artifacts repositories create pipelines --repository-format kfp "
        "--project my-project --location europe-west4`."
    )


def test_a_repository_that_is_not_to_be_written_is_named(upload, server):
    server.answers[UPLOAD] = make_error(403, "Permission 'artifactregistry.tags.create' denied")
    with pytest.raises(PermissionDeniedError, match=r"artifactregistry\.tags\.create"):
        upload()


def test_the_request_has_the_address_with_the_digest(make_request, template):
    plain = make_request({"rows": 3})
    request = make_request({"rows": 3}, keys={"template-repository": REPOSITORY})

    uri = f"{REPOSITORY}/all-kinds/sha256:{template.digest}"
    assert request.body["templateUri"] == uri
    assert "templateUri" not in plain.body
    assert request.digest == plain.digest
