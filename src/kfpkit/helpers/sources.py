"""Sources of files: local paths, Cloud Storage and the web, and what they contain."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import http.client
import io
import os
import shutil
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import urlsplit, urlunsplit

from pyarrow import fs

from kfpkit.helpers.table_files import filesystem_of

_PROJECT = "KFPKIT_PROJECT"
_CHUNK = 2**20
_ATTEMPTS = 6
_TIMEOUT = 60.0
_FIRST_WAIT = 0.5


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file that can be read more than once.

    Args:
        name: What it is called in messages: its path or address, without a query.
        path: The path in its filesystem.
        filesystem: Its filesystem.
    """

    name: str
    path: str
    filesystem: fs.FileSystem

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The ends of the file's name, such as `.csv` and `.gz`."""
        return tuple(suffix.lower() for suffix in Path(urlsplit(self.name).path).suffixes)

    @property
    def address(self) -> str:
        """The path or address by which tables are opened."""
        is_local = isinstance(self.filesystem, fs.LocalFileSystem)
        return self.path if is_local else f"gs://{self.path}"

    @contextlib.contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """Open the content, unpacked if the name ends with `.gz` or `.zip`.

        Raises:
            ValueError: A `.zip` file doesn't contain exactly one file.
        """
        with (
            self.filesystem.open_input_file(self.path) as stored,
            # Arrow's own file can't be read line by line.
            io.BufferedReader(stored, _CHUNK) as file,
        ):
            if self.suffixes[-1:] == (".gz",):
                with gzip.open(file, "rb") as unpacked:
                    yield cast("IO[bytes]", unpacked)
            elif self.suffixes[-1:] == (".zip",):
                with zipfile.ZipFile(file) as archive, archive.open(self._member(archive)) as one:
                    yield one
            else:
                yield file

    def digest(self, algorithm: str = "sha256") -> tuple[str, int]:
        """Return the hash of the file as it is stored, in hexadecimal, and its size."""
        digest, size = hashlib.new(algorithm), 0
        with self.filesystem.open_input_stream(self.path, compression=None) as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
        return digest.hexdigest(), size

    def describe(self) -> dict[str, str | int]:
        """Return the name of the file, its hash and its size. A folder has only its name."""
        if self.filesystem.get_file_info(self.path).type == fs.FileType.Directory:
            return {"source": self.name}
        digest, size = self.digest()
        return {"source": self.name, "sha256": digest, "bytes": size}

    def _member(self, archive: zipfile.ZipFile) -> str:
        members = [info.filename for info in archive.infolist() if not info.is_dir()]
        if len(members) != 1:
            raise ValueError(
                f"`{self.name}` contains {len(members)} files. Import an archive with one file."
            )
        return members[0]


@contextlib.contextmanager
def opened_source(address: str) -> Iterator[Source]:
    """Find a file, and download it first if it is on the web.

    Args:
        address: A local path, or an address that starts with `gs://`, `https://` or `http://`. In
            a local run, relative paths start at the project's folder.

    Raises:
        FileNotFoundError: The file doesn't exist.
        ValueError: The address has another scheme.
        ConnectionError: The server can't be reached, or interrupts the download repeatedly.
    """
    scheme = urlsplit(address).scheme
    if scheme in {"http", "https"}:
        with tempfile.TemporaryDirectory(prefix="kfpkit-") as folder:
            file = Path(folder) / "downloaded"
            download(address, file)
            yield Source(name=_public(address), path=str(file), filesystem=fs.LocalFileSystem())
        return
    if scheme not in {"", "file", "gs"}:
        raise ValueError(
            f"`{address}` starts with `{scheme}:`, which is not supported. Use a path, or an "
            "address that starts with `gs://`, `https://` or `http://`."
        )
    filesystem, path = filesystem_of(address.removeprefix("file://"))
    # A local run has a folder for each task; paths in a configuration start at the project.
    start = Path(os.environ.get(_PROJECT, "")).absolute()
    path = path if scheme == "gs" else str(start / path)
    if filesystem.get_file_info(path).type == fs.FileType.NotFound:
        advice = (
            ""
            if scheme == "gs"
            else (
                f" Relative paths start at {start}. A task in a container or in the cloud "
                "does not see the files of your machine: copy the file to Cloud Storage, and pass "
                "its `gs://` address."
            )
        )
        raise FileNotFoundError(f"The file `{address}` does not exist. Check the name.{advice}")
    yield Source(name=address, path=path, filesystem=filesystem)


def require_checksum(source: Source, checksum: str) -> None:
    """Refuse a file with another checksum.

    Args:
        source: The file.
        checksum: `sha256:` or `md5:` and the hash in hexadecimal.

    Raises:
        ValueError: The checksum has another form, or differs from the file's.
    """
    algorithm, _, expected = checksum.partition(":")
    if algorithm not in {"sha256", "md5"} or not expected:
        raise ValueError(
            f"`{checksum}` is not a checksum. Write `sha256:` or `md5:` and the hexadecimal digits."
        )
    found, _ = source.digest(algorithm)
    if found != expected.lower():
        raise ValueError(
            f"The {algorithm} checksum of `{source.name}` is {found}, but {expected} is expected. "
            "The file has changed or is damaged: check it, and then correct `checksum`."
        )


def download(address: str, file: Path) -> None:
    """Download a file, and continue after an interruption.

    A server that can't continue, or whose file has changed meanwhile, sends everything again.

    Raises:
        FileNotFoundError: The server doesn't have the file.
        ConnectionError: The server can't be reached, or interrupts the download repeatedly.
    """
    wait, version = _FIRST_WAIT, ""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with _request(address, file, version) as answer:
                version = answer.headers.get("ETag") or answer.headers.get("Last-Modified") or ""
                _receive(answer, file)
                return
        except urllib.error.HTTPError as error:
            error.close()
            if error.code < 500 and error.code not in {408, 429}:  # noqa: PLR2004 - of the client
                raise FileNotFoundError(
                    f"`{_public(address)}` answers {error.code} ({error.reason}). Check the "
                    "address, and whether the task may read it."
                ) from None
            cause: Exception = error
        except (OSError, http.client.HTTPException) as error:
            cause = error
        if attempt < _ATTEMPTS:
            time.sleep(wait)
            wait *= 2
    raise ConnectionError(
        f"`{_public(address)}` could not be downloaded in {_ATTEMPTS} attempts ({cause}). Check "
        "the network of the task, or copy the file to Cloud Storage and pass its `gs://` address."
    )


def _request(address: str, file: Path, version: str) -> Any:
    headers = {"Accept-Encoding": "identity"}
    # A weak version doesn't promise the same bytes, so such a file is sent again as a whole.
    if file.exists() and version and not version.startswith("W/"):
        headers |= {"Range": f"bytes={file.stat().st_size}-", "If-Range": version}
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 - http and https only
    return urllib.request.urlopen(request, timeout=_TIMEOUT)  # noqa: S310 - as above


def _receive(answer: Any, file: Path) -> None:
    continues = answer.status == http.HTTPStatus.PARTIAL_CONTENT
    before = file.stat().st_size if continues else 0
    expected = answer.headers.get("Content-Length")
    with file.open("ab" if continues else "wb") as target:
        shutil.copyfileobj(answer, target, _CHUNK)
    received = file.stat().st_size - before
    if expected is not None and received < int(expected):
        raise ConnectionError(f"the connection ended after {received} of {expected} bytes")


def _public(address: str) -> str:
    """Return an address without user, password and query, which may contain a signature."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))
