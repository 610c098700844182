"""What is attached to an image, in a real registry, and in one that lists it itself."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import replace

import pytest

from kfpkit.errors import RegistryFaultError
from kfpkit.images.registry.attachments import Attachment, attach, fetch_attached_kinds
from kfpkit.images.registry.references import Reference, parse
from kfpkit.images.registry.registry import Manifest, Registry

pytestmark = pytest.mark.containers
LISTED = [{"artifactType": "application/vnd.in-toto+json"}]
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
BILL = Attachment(kind="application/vnd.cyclonedx+json", title="tiny.cdx.json", content=b'{"a":1}')
OTHER = Attachment(kind="application/vnd.in-toto+json", title="tiny.json", content=b'{"b":2}')


@pytest.fixture
def client():
    registry = Registry(writes=True)
    yield registry
    registry.close()


@pytest.fixture
def image(client, registry) -> Reference:
    """Store an image without layers; return it by its digest."""
    reference = parse(f"{registry}/tiny:1")
    config = json.dumps({"architecture": "amd64", "os": "linux", "config": {}}).encode()
    described = {"mediaType": CONFIG, "digest": client.store_blob(reference, config)}
    described["size"] = len(config)
    written = {"schemaVersion": 2, "mediaType": MANIFEST, "config": described, "layers": []}
    manifest = Manifest(kind=MANIFEST, content=json.dumps(written).encode())
    client.store_manifest(reference, manifest)
    return replace(reference, tag=manifest.digest)


def read(image: Reference, path: str) -> bytes:
    request = urllib.request.Request(f"{image.api}/{image.repository}/{path}")
    request.add_header("Accept", f"{MANIFEST}, {INDEX}")
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def listed(image: Reference) -> list[dict[str, str]]:
    return json.loads(read(image, f"manifests/{image.tag.replace(':', '-')}"))["manifests"]


def test_what_is_attached_names_the_image_and_is_found_by_its_digest(client, image):
    digest = attach(client, image, BILL)

    assert [(one["digest"], one["artifactType"]) for one in listed(image)] == [(digest, BILL.kind)]
    manifest = json.loads(read(image, f"manifests/{digest}"))
    assert manifest["subject"]["digest"] == image.tag
    assert manifest["subject"]["size"] == len(read(image, f"manifests/{image.tag}"))
    assert manifest["artifactType"] == BILL.kind
    (layer,) = manifest["layers"]
    assert layer["annotations"] == {"org.opencontainers.image.title": "tiny.cdx.json"}
    assert read(image, f"blobs/{layer['digest']}") == BILL.content


def test_the_same_is_attached_once_and_others_beside_it(client, image):
    digests = [attach(client, image, one) for one in (BILL, BILL, OTHER, BILL)]

    assert len(set(digests)) == 2
    assert [one["artifactType"] for one in listed(image)] == [BILL.kind, OTHER.kind]
    assert fetch_attached_kinds(client, image) == {BILL.kind, OTHER.kind}


def test_an_attachment_that_is_not_listed_yet_is_listed_by_the_next_attempt(client, image, serve):
    def answer(request) -> None:
        if request.command == "PUT" and request.path.endswith(image.tag.replace(":", "-")):
            request.send(500)
        else:
            request.forward(image.host)

    with pytest.raises(RegistryFaultError, match="HTTP 500"):
        attach(client, replace(image, host=serve(answer)), BILL)

    attach(client, image, BILL)

    assert [one["artifactType"] for one in listed(image)] == [BILL.kind]


def test_a_registry_that_lists_attachments_itself_gets_no_tag(client, image, serve, tags):
    asked = []

    def answer(request) -> None:
        if "/referrers/" in request.path:
            asked.append(request.path)
            index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": LISTED}
            request.send(200, json.dumps(index).encode(), Content_Type=INDEX)
        else:
            request.forward(image.host)

    host = serve(answer)
    digest = attach(client, replace(image, host=host), BILL)

    assert json.loads(read(image, f"manifests/{digest}"))["subject"]["digest"] == image.tag
    assert asked == [f"/v2/{image.repository}/referrers/{image.tag}"]
    assert fetch_attached_kinds(client, replace(image, host=host)) == {OTHER.kind}
    registry, _, name = image.name.rpartition("/")
    assert tags(registry, name) == ["1"]


def test_nothing_is_attached_to_an_image_that_is_not_there(client, image):
    missing = replace(image, tag="sha256:" + "0" * 64)

    with pytest.raises(RegistryFaultError, match="does not have the image sha256:000"):
        attach(client, missing, BILL)


def test_an_upload_that_goes_on_elsewhere_is_given_no_password(
    client, image, serve, monkeypatch, tmp_path
):
    shown = []

    def elsewhere(request) -> None:
        shown.append(request.headers.get("Authorization"))
        request.forward(image.host)

    other = serve(elsewhere)

    def answer(request) -> None:
        if request.headers.get("Authorization") is None:
            request.body()
            request.send(401, WWW_Authenticate="Basic")
        elif request.command == "POST":
            asked = urllib.request.Request(f"http://{image.host}{request.path}", method="POST")
            with urllib.request.urlopen(asked) as begun:
                where = begun.headers["Location"].replace(image.host, other)
            request.send(202, Location=where)
        else:
            request.forward(image.host)

    host = serve(answer)
    (tmp_path / "config.json").write_text(
        json.dumps({"auths": {host: {"auth": "YWRhOnNlY3JldA=="}}})
    )
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))

    attach(client, replace(image, host=host), BILL)

    assert shown == [None, None]
