"""Finds values that look like credentials, in files and among the values that a run gets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kfpkit.bundle.gathering import SecretRules
from kfpkit.configuration.given import Given, Origin
from kfpkit.configuration.references import is_credential_name, is_reference
from kfpkit.errors import ConfigurationFault
from kfpkit.place import Place
from kfpkit.project import Project

KIND = "named-credential"
"""The kind of a value whose name says that it is a credential."""

_REMEDY = (
    "Anyone who can read the pipeline's runs can read it. Store it in Secret Manager, and write "
    "`secret: projects/…/secrets/…` instead. If it isn't a secret, add `{entry}` to "
    "`allow-secrets` in {settings}"
)

_Keys = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Found:
    """Something that looks like a credential. Its keys are empty if it is no value."""

    where: Place | str
    kind: str
    title: str
    keys: _Keys = ()


def find_credentials(
    given: Given, values: Mapping[str, Any], origins: Mapping[str, Origin], project: Project
) -> list[ConfigurationFault]:
    """Find what looks like a credential, and isn't allowed by the project's settings.

    A file is searched as a whole too, because its comments travel with it.

    Args:
        given: What is given for the run.
        values: The values for parameters.
        origins: Where they come from.
        project: The project.
    """
    rules = SecretRules(root=project.root, allowed=project.allow_secrets)
    found = [
        each
        for keys, text, origin in _list_texts(given, values, origins)
        for each in _search_value(keys, text, origin.place or str(origin), rules)
    ]
    kinds = {each.kind for each in found}
    if given.document is not None:
        file = given.document.file
        for secret in rules.secrets_in(file.resolve(), given.document.text.encode()):
            if secret.kind not in kinds:
                where = Place(file, secret.place.line)
                found.append(_Found(where=where, kind=secret.kind, title=secret.title))
    return list(_refuse(found, rules, project))


def _search_value(
    keys: _Keys, text: str, where: Place | str, rules: SecretRules
) -> Iterator[_Found]:
    for secret in rules.secrets_in(rules.root / keys[0], text.encode(errors="replace")):
        yield _Found(where=where, kind=secret.kind, title=secret.title, keys=keys)
    if is_credential_name(keys[-1]) and text and not is_reference(text):
        yield _Found(where=where, kind=KIND, title="a credential, by its name", keys=keys)


def _list_texts(
    given: Given, values: Mapping[str, Any], origins: Mapping[str, Origin]
) -> Iterator[tuple[_Keys, str, Origin]]:
    """Yield the strings among the values, with their keys."""
    for name, value in values.items():
        for keys, text in _walk(("parameters", name), value):
            yield keys, text, origins[name]
    for name, text in given.settings.environment_variables.items():
        keys = ("environment_variables", name)
        place = given.document.find_place(keys) if given.document else None
        yield keys, text, Origin(place=place)


def _walk(keys: _Keys, value: Any) -> Iterator[tuple[_Keys, str]]:
    if isinstance(value, str):
        yield keys, value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _walk((*keys, str(key)), each)
    elif isinstance(value, Iterable):
        for each in value:
            yield from _walk(keys, each)


def _refuse(
    found: Iterable[_Found], rules: SecretRules, project: Project
) -> Iterator[ConfigurationFault]:
    settings = project.root / "pyproject.toml"
    for each in found:
        entry = f"{_name_source(each.where, project)}:{each.kind}"
        if rules.allows_entry(entry):
            continue
        named = f"`{'.'.join(each.keys)}`" if each.keys else "it"
        remedy = _REMEDY.format(entry=entry, settings=settings)
        problem = f"{named} looks like {each.title} ({each.kind}). {remedy}"
        yield ConfigurationFault(where=each.where, problem=problem, key=each.keys)


def _name_source(where: Place | str, project: Project) -> str:
    if isinstance(where, str):
        return where
    whole = Path(where.file).resolve()
    if whole.is_relative_to(project.root):
        return whole.relative_to(project.root).as_posix()
    return str(whole)
