"""Objects in Cloud Storage: found by address, copied and compared by checksum."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def copy_objects(client: Any, source: str, destination: str) -> tuple[int, int]:
    """Copy an object or a folder of objects within Cloud Storage.

    Args:
        client: The client.
        source: The address of an object, or of a folder.
        destination: The address of the copy. An object is copied into a folder if the destination
            ends with a slash.

    Returns:
        The number of objects, and of their bytes.

    Raises:
        ValueError: An address isn't in Cloud Storage, or the copy would be in itself.
        FileNotFoundError: There is no object at the source.
        RuntimeError: A copy has another checksum than its source.
    """
    _require_apart(source, destination)
    files = total = 0
    for blob, target in _pairs(client, source, destination):
        bucket, name = _split(target)
        copied = client.bucket(bucket).blob(name)
        token, _, _ = copied.rewrite(blob)
        while token is not None:
            token, _, _ = copied.rewrite(blob, token=token)
        _require_same(blob, copied)
        files, total = files + 1, total + blob.size
    if not files:
        raise FileNotFoundError(
            f"There is no object at `{source}`. Check the name, or run the task that writes it."
        )
    return files, total


def _pairs(client: Any, source: str, destination: str) -> Iterator[tuple[Any, str]]:
    """Yield each object with the address of its copy."""
    bucket, name = _split(source)
    blob = client.bucket(bucket).get_blob(name) if name and not name.endswith("/") else None
    if blob is not None:
        folder = destination.endswith("/")
        yield blob, destination + (name.rpartition("/")[2] if folder else "")
        return
    prefix = f"{name.rstrip('/')}/" if name else ""
    for each in client.list_blobs(bucket, prefix=prefix):
        yield each, f"{destination.rstrip('/')}/{each.name.removeprefix(prefix)}"


def _split(address: str) -> tuple[str, str]:
    if not address.startswith("gs://") or address == "gs://":
        raise ValueError(
            f"`{address}` is not an address in Cloud Storage. Write `gs://bucket/name`. "
            "`import_file` reads other sources."
        )
    bucket, _, name = address.removeprefix("gs://").partition("/")
    return bucket, name


def _require_apart(source: str, destination: str) -> None:
    folder = f"{source.rstrip('/')}/"
    if f"{destination.rstrip('/')}/".startswith(folder):
        raise ValueError(
            f"`{destination}` is in `{source}`: a folder can't be copied into itself. Choose "
            "another destination."
        )


def _require_same(blob: Any, copied: Any) -> None:
    copied.reload()
    # Objects that were composed of others have no MD5.
    kind = "md5_hash" if blob.md5_hash and copied.md5_hash else "crc32c"
    before, after = getattr(blob, kind), getattr(copied, kind)
    if before != after:
        raise RuntimeError(
            f"The copy `gs://{copied.bucket.name}/{copied.name}` has the checksum {after}, but its "
            f"source has {before}. The source has changed meanwhile: run the task again."
        )
