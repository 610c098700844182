"""`storage_copy`: copy objects within Cloud Storage."""

from typing import NamedTuple

from kfp import dsl

import kfpkit


class CopiedObjects(NamedTuple):
    """What was copied.

    Args:
        files: The number of objects.
        bytes: Their size.
    """

    files: int
    bytes: int


@kfpkit.component(environment="gcp")
def storage_copy(
    source: str, destination: str, copy: dsl.Output[dsl.Artifact], project: str = ""
) -> CopiedObjects:
    """Copy an object or a folder within Cloud Storage, and compare the checksums.

    Cloud Storage copies the objects itself; nothing passes through the task. Existing objects with
    the same names are replaced, others stay.

    The execution cache compares the addresses, not the objects. If the objects at the source
    change, turn caching off for the task.

    Args:
        source: The address of an object, or of a folder, such as `gs://bucket/folder`.
        destination: The address of the copy. An object is copied into a folder if the destination
            ends with a slash.
        project: The Google Cloud project. If empty, the client's default project.

    Returns:
        copy: An artifact with the destination as its address.
        files: The number of objects.
        bytes: Their size in bytes.

    Raises:
        ValueError: An address is not in Cloud Storage, or the destination is in the source.
        FileNotFoundError: There is no object at the source.
        RuntimeError: A copy has another checksum than its source.
    """
    from kfpkit.helpers.clients import storage_client
    from kfpkit.helpers.storage import copy_objects

    files, total = copy_objects(storage_client(project or None), source, destination)
    copy.uri = destination
    copy.metadata = {"source": source, "files": files, "bytes": total}
    return CopiedObjects(files=files, bytes=total)
