"""Names of resources: Google's answers have the project's number, whatever the request has."""

from __future__ import annotations

import datetime as dt
import re
import secrets

from ..project_numbers import compute_number
from .refusals import invalid, missing
from .store import Store

_PROJECT = re.compile(r"projects/(?P<project>[^/]+)(?P<rest>/.*|)")
_LOCATION = re.compile(r"projects/[^/]+/locations/(?P<location>[^/]+)(?:/.*|)")


class Projects:
    """The projects that requests have named, with their numbers."""

    def __init__(self, store: Store) -> None:
        """Keep the numbers in the `store`."""
        self._store = store

    def find_number(self, project: str) -> int:
        """Return the number of a project, given its ID or its number."""
        if project.isdecimal():
            return int(project)
        if not re.fullmatch(r"[a-z][a-z0-9:.-]{0,62}", project):
            raise invalid(f"Invalid resource name: `{project}` is not a project ID.")
        with self._store.lock:
            found = self._store.run("SELECT number FROM projects WHERE id = ?", (project,))
            if found:
                return int(found[0][0])
            number = compute_number(project)
            self._store.run("INSERT OR IGNORE INTO projects VALUES (?, ?)", (number, project))
            return number

    def find_id(self, project: str) -> str:
        """Return the ID of a project, given its ID or its number."""
        if not project.isdecimal():
            self.find_number(project)
            return project
        found = self._store.run("SELECT id FROM projects WHERE number = ?", (int(project),))
        if not found:
            raise missing("project", f"projects/{project}")
        return str(found[0][0])

    def canonize(self, name: str) -> str:
        """Return a resource's name with the project's number."""
        found = _PROJECT.fullmatch(name)
        if found is None:
            raise invalid(f"Invalid resource name: `{name}`. It begins with `projects/PROJECT`.")
        return f"projects/{self.find_number(found['project'])}{found['rest']}"

    def spell(self, name: str) -> str:
        """Return a resource's name with the project's ID."""
        _, _, rest = self.canonize(name).split("/", 1)[1].partition("/")
        return f"projects/{self.find_id(name.split('/')[1])}/{rest}"


def split_name(name: str) -> tuple[str, str]:
    """Return a resource's parent and its ID."""
    parent, _, last = name.rpartition("/")
    return parent.rpartition("/")[0], last


def find_location(name: str) -> str:
    """Return the resource's location, with its project: `projects/1/locations/europe-west4`."""
    return "/".join(name.split("/")[:4])


def require_location(parent: str) -> None:
    """Require a location and nothing below it."""
    found = _LOCATION.fullmatch(parent)
    if found is None or parent.count("/") != 3:  # noqa: PLR2004 - the slashes of such a name
        raise invalid(f"Invalid parent: `{parent}`. Use projects/PROJECT/locations/LOCATION.")


def make_id() -> str:
    """Return a number of 19 digits that nothing else has."""
    return str(10**18 + secrets.randbelow(9 * 10**18))


def read_clock() -> dt.datetime:
    """Return the time in UTC."""
    return dt.datetime.now(dt.timezone.utc)


def write_time(moment: dt.datetime) -> str:
    """Return a time in a form that sorts like the times themselves."""
    return moment.astimezone(dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
