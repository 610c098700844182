"""The emulator's state, in one SQLite file.

Each resource is a row: its name, the fields by which lists are filtered and ordered, the message,
and the message as JSON. Resources of all services are stored alike, so a new service needs no
table. Links join resources, such as the members of a context. Contents are files of resources, such
as compiled pipelines. A write is on the disk before the request is answered.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .google_messages import find_message, print_message

VERSION = 2
_CONTENTS = "CREATE TABLE contents (name TEXT PRIMARY KEY, content BLOB NOT NULL);"
_TABLES = f"""
CREATE TABLE resources (
  name TEXT PRIMARY KEY, kind TEXT NOT NULL, parent TEXT NOT NULL, fields TEXT NOT NULL,
  body BLOB NOT NULL, text TEXT NOT NULL);
CREATE INDEX by_time ON resources
  (kind, parent, json_extract(fields, '$.create_time') DESC, name DESC);
CREATE INDEX by_state ON resources (kind, json_extract(fields, '$.state'));
CREATE TABLE links (
  kind TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL, fact TEXT NOT NULL,
  PRIMARY KEY (kind, source, target));
CREATE INDEX by_target ON links (kind, target);
CREATE TABLE projects (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
{_CONTENTS}
"""
# What a database lacks of the next version.
_UPGRADES = {1: _CONTENTS}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A stored resource.

    Args:
        name: Its name, with the project's number.
        fields: The fields by which lists are filtered and ordered.
        body: The message.
        text: The message as JSON, with enums as numbers.
    """

    name: str
    fields: Mapping[str, Any]
    body: bytes
    text: str


class Store:
    """The SQLite file. All methods may be called from any thread."""

    def __init__(self, file: Path) -> None:
        """Open or create the `file`; exit with a message if it can't be used."""
        self.lock = threading.RLock()
        try:
            self._open(file)
        except sqlite3.Error as error:
            sys.exit(
                f"The database {file} cannot be used: {error}. Free up disk space, make the file "
                "and its folder writable, or delete the file to start without jobs and models."
            )

    def _open(self, file: Path) -> None:
        self._database = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        found = self._database.execute("PRAGMA user_version").fetchone()[0]
        tables = self._database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not found and not tables:
            self._change(_TABLES)
        elif found in _UPGRADES:
            self._change(" ".join(_UPGRADES[each] for each in range(found, VERSION)))
        elif found != VERSION:
            age = "a later" if found > VERSION else "an earlier"
            sys.exit(
                f"The database {file} is from {age} version of kfpkit (schema {found}, needed: "
                f"{VERSION}). Use that version, or delete the file to start without jobs and "
                "models."
            )
        # A file that can't be written is reported now, and not with the first request.
        self._database.execute(f"PRAGMA user_version = {VERSION}")

    def _change(self, script: str) -> None:
        """Change the tables to those of this version."""
        script = f"BEGIN; {script} PRAGMA user_version = {VERSION}; COMMIT;"
        self._database.executescript(script)

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self._database.close()

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Execute a statement, and return its rows."""
        with self.lock:
            return self._database.execute(statement, values).fetchall()

    @contextlib.contextmanager
    def atomic(self) -> Iterator[None]:
        """Have all statements of a block, or none. A block may be in another one."""
        with self.lock:
            if self._database.in_transaction:
                yield
                return
            self.run("BEGIN")
            try:
                yield
            except BaseException:
                self.run("ROLLBACK")
                raise
            self.run("COMMIT")

    def put(  # noqa: PLR0913 - the columns
        self,
        kind: str,
        name: str,
        parent: str,
        message: Any,
        fields: Mapping[str, Any],
        *,
        new: bool = False,
    ) -> None:
        """Store a resource.

        Raises:
            sqlite3.IntegrityError: It is to be `new`, and its name is taken.
        """
        text = json.dumps(print_message(message, numbers=True), separators=(",", ":"))
        verb = "INSERT" if new else "INSERT OR REPLACE"
        row = (name, kind, parent, json.dumps(dict(fields)), message.SerializeToString(), text)
        self.run(f"{verb} INTO resources VALUES (?, ?, ?, ?, ?, ?)", row)

    def get(self, name: str) -> Row | None:
        """Return a resource by its name."""
        found = self.run("SELECT name, fields, body, text FROM resources WHERE name = ?", (name,))
        return make_row(found[0]) if found else None

    def read(self, kind: str, name: str) -> Any:
        """Return a resource as a message of a kind. None if there is none."""
        row = self.get(name)
        return None if row is None else find_message(kind).FromString(row.body)

    def delete(self, name: str) -> None:
        """Delete a resource with its links and its content."""
        with self.atomic():
            self.run("DELETE FROM links WHERE source = ? OR target = ?", (name, name))
            self.run("DELETE FROM contents WHERE name = ?", (name,))
            self.run("DELETE FROM resources WHERE name = ?", (name,))

    def put_content(self, name: str, content: bytes) -> None:
        """Store the content of a resource."""
        self.run("INSERT OR REPLACE INTO contents VALUES (?, ?)", (name, content))

    def get_content(self, name: str) -> bytes | None:
        """Return the content of a resource. None if there is none."""
        found = self.run("SELECT content FROM contents WHERE name = ?", (name,))
        return found[0][0] if found else None

    def link(self, kind: str, source: str, target: str, fact: str = "") -> None:
        """Join two resources."""
        self.run("INSERT OR REPLACE INTO links VALUES (?, ?, ?, ?)", (kind, source, target, fact))

    def unlink(self, kind: str, source: str, target: str) -> None:
        """Separate two resources."""
        values = (kind, source, target)
        self.run("DELETE FROM links WHERE kind = ? AND source = ? AND target = ?", values)

    def list_links(self, kind: str, *, source: str = "", target: str = "") -> list[tuple[str, ...]]:
        """Return the links of a kind from a source or to a target: source, target and fact."""
        column, value = ("source", source) if source else ("target", target)
        return self.run(
            f"SELECT source, target, fact FROM links WHERE kind = ? AND {column} = ?"
            " ORDER BY rowid",
            (kind, value),
        )


def make_row(values: Sequence[Any]) -> Row:
    """Return a row of the table of resources, from its name, fields, body and text."""
    name, fields, body, text = values
    return Row(name=name, fields=json.loads(fields), body=body, text=text)
