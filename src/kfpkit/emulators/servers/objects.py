"""The objects of the Cloud Storage emulator: a corrected store of `gcp-storage-emulator`.

- `Files` replaces a file as a whole or not at all, even if the disk is full.
- `IndexedStorage` stores each object in a file named by the hash of the object's name, so `a` and
  `a/b` can coexist. An SQLite index contains the objects' resources, so an upload costs the same
  with 10 or 10,000 objects. It enforces preconditions.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from gcp_storage_emulator.exceptions import NotFound
from gcp_storage_emulator.storage import Storage, _FileStore

Resource = dict[str, Any]
Query = Mapping[str, str]


class UnmetConditionError(Exception):
    """A precondition of a request isn't met."""

    def __init__(self, condition: str, *, reading: bool) -> None:
        """Name the `condition`. `reading` states whether the request only reads."""
        unchanged = reading and condition.endswith("NotMatch")
        self.status = HTTPStatus.NOT_MODIFIED if unchanged else HTTPStatus.PRECONDITION_FAILED
        super().__init__(f"The condition `{condition}` does not hold.")


class Files(_FileStore):  # type: ignore[misc]  # the package has no types
    """A store that replaces files as a whole or not at all."""

    def write_bytes(self, rel: str, content: bytes) -> None:
        """Write `content` to a temporary file, then replace the file with it."""
        path: Path = self._disk_path(rel)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        try:
            part.write_bytes(content)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


class IndexedStorage(Storage):  # type: ignore[misc]  # the package has no types
    """Buckets and objects in a folder, with an index of names, and with preconditions.

    Attributes:
        lock: Held by the request in progress.
        query: That request's parameters, which include the preconditions.
        method: That request's method.
        source: The prefix of parameters about an object that is read: `ifSource` for a copy.
    """

    def __init__(self, folder: Path) -> None:
        """Open the storage in `folder`."""
        self.lock = threading.Lock()
        self.query: Query = {}
        self.method = "GET"
        self.source = "if"
        self._touched: set[tuple[str, str]] = set()
        self._index = sqlite3.connect(folder / "index.sqlite", check_same_thread=False)
        self._index.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
            "CREATE TABLE IF NOT EXISTS state (name PRIMARY KEY, value);"
            "CREATE TABLE IF NOT EXISTS objects (bucket, name, value, PRIMARY KEY (bucket, name));"
        )
        super().__init__(use_memory_fs=True)
        self._store = Files(use_memory=False, root=folder / "objects")

    def _object_path(self, bucket_name: str, file_name: str) -> str:
        return f"{bucket_name}/{hashlib.sha256(file_name.encode()).hexdigest()}"

    def _read_config_from_file(self) -> None:
        state = dict(self._index.execute("SELECT name, value FROM state"))
        for name in ("buckets", "bucket_iam_policies", "resumable"):
            setattr(self, name, json.loads(state.get(name, "{}")))
        self.soft_deleted: Resource = {}
        self.objects: dict[str, dict[str, Resource]] = {}
        for bucket, name, value in self._index.execute("SELECT * FROM objects ORDER BY name"):
            self.objects.setdefault(bucket, {})[name] = json.loads(value)

    def _write_config_to_file(self) -> None:
        with self._index:
            for name in ("buckets", "bucket_iam_policies", "resumable"):
                row = (name, json.dumps(getattr(self, name)))
                self._index.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", row)
            for key in self._touched:
                self._index.execute("DELETE FROM objects WHERE bucket = ? AND name = ?", key)
                found = self.objects.get(key[0], {}).get(key[1])
                if found is not None:
                    values = (*key, json.dumps(found))
                    self._index.execute("INSERT INTO objects VALUES (?, ?, ?)", values)
        self._touched.clear()

    def _bucket_soft_delete_retention_seconds(
        self,
        bucket_name: str,  # noqa: ARG002 - the same for every bucket
    ) -> int:
        return 0  # what a run deletes is deleted: nothing else would ever free the disk

    def _check(self, bucket: str, name: str, *, prefix: str, reading: bool) -> None:
        live = self.objects.get(bucket, {}).get(name, {})
        for field in ("generation", "metageneration"):
            for match, wanted in (("Match", True), ("NotMatch", False)):
                condition = f"{prefix}{field.capitalize()}{match}"
                expected = self.query.get(condition)
                if expected and (live.get(field, "0") == expected) is not wanted:
                    raise UnmetConditionError(condition, reading=reading)
        generation = self.query.get("sourceGeneration" if prefix == "ifSource" else "generation")
        if generation and self.method != "POST" and live.get("generation") != generation:
            raise NotFound

    def get_file_obj(self, bucket_name: str, file_name: str) -> Resource:
        """Return an object's resource if its preconditions are met."""
        self._check(bucket_name, file_name, prefix=self.source, reading=self.method == "GET")
        resource: Resource = super().get_file_obj(bucket_name, file_name)
        return resource

    def create_file(
        self,
        bucket_name: str,
        file_name: str,
        content: bytes,
        file_obj: Resource,
        file_id: str | None = None,
    ) -> None:
        """Write an object if the preconditions on its name are met."""
        self._check(bucket_name, file_name, prefix="if", reading=False)
        # The link would hold this run's port and the name unquoted; clients do without it.
        file_obj.pop("mediaLink", None)
        self._touched.add((bucket_name, file_name))
        super().create_file(bucket_name, file_name, content, file_obj, file_id)

    def delete_file(self, bucket_name: str, file_name: str) -> None:
        """Delete an object if its preconditions are met."""
        self._check(bucket_name, file_name, prefix="if", reading=False)
        self._touched.add((bucket_name, file_name))
        super().delete_file(bucket_name, file_name)

    def patch_object(self, bucket_name: str, file_name: str, file_obj: Resource) -> None:
        """Change an object's resource."""
        self._touched.add((bucket_name, file_name))
        super().patch_object(bucket_name, file_name, file_obj)
