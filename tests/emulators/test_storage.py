"""The Cloud Storage emulator, through the real client."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from google.api_core.exceptions import Conflict, NotFound, PreconditionFailed
from google.cloud import storage

pytestmark = pytest.mark.slow

AWKWARD_NAMES = ["ä ü/ß.txt", "a?b#c%20d", "with space", "a//b", "../up", "x" * 900]


def names(found) -> list[str]:
    return [blob.name for blob in found]


@pytest.mark.parametrize("size", [0, 1, 70_000, 9_000_000])
def test_binary_content_comes_back_as_it_was(bucket, size):
    content = random.Random(size).randbytes(size)
    bucket.blob("data.bin").upload_from_string(content)
    assert bucket.blob("data.bin").download_as_bytes() == content
    assert bucket.get_blob("data.bin").size == size


def test_resumable_uploads_arrive_in_chunks(bucket, tmp_path):
    source = tmp_path / "source"
    source.write_bytes(random.Random(0).randbytes(3 * 256 * 1024 + 17))
    blob = bucket.blob("big", chunk_size=256 * 1024)
    blob.upload_from_filename(source)
    assert bucket.blob("big").download_as_bytes() == source.read_bytes()


def test_line_ends_and_part_of_a_multipart_body_stay_untouched(bucket):
    content = b"\r\n--==\r\nContent-Type: text/plain\r\n\r\na\rb\n\n\x1a\x0c\r"
    bucket.blob("text").upload_from_string(content, content_type="text/csv")
    assert bucket.blob("text").download_as_bytes() == content
    assert bucket.get_blob("text").content_type == "text/csv"


@pytest.mark.parametrize("name", AWKWARD_NAMES)
def test_any_name_can_be_written_listed_read_and_deleted(bucket, name):
    bucket.blob(name).upload_from_string("content")
    (found,) = bucket.list_blobs()
    assert found.name == name
    assert found.download_as_bytes() == b"content"
    found.delete()
    assert not bucket.blob(name).exists()


def test_an_object_stands_beside_others_below_its_name(bucket):
    bucket.blob("a/b").upload_from_string("below")
    bucket.blob("a").upload_from_string("above")
    assert bucket.blob("a").download_as_text() == "above"
    assert bucket.blob("a/b").download_as_text() == "below"


def test_a_part_of_an_object_can_be_read(bucket):
    bucket.blob("digits").upload_from_string("0123456789")
    assert bucket.blob("digits").download_as_bytes(start=2, end=4) == b"234"


def test_metadata_and_copies_are_kept(bucket):
    blob = bucket.blob("one")
    blob.metadata = {"owner": "fraud"}
    blob.upload_from_string("1")
    blob.cache_control = "no-store"
    blob.patch()
    copy = bucket.copy_blob(blob, bucket, "two")
    assert copy.download_as_text() == "1"
    assert bucket.get_blob("one").metadata == {"owner": "fraud"}
    assert bucket.get_blob("one").cache_control == "no-store"


def test_prefix_and_delimiter_list_like_folders(bucket):
    for name in ["a/1", "a/2", "a/b/3", "c", "z/9"]:
        bucket.blob(name).upload_from_string(name)
    found = bucket.list_blobs(prefix="a/", delimiter="/")
    assert names(found) == ["a/1", "a/2"]
    assert found.prefixes == {"a/b/"}
    assert names(bucket.list_blobs(start_offset="a/2", end_offset="c")) == ["a/2", "a/b/3"]


def test_a_thousand_objects_come_in_pages_in_order(objects, bucket):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda i: bucket.blob(f"{i:04}").upload_from_string("x"), range(1000)))
    pages = list(objects.list_blobs(bucket.name, page_size=300).pages)
    assert [page.num_items for page in pages] == [300, 300, 300, 100]
    assert names(bucket.list_blobs()) == [f"{i:04}" for i in range(1000)]


def test_pages_count_prefixes_too(objects, bucket):
    for name in ["a/1", "b", "c/1", "c/2", "d"]:
        bucket.blob(name).upload_from_string("x")
    found = objects.list_blobs(bucket.name, delimiter="/", page_size=2)
    assert names(found) == ["b", "d"]
    assert found.prefixes == {"a/", "c/"}


def test_a_write_that_must_be_the_first_fails_when_it_is_not(bucket):
    bucket.blob("once").upload_from_string("first", if_generation_match=0)
    with pytest.raises(PreconditionFailed):
        bucket.blob("once").upload_from_string("second", if_generation_match=0)
    big = bucket.blob("once", chunk_size=256 * 1024)
    with pytest.raises(PreconditionFailed):
        big.upload_from_string("second", if_generation_match=0)
    assert bucket.blob("once").download_as_text() == "first"


def test_a_write_after_somebody_elses_write_fails(bucket):
    blob = bucket.blob("shared")
    blob.upload_from_string("mine")
    seen = blob.generation
    bucket.blob("shared").upload_from_string("theirs")
    for change in (
        lambda: blob.upload_from_string("lost", if_generation_match=seen),
        lambda: blob.delete(if_generation_match=seen),
        lambda: blob.patch(if_generation_match=seen),
        lambda: blob.download_as_bytes(if_generation_match=seen),
        lambda: bucket.copy_blob(blob, bucket, "copy", if_source_generation_match=seen),
    ):
        with pytest.raises(PreconditionFailed):
            change()
    assert bucket.blob("shared").download_as_text() == "theirs"


def test_an_overwritten_generation_is_gone(bucket):
    blob = bucket.blob("thing")
    blob.upload_from_string("old")
    old = blob.generation
    blob.upload_from_string("new")
    with pytest.raises(NotFound):
        bucket.blob("thing", generation=old).download_as_bytes()
    assert bucket.blob("thing", generation=blob.generation).download_as_text() == "new"


def test_of_clients_at_once_exactly_one_writes_first(bucket):
    def write(i: int) -> bool:
        try:
            bucket.blob("leader").upload_from_string(str(i), if_generation_match=0)
        except PreconditionFailed:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(write, range(16))) == 1


def test_missing_things_and_full_buckets_are_refused(objects, bucket):
    with pytest.raises(NotFound):
        bucket.blob("nothing").download_as_bytes()
    with pytest.raises(NotFound):
        list(objects.list_blobs("no-such-bucket"))
    with pytest.raises(NotFound):
        objects.bucket("no-such-bucket").blob("a").upload_from_string("x")
    with pytest.raises(Conflict):
        objects.create_bucket(bucket.name)
    bucket.blob("a").upload_from_string("x")
    with pytest.raises(Conflict):
        bucket.delete()
    bucket.delete(force=True)
    assert objects.lookup_bucket(bucket.name) is None


def test_batches_delete_many(objects, bucket):
    for name in "abc":
        bucket.blob(name).upload_from_string(name)
    with objects.batch():
        bucket.blob("a").delete()
        bucket.blob("b").delete()
    assert names(bucket.list_blobs()) == ["c"]


def test_composing_joins_objects(bucket: storage.Bucket):
    for name in "ab":
        bucket.blob(name).upload_from_string(name)
    bucket.blob("both").compose([bucket.blob("a"), bucket.blob("b")])
    assert bucket.blob("both").download_as_text() == "ab"
