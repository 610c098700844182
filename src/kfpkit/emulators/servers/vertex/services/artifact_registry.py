"""ArtifactRegistry: packages, versions and tags of repositories for compiled pipelines (KFP)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from ..filtering import Fields
from ..filtering.conditions import TEXT
from ..google_messages import find_message
from ..listing import Page, Query, list_page
from ..names import Projects, find_location, read_clock, split_name, write_time
from ..refusals import existing, invalid, missing, unmet
from ..store import Store
from .operations import Operations
from .pipeline_name import read_pipeline_name

_MESSAGES = "google.devtools.artifactregistry.v1"
PACKAGE, VERSION, TAG = (f"{_MESSAGES}.{each}" for each in ("Package", "Version", "Tag"))
_FIELDS = {
    PACKAGE: Fields(fields={"name": TEXT}),
    VERSION: Fields(fields={"name": TEXT}),
    TAG: Fields(fields={"name": TEXT, "version": TEXT}),
}
_ORDERS = ("name", "create_time", "update_time")
_BASIC = ("name", "description", "create_time", "update_time", "metadata")
_FULL = 2
_TAG = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}")


class ArtifactRegistry:
    """The packages. Every repository exists."""

    def __init__(self, store: Store, projects: Projects, operations: Operations) -> None:
        """Keep packages, versions and tags in the `store`."""
        self._store = store
        self._projects = projects
        self._operations = operations

    @property
    def methods(self) -> dict[str, Any]:
        """The functions of the service."""
        return {
            "GetPackage": self.get_package,
            "ListPackages": self.list_packages,
            "DeletePackage": self.delete_package,
            "GetVersion": self.get_version,
            "ListVersions": self.list_versions,
            "DeleteVersion": self.delete_version,
            "GetTag": self.get_tag,
            "ListTags": self.list_tags,
            "CreateTag": self.create_tag,
            "UpdateTag": self.update_tag,
            "DeleteTag": self.delete_tag,
        }

    def upload(self, repository: str, content: bytes, tags: Sequence[str]) -> tuple[str, str]:
        """Store a compiled pipeline, and return its package and version.

        The pipeline's name is the package, and the digest of the content the version. Tags move
        here from other versions.
        """
        package = f"{self._spell(repository)}/packages/{read_pipeline_name(content)}"
        name = f"{package}/versions/sha256:{hashlib.sha256(content).hexdigest()}"
        for tag in tags:
            _check_tag(tag)
        with self._store.atomic():
            if self._store.get(name) is None:
                self._put_new(PACKAGE, package)
                self._put_new(VERSION, name)
                self._store.put_content(name, content)
            for tag in tags:
                self._assign(f"{package}/tags/{tag}", name)
        return split_name(package)[1], split_name(name)[1]

    def find_version(self, package: str, wanted: str) -> str:
        """Return the name of a version, given its package's name and its ID or a tag."""
        own = self._spell(package)
        if wanted.startswith("sha256:"):
            return str(self._find(VERSION, f"{own}/versions/{wanted}").name)
        return str(self._find(TAG, f"{own}/tags/{wanted}").version)

    def download(self, package: str, wanted: str) -> bytes:
        """Return a compiled pipeline, given its package's name and a version or tag."""
        name = self.find_version(package, wanted)
        content = self._store.get_content(name)
        if content is None:
            raise missing("version", name)
        return content

    def _spell(self, name: str) -> str:
        """Return a name with the project's ID, which this service uses in its answers."""
        return self._projects.spell(name)

    def _put_new(self, kind: str, name: str) -> None:
        if self._store.get(name) is None:
            message = find_message(kind)(name=name)
            message.create_time.FromDatetime(read_clock())
            self._put(kind, message)

    def _put(self, kind: str, message: Any) -> None:
        now = read_clock()
        fields = {"name": message.name, "create_time": write_time(now)}
        if kind == TAG:
            fields["version"] = message.version
        else:
            message.update_time.FromDatetime(now)
            created = message.create_time.ToDatetime(now.tzinfo)
            fields |= {"create_time": write_time(created), "update_time": write_time(now)}
        self._store.put(kind, message.name, split_name(message.name)[0], message, fields)

    def _find(self, kind: str, name: str) -> Any:
        found = self._store.read(kind, self._spell(name))
        if found is None:
            raise missing(kind.rpartition(".")[2].lower(), name)
        return found

    def _assign(self, tag: str, version: str) -> Any:
        """Have a tag point to a version."""
        before = self._store.read(TAG, tag)
        message = find_message(TAG)(name=tag, version=version)
        self._put(TAG, message)
        for each in {version, *([before.version] if before else [])}:
            self._relate(each)
        return message

    def _relate(self, version: str) -> None:
        """Store a version with the tags that point to it."""
        message = self._store.read(VERSION, version)
        found = self._store.run(
            "SELECT body FROM resources WHERE kind = ? AND json_extract(fields, '$.version') = ?"
            " ORDER BY name",
            (TAG, version),
        )
        del message.related_tags[:]
        message.related_tags.extend(find_message(TAG).FromString(body) for (body,) in found)
        self._put(VERSION, message)

    def get_package(self, request: Any) -> Any:
        """Return a package."""
        return self._find(PACKAGE, request.name)

    def list_packages(self, request: Any) -> Page:
        """List a page of the packages of a repository."""
        return self._list(request, PACKAGE, self._spell(request.parent), "packages")

    def delete_package(self, request: Any) -> Any:
        """Delete a package with its versions and tags."""
        package = self._find(PACKAGE, request.name).name
        with self._store.atomic():
            for kind in (TAG, VERSION):
                for (name,) in self._list_names(kind, package):
                    self._store.delete(name)
            self._store.delete(package)
        return self._end_deletion(package)

    def _list_names(self, kind: str, parent: str) -> list[tuple[Any, ...]]:
        return self._store.run(
            "SELECT name FROM resources WHERE kind = ? AND parent = ?", (kind, parent)
        )

    def get_version(self, request: Any) -> Any:
        """Return a version, with its tags if the view asks for them."""
        version = self._find(VERSION, request.name)
        if request.view != _FULL:
            version.ClearField("related_tags")
        return version

    def list_versions(self, request: Any) -> Page:
        """List a page of the versions of a package."""
        mask = () if request.view == _FULL else _BASIC
        parent = self._find(PACKAGE, request.parent).name
        return self._list(request, VERSION, parent, "versions", mask)

    def delete_version(self, request: Any) -> Any:
        """Delete a version. One with tags needs `force`."""
        version = self._find(VERSION, request.name)
        tags = [each.name for each in version.related_tags]
        if tags and not request.force:
            raise unmet(
                f"The version {version.name} has tags: {', '.join(tags)}. Delete these first, or "
                "use `force`."
            )
        with self._store.atomic():
            for name in (*tags, version.name):
                self._store.delete(name)
        return self._end_deletion(version.name)

    def _end_deletion(self, name: str) -> Any:
        metadata = find_message(f"{_MESSAGES}.OperationMetadata")()
        empty = find_message("google.protobuf.Empty")()
        return self._operations.finish(find_location(name), metadata, empty)

    def get_tag(self, request: Any) -> Any:
        """Return a tag."""
        return self._find(TAG, request.name)

    def list_tags(self, request: Any) -> Page:
        """List a page of the tags of a package."""
        parent = self._find(PACKAGE, request.parent).name
        return self._list(request, TAG, parent, "tags")

    def create_tag(self, request: Any) -> Any:
        """Create a tag that points to a version."""
        parent = self._find(PACKAGE, request.parent).name
        name = f"{parent}/tags/{_check_tag(request.tag_id)}"
        if self._store.get(name) is not None:
            raise existing(name)
        with self._store.atomic():
            return self._assign(name, self._require_version(request.tag.version, parent))

    def update_tag(self, request: Any) -> Any:
        """Have a tag point to another version."""
        if list(request.update_mask.paths) not in ([], ["version"]):
            raise invalid("Invalid `update_mask`: only `version` can be changed.")
        tag = self._find(TAG, request.tag.name)
        package = tag.name.partition("/tags/")[0]
        with self._store.atomic():
            return self._assign(tag.name, self._require_version(request.tag.version, package))

    def _require_version(self, name: str, package: str) -> str:
        version = str(self._find(VERSION, name).name)
        if version.partition("/versions/")[0] != package:
            raise invalid(f"Invalid `tag.version`: {name} is not a version of {package}.")
        return version

    def delete_tag(self, request: Any) -> Any:
        """Delete a tag. Its version stays."""
        tag = self._find(TAG, request.name)
        with self._store.atomic():
            self._store.delete(tag.name)
            self._relate(tag.version)
        return find_message("google.protobuf.Empty")()

    def _list(
        self, request: Any, kind: str, parent: str, field: str, mask: Sequence[str] = ()
    ) -> Page:
        query = Query(
            kind=kind,
            parent=parent,
            fields=_FIELDS[kind],
            orders=_ORDERS,
            filter=request.filter,
            order_by=getattr(request, "order_by", ""),
            page_size=request.page_size,
            page_token=request.page_token,
        )
        rows, token = list_page(self._store, query)
        response = f"{_MESSAGES}.List{field.capitalize()}Response"
        return Page(
            response=response, field=field, kind=kind, rows=rows, token=token, mask=tuple(mask)
        )


def _check_tag(tag: str) -> str:
    if not _TAG.fullmatch(tag):
        raise invalid(f"Invalid tag: `{tag}`. It must match {_TAG.pattern}.")
    return tag
