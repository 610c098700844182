"""Uploads in parts to the Cloud Storage emulator, as `transfer_manager` and S3's clients do."""

from __future__ import annotations

import random
import re
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET

import pytest
from google.cloud.storage import transfer_manager

pytestmark = pytest.mark.slow

PART = 5 * 2**20


@pytest.fixture
def source(tmp_path):
    file = tmp_path / "source.bin"
    file.write_bytes(random.Random(0).randbytes(2 * PART + 17))
    return file


def test_chunks_uploaded_side_by_side_become_one_object(bucket, source):
    blob = bucket.blob("models/model ä.bin")
    blob.metadata = {"owner": "fraud"}
    blob.content_type = "application/x-model"
    transfer_manager.upload_chunks_concurrently(
        source, blob, chunk_size=PART, worker_type=transfer_manager.THREAD, max_workers=3
    )
    found = bucket.get_blob(blob.name)
    assert found.download_as_bytes() == source.read_bytes()
    assert found.content_type == "application/x-model"
    assert found.metadata == {"owner": "fraud"}


def test_chunks_are_downloaded_side_by_side(bucket, source, tmp_path):
    bucket.blob("big").upload_from_filename(source)
    transfer_manager.download_chunks_concurrently(
        bucket.get_blob("big"),
        tmp_path / "copy",
        chunk_size=PART,
        worker_type=transfer_manager.THREAD,
    )
    assert (tmp_path / "copy").read_bytes() == source.read_bytes()


@pytest.fixture
def ask(bucket, variables):
    def ask(method, query, content=b"", **headers):
        address = f"{variables['STORAGE_EMULATOR_HOST']}/{bucket.name}/object?{query}"
        request = urllib.request.Request(address, content, headers, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()

    return ask


@pytest.fixture
def upload_id(ask):
    _, _, answer = ask("POST", "uploads")
    return re.search("<UploadId>(.*)</UploadId>", answer)[1]


def complete(*parts):
    listed = "".join(
        f"<Part><PartNumber>{number}</PartNumber><ETag>{tag}</ETag></Part>" for number, tag in parts
    )
    return f"<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>".encode()


def test_the_answer_to_a_begun_upload_is_its_place_and_its_id(ask, bucket):
    place = "{http://s3.amazonaws.com/doc/2006-03-01/}"
    _, _, answer = ask("POST", "uploads")
    begun = ET.fromstring(answer)
    assert begun.tag == f"{place}InitiateMultipartUploadResult"
    assert [child.tag for child in begun] == [
        f"{place}{name}" for name in ("Bucket", "Key", "UploadId")
    ]
    bucket_name, key, upload_id = begun.itertext()
    assert (bucket_name, key) == (bucket.name, "object")
    assert ask("GET", f"uploadId={upload_id}")[0] == 200


def test_a_part_may_be_sent_again_and_in_any_order(ask, upload_id, bucket):
    tags = {}
    for number, content in ((2, b"end"), (1, b"x" * PART), (2, b"END")):
        query = f"partNumber={number}&uploadId={upload_id}"
        tags[number] = ask("PUT", query, content)[1]["ETag"]
    _, _, listed = ask("GET", f"uploadId={upload_id}")
    assert re.findall(r"<Size>(\d+)</Size>", listed) == [str(PART), "3"]
    assert not bucket.blob("object").exists()
    assert ask("POST", f"uploadId={upload_id}", complete(*sorted(tags.items())))[0] == 200
    assert bucket.blob("object").download_as_bytes() == b"x" * PART + b"END"
    assert ask("GET", f"uploadId={upload_id}")[0] == 404


def test_an_upload_that_is_given_up_leaves_nothing(ask, upload_id, bucket):
    ask("PUT", f"partNumber=1&uploadId={upload_id}", b"x")
    assert ask("DELETE", f"uploadId={upload_id}")[0] == 204
    assert "NoSuchUpload" in ask("PUT", f"partNumber=1&uploadId={upload_id}", b"x")[2]
    assert list(bucket.list_blobs()) == []


def test_what_does_not_fit_is_refused(ask, upload_id, bucket):
    tags = [
        ask("PUT", f"partNumber={number}&uploadId={upload_id}", b"x")[1]["ETag"]
        for number in (1, 2)
    ]
    for content, code, cause in (
        (complete((1, tags[0]), (2, tags[1])), "EntityTooSmall", f"at least {PART} bytes"),
        (complete((2, tags[1]), (1, tags[0])), "InvalidPartOrder", "Parts must be ordered"),
        (complete((1, '"0"')), "InvalidPart", "Part 1 could not be found"),
        (complete((3, tags[0])), "InvalidPart", "Part 3 could not be found"),
        (b"no XML", "MalformedXML", "not well-formed"),
    ):
        _, _, refused = ask("POST", f"uploadId={upload_id}", content)
        assert f"<Code>{code}</Code>" in refused
        assert cause in refused
    wrong = {"x-goog-hash": "md5=AAAAAAAAAAAAAAAAAAAAAA=="}
    _, _, refused = ask("PUT", f"partNumber=1&uploadId={upload_id}", b"x", **wrong)
    assert "BadDigest" in refused
    assert "The md5 you specified did not match" in refused
    for number in (0, 10_001):
        _, _, refused = ask("PUT", f"partNumber={number}&uploadId={upload_id}", b"x")
        assert "InvalidArgument" in refused
        assert "between 1 and 10000" in refused
    assert list(bucket.list_blobs()) == []
