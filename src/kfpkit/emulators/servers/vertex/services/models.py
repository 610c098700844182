"""ModelService: models with versions and aliases."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from ..filtering import Fields
from ..filtering.conditions import MAP, TEXT
from ..google_messages import find_message
from ..listing import Page, Query, list_page
from ..names import (
    Projects,
    find_location,
    make_id,
    read_clock,
    require_location,
    split_name,
    write_time,
)
from ..refusals import existing, invalid, missing, unmet
from ..store import Store
from .operations import Operations
from .updates import apply_mask

KIND = "Model"
VERSION = "ModelVersion"
DEFAULT = "default"
_FIELDS = Fields(
    fields={"model": TEXT, "display_name": TEXT, "labels": MAP, "base_model_name": TEXT}
)
_ORDERS = ("create_time", "update_time", "display_name")
_ID = re.compile(r"[a-z_][a-z0-9_-]{0,62}|[0-9]+")
_ALIAS = re.compile(r"[a-z][a-zA-Z0-9-]{0,126}[a-z0-9-]")


class Models:
    """The models. Each version is a resource, and so is each model: its default version."""

    def __init__(self, store: Store, projects: Projects, operations: Operations) -> None:
        """Keep the models in the `store`."""
        self._store = store
        self._projects = projects
        self._operations = operations

    @property
    def methods(self) -> dict[str, Any]:
        """The functions of the service."""
        return {
            "UploadModel": self.upload,
            "GetModel": self.get_model,
            "ListModels": self.list_models,
            "ListModelVersions": self.list_versions,
            "UpdateModel": self.update,
            "MergeVersionAliases": self.merge_aliases,
            "DeleteModel": self.delete,
            "DeleteModelVersion": self.delete_version,
        }

    def upload(self, request: Any) -> Any:
        """Upload a model, or a version of one that exists."""
        parent = self._projects.canonize(request.parent)
        require_location(parent)
        if not request.model.display_name and not request.parent_model:
            raise invalid("`model.display_name` is required.")
        with self._store.lock:
            name, number = self._choose_name(request, parent)
            model = find_message(KIND)()
            model.CopyFrom(request.model)
            model.name, model.version_id = name, str(number)
            aliases = list(model.version_aliases)
            del model.version_aliases[:]
            _stamp(model, new=True)
            known = self._list(name)
            model.create_time.CopyFrom(known[0].create_time if known else model.version_create_time)
            wanted = {*aliases, *([] if known else [DEFAULT])}
            self._put_version(model)
            self._assign(name, model.version_id, wanted)
        response = find_message("UploadModelResponse")(
            model=name, model_version_id=model.version_id
        )
        metadata = find_message("UploadModelOperationMetadata")()
        return self._operations.start(name, metadata, response)

    def _choose_name(self, request: Any, parent: str) -> tuple[str, int]:
        """Return the name of the model and the number of its new version."""
        if request.parent_model:
            name = self._projects.canonize(request.parent_model).partition("@")[0]
            versions = self._list(name)
            if not versions:
                raise missing(KIND, name)
            return name, max(int(each.version_id) for each in versions) + 1
        if request.model_id and not _ID.fullmatch(request.model_id):
            raise invalid(
                f"Invalid `model_id`: `{request.model_id}`. Use at most 63 lower-case letters, "
                "digits, underscores and hyphens, and begin with a letter."
            )
        name = f"{parent}/models/{request.model_id or make_id()}"
        if self._store.get(name) is not None:
            raise existing(name)
        return name, 1

    def _list(self, name: str) -> list[Any]:
        """Return the versions of a model."""
        found = self._store.run(
            "SELECT body FROM resources WHERE kind = ? AND parent = ? ORDER BY rowid",
            (VERSION, name),
        )
        return [find_message(KIND).FromString(body) for (body,) in found]

    def _put_version(self, model: Any) -> None:
        fields = _list_fields(model)
        name = f"{model.name}@{model.version_id}"
        self._store.put(VERSION, name, model.name, model, fields)

    def _assign(
        self, name: str, version: str, added: set[str], removed: Collection[str] = ()
    ) -> None:
        """Give a version aliases, which no other version then has, and take others away."""
        for alias in added:
            if not _ALIAS.fullmatch(alias):
                raise invalid(f"Invalid alias: `{alias}`. It must match {_ALIAS.pattern}.")
        for each in self._list(name):
            before = list(each.version_aliases)
            kept = [alias for alias in before if alias not in added]
            if each.version_id == version:
                kept = [alias for alias in before if alias not in {*removed, *added}]
                kept += sorted(added)
            if kept != before:
                del each.version_aliases[:]
                each.version_aliases.extend(kept)
                _stamp(each)
                self._put_version(each)
        self._put_default(name)

    def _put_default(self, name: str) -> None:
        """Store the default version under the model's own name."""
        default = self._find(name, DEFAULT)
        fields = {**_list_fields(default), "model": split_name(name)[1]}
        self._store.put(KIND, name, find_location(name), default, fields)

    def _find(self, name: str, wanted: str) -> Any:
        """Return a version by its number or one of its aliases."""
        for each in self._list(name):
            if wanted in {each.version_id, *each.version_aliases}:
                return each
        raise missing(KIND, f"{name}@{wanted}" if wanted != DEFAULT else name)

    def _read(self, name: str) -> Any:
        found, _, version = self._projects.canonize(name).partition("@")
        return self._find(found, version or DEFAULT)

    def get_model(self, request: Any) -> Any:
        """Return a version of a model, by default its default version."""
        return self._read(request.name)

    def list_models(self, request: Any) -> Page:
        """List a page of models."""
        parent = self._projects.canonize(request.parent)
        require_location(parent)
        return self._list_page(request, KIND, parent, "ListModelsResponse")

    def list_versions(self, request: Any) -> Page:
        """List a page of the versions of a model."""
        name = self._read(request.name).name
        return self._list_page(request, VERSION, name, "ListModelVersionsResponse")

    def _list_page(self, request: Any, kind: str, parent: str, response: str) -> Page:
        query = Query(
            kind=kind,
            parent=parent,
            fields=_FIELDS,
            orders=_ORDERS,
            filter=request.filter,
            order_by=request.order_by,
            page_size=request.page_size,
            page_token=request.page_token,
        )
        rows, token = list_page(self._store, query)
        mask = tuple(request.read_mask.paths)
        return Page(response=response, field="models", kind=KIND, rows=rows, token=token, mask=mask)

    def update(self, request: Any) -> Any:
        """Change fields of a version of a model."""
        model = self._read(request.model.name)
        apply_mask(request.model, model, request.update_mask.paths)
        _stamp(model)
        self._put_version(model)
        self._put_default(model.name)
        return model

    def merge_aliases(self, request: Any) -> Any:
        """Give a version aliases, and take away those with a hyphen in front."""
        model = self._read(request.name)
        removed = {each[1:] for each in request.version_aliases if each.startswith("-")}
        added = {each for each in request.version_aliases if not each.startswith("-")}
        if DEFAULT in removed:
            raise invalid("The alias `default` cannot be removed. Give it to another version.")
        with self._store.lock:
            self._assign(model.name, model.version_id, added - removed, removed - added)
        return self._find(model.name, model.version_id)

    def delete(self, request: Any) -> Any:
        """Delete a model with all versions."""
        name = self._read(request.name.partition("@")[0]).name
        for each in self._list(name):
            self._store.delete(f"{name}@{each.version_id}")
        self._store.delete(name)
        return self._start_deletion(name)

    def delete_version(self, request: Any) -> Any:
        """Delete a version that isn't the default one."""
        if "@" not in request.name:
            raise invalid("`name` must include a version: `models/MODEL@VERSION`.")
        model = self._read(request.name)
        if DEFAULT in model.version_aliases:
            raise unmet(
                f"{model.name}@{model.version_id} is the default version and cannot be deleted. "
                "Give the alias `default` to another version, or delete the model."
            )
        self._store.delete(f"{model.name}@{model.version_id}")
        return self._start_deletion(model.name)

    def _start_deletion(self, name: str) -> Any:
        metadata = find_message("DeleteOperationMetadata")()
        return self._operations.start(name, metadata, find_message("google.protobuf.Empty")())


def _stamp(model: Any, *, new: bool = False) -> None:
    now = read_clock()
    if new:
        model.version_create_time.FromDatetime(now)
    model.version_update_time.FromDatetime(now)
    model.update_time.FromDatetime(now)
    model.etag = make_id()


def _list_fields(model: Any) -> dict[str, Any]:
    utc = read_clock().tzinfo
    return {
        "display_name": model.display_name,
        "labels": dict(model.labels),
        "create_time": write_time(model.version_create_time.ToDatetime(utc)),
        "update_time": write_time(model.version_update_time.ToDatetime(utc)),
    }
