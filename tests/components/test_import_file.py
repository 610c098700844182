"""Files from a path, the web and Cloud Storage become tables."""

import functools
import hashlib

import pytest
from components.tables import rows
from misbehaving import serve

from kfpkit.components.bigquery_extract import bigquery_extract
from kfpkit.components.bigquery_load import bigquery_load
from kfpkit.components.import_file import import_file

__all__ = ["serve"]  # a fixture

pytestmark = [pytest.mark.slow, pytest.mark.environments("gcp")]

CONTENT = b"id,when\n" + b"".join(b"%d,2024-05-01\n" % number for number in range(50_000))


@pytest.fixture
def web(serve):
    """Return a function that serves content and returns its address, which containers reach too."""

    def put(name, content):
        return f"http://{serve(lambda request: request.send(200, content))}/{name}"

    return put


@pytest.mark.environments("*")
@pytest.mark.smoke("import_file")
def test_a_csv_file_becomes_a_table(run_component, web):
    content = b"id,name,born\n7,Ada,1815-12-10\n8,,1906-12-09\n"
    address = web("people.csv", content)

    done = run_component(import_file, network=True, source=address)

    assert [row["name"] for row in rows(done["data"])] == ["Ada", None]
    assert done["data"].metadata == {
        "source": address,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "rows": 2,
        "columns": {"id": "int64", "name": "string", "born": "date32[day]"},
    }


def test_a_parquet_file_is_copied_with_its_types(call_component, table, web):
    content = table({"id": [1, 2], "tags": [["a"], []]}).path.read_bytes()

    done = call_component(import_file, source=web("t", content), format="parquet")

    assert rows(done["data"]) == [{"id": 1, "tags": ["a"]}, {"id": 2, "tags": []}]


def test_a_download_continues_where_the_connection_broke_off(run_component, serve):
    ranges = []

    def answer(request):
        ranges.append(request.headers.get("Range"))
        start = int(request.headers.get("Range", "bytes=0-")[6:-1])
        if request.headers.get("Range") and request.headers["If-Range"] != '"v1"':
            raise AssertionError
        body = CONTENT[start : start + 300_000]
        request.send(
            206 if start else 200, body, ETag='"v1"', Content_Length=str(len(CONTENT) - start)
        )
        request.drop()

    address = f"http://{serve(answer)}/data.csv?signature=secret"
    done = run_component(import_file, network=True, source=address)

    assert done["data"].metadata["rows"] == 50_000
    assert ranges[0] is None
    assert ranges[1] == "bytes=300000-"
    assert done["data"].metadata["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert done["data"].metadata["source"] == address.partition("?")[0]


def test_a_file_that_has_changed_meanwhile_is_downloaded_again(call_component, serve):
    versions = iter([b"id\n1\n2\n", b"id\n3\n4\n"])

    def answer(request):
        body = next(versions)
        cut = body[:4] if body.endswith(b"2\n") else body
        request.send(200, cut, ETag=f'"{len(cut)}"', Content_Length=str(len(body)))
        request.drop()

    done = call_component(import_file, source=f"http://{serve(answer)}/data.csv")

    assert rows(done["data"]) == [{"id": 3}, {"id": 4}]


def test_a_file_in_cloud_storage_is_imported(run_component, google_emulators, table, bucket):
    run = functools.partial(run_component, variables=google_emulators, network=True)
    loaded = run(bigquery_load, data=table({"id": ["a", "b"]}), destination="imports.source")
    extracted = run(
        bigquery_extract, table=loaded["table"], destination=f"{bucket}/run/", format="csv"
    )

    done = run(import_file, source=f"{extracted['data'].uri}/part-000000000000.csv")

    assert sorted(row["id"] for row in rows(done["data"])) == ["a", "b"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"source": "none.csv"}, "The file `none.csv` does not exist. Check the name. Relative"),
        ({"source": "ftp://host/x.csv"}, "starts with `ftp:`, which is not supported"),
        ({"checksum": "sha256:00"}, "The sha256 checksum of "),
        ({"checksum": "crc:00"}, "`crc:00` is not a checksum."),
        ({"types": {"id": "boolean"}}, "line 2, column `id`: `7` is not of the type boolean"),
    ],
)
def test_what_cannot_be_imported_is_refused(call_component, web, arguments, message):
    given = {"source": web("people.csv", b"id\n7\n"), **arguments}

    done = call_component(import_file, fails=True, **given)

    assert message in done.log


def test_an_address_that_does_not_exist_is_refused(call_component, serve):
    address = f"http://{serve(lambda request: request.send(404))}/data.csv"

    done = call_component(import_file, fails=True, source=address)

    assert f"`{address}` answers 404 (Not Found). Check the address" in done.log
