"""What files, variables, options and programs give for a run, before its pipeline is known."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kfpkit.configuration.documents import Document, read_document
from kfpkit.configuration.finding import find_folder, find_owner
from kfpkit.configuration.model import Configuration, read_settings
from kfpkit.errors import ConfigurationFault
from kfpkit.place import Place

PREFIX = "KFPKIT_PARAM_"
"""What the names of environment variables with parameters begin with."""

OPTION = "--param"


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a value comes from.

    Args:
        name: `default`, an option, or the name of an environment variable. None for a file, and for
            a program.
        place: Its place in a file.
    """

    name: str | None = None
    place: Place | None = None

    def __str__(self) -> str:
        """Format the origin as messages have it."""
        return str(self.place or self.name or "the calling program")


DEFAULT = Origin(name="default")


@dataclass(frozen=True, kw_only=True)
class GivenValue:
    """A value for a parameter.

    Args:
        name: The parameter's name. For a variable, what follows the prefix.
        value: The value.
        origin: Where it comes from.
        is_text: Whether the value is a string that the parameter's type decides how to read.
        is_variable: Whether upper and lower case don't matter in the name.
    """

    name: str
    value: Any
    origin: Origin
    is_text: bool = False
    is_variable: bool = False


@dataclass(frozen=True, kw_only=True)
class Given:
    """All that is given for a run.

    Args:
        settings: The keys of the file, or their defaults.
        values: Values for parameters. Later ones take precedence.
        document: The file, if there is one.
        changed: The settings that options have changed, with the option.
        faults: What is wrong already.
        artifacts: The artifacts that the pipeline gets as inputs, by name. Files and options have
            none.
    """

    settings: Configuration
    values: tuple[GivenValue, ...] = ()
    document: Document | None = None
    changed: Mapping[str, Origin] = field(default_factory=dict)
    faults: tuple[ConfigurationFault, ...] = ()
    artifacts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def faulty(self) -> tuple[GivenValue, ...]:
        """The parameters whose values in the file have faults, without these values."""
        if self.document is None:
            return ()
        places = {
            name: self.document.find_place(("parameters", name))
            for name in self.document.list_faulty("parameters")
        }
        return tuple(
            GivenValue(name=name, value=None, origin=Origin(place=place))
            for name, place in sorted(places.items())
        )

    def change(self, changes: Mapping[str, Any], option: str) -> Given:
        """Return the same with settings that an option changes.

        Args:
            changes: The settings' new values.
            option: The option.
        """
        origin = Origin(name=option)
        return replace(
            self,
            settings=self.settings.model_copy(update=changes),
            changed={**self.changed, **dict.fromkeys(changes, origin)},
        )

    def find_origin(self, key: str) -> Origin:
        """Return where a setting comes from.

        Args:
            key: The key at the top of the file.
        """
        if key in self.changed:
            return self.changed[key]
        if key not in self.settings.model_fields_set:
            return DEFAULT
        return Origin(place=self.document.find_place((key,))) if self.document else Origin()


def collect_given(
    file: Path | None,
    *,
    pipeline: Path,
    options: Mapping[str, str] | None = None,
    variables: Mapping[str, str] = os.environ,
) -> Given:
    """Collect what a configuration file, environment variables and options give for a run.

    Args:
        file: The configuration file, if there is one.
        pipeline: The pipeline's folder or file.
        options: Parameters as strings, by name, from the command line.
        variables: The environment variables.

    Returns:
        What is given, with the faults of the file. Nothing is raised, so that all faults can be
        reported together with those that only the pipeline reveals.
    """
    read = Given(settings=Configuration()) if file is None else _read_file(file, pipeline)
    named = sorted(name for name in variables if name.startswith(PREFIX) and name != PREFIX)
    texts = [
        *((name.removeprefix(PREFIX), variables[name], name) for name in named),
        *((name, text, OPTION) for name, text in (options or {}).items()),
    ]
    values = (
        GivenValue(
            name=name,
            value=text,
            origin=Origin(name=source),
            is_text=True,
            is_variable=source != OPTION,
        )
        for name, text, source in texts
    )
    return replace(read, values=(*read.values, *values))


def adopt_given(
    configuration: Configuration | Given | None, texts: Mapping[str, str] | None = None
) -> Given:
    """Return what a program gives for a run.

    Args:
        configuration: A configuration, or what has been collected.
        texts: Parameters as strings, by name. They take precedence.
    """
    if not isinstance(configuration, Given):
        read = configuration or Configuration()
        values = tuple(_take(name, value) for name, value in read.parameters.items())
        configuration = Given(settings=read, values=values)
    taken = (_take(name, text, is_text=True) for name, text in (texts or {}).items())
    return replace(configuration, values=(*configuration.values, *taken))


def _take(name: str, value: Any, *, is_text: bool = False) -> GivenValue:
    return GivenValue(name=name, value=value, origin=Origin(), is_text=is_text)


def _read_file(file: Path, pipeline: Path) -> Given:
    document = read_document(file)
    settings, faults = read_settings(document)
    values = (
        GivenValue(
            name=name, value=value, origin=Origin(place=document.find_place(("parameters", name)))
        )
        for name, value in settings.parameters.items()
    )
    return Given(
        settings=settings,
        values=tuple(values),
        document=document,
        faults=(*document.faults, *faults, *_find_strangers(file, pipeline)),
    )


def _find_strangers(file: Path, pipeline: Path) -> list[ConfigurationFault]:
    """Refuse a file that belongs to another pipeline."""
    owner = find_owner(file)
    if owner is None or owner == find_folder(pipeline).resolve():
        return []
    if pipeline.suffix in {".yaml", ".yml"}:  # a compiled pipeline may be in any folder
        return []
    problem = f"it belongs to the pipeline in {owner}; copy it, or choose a file of {pipeline}"
    return [ConfigurationFault(where=Place(file), problem=problem)]
