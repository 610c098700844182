"""Finds the configuration files of a pipeline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from kfpkit.configuration.documents import read_document
from kfpkit.configuration.model import KEYS
from kfpkit.errors import MissingConfigError

FOLDER = "config"
"""The folder of a pipeline in which every YAML file is a configuration."""

_PIPELINE = "pipeline.py"
_LOCAL = "local.yaml"
_KEY = re.compile(rf"^(?:{'|'.join(KEYS)})\s*:", re.MULTILINE)


def find_configuration(name: Path, pipeline: Path) -> Path:
    """Find a configuration file by its path, or among the files of a pipeline.

    Args:
        name: The file, relative to the working directory, to the pipeline's folder or to the folder
            `config` in it.
        pipeline: The pipeline's folder or file.

    Returns:
        The file.

    Raises:
        MissingConfigError: The file doesn't exist in any of these places.
    """
    folder = find_folder(pipeline)
    for candidate in (name, folder / name, folder / FOLDER / name):
        if candidate.is_file():
            return candidate
    beside = [file.relative_to(folder).as_posix() for file in list_configurations(pipeline)]
    raise MissingConfigError(file=folder / name, beside=beside)


def list_configurations(pipeline: Path) -> list[Path]:
    """List the configuration files of a pipeline.

    These are the YAML files in its folder `config`, and those beside it that have a key of a
    configuration or are called `local.yaml`. Other files beside it, such as the schema of a table,
    are not configurations.

    Args:
        pipeline: The pipeline's folder or file.
    """
    folder = find_folder(pipeline)
    beside = [file for file in _list_yaml(folder) if file != pipeline and _is_configuration(file)]
    return [*beside, *_list_yaml(folder / FOLDER)]


def find_folder(pipeline: Path) -> Path:
    """Return the folder of a pipeline.

    Args:
        pipeline: The folder, or a file in it.
    """
    return pipeline if pipeline.is_dir() else pipeline.parent


def find_owner(file: Path) -> Path | None:
    """Return the folder of the pipeline that a configuration file belongs to.

    Args:
        file: The configuration file.

    Returns:
        The folder. None if the file is in no pipeline's folder.
    """
    whole = file.resolve()
    folders = [whole.parent, *([whole.parents[1]] if whole.parent.name == FOLDER else [])]
    return next((folder for folder in folders if (folder / _PIPELINE).is_file()), None)


def _list_yaml(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(
            entry
            for entry in folder.iterdir()
            if entry.suffix in {".yaml", ".yml"} and entry.is_file()
        )


def _is_configuration(file: Path) -> bool:
    if file.name == _LOCAL:
        return True
    document = read_document(file)
    # A file that isn't YAML has no values, but its author may have meant it as a configuration.
    return any(key in document.values for key in KEYS) or (
        not document.values and _KEY.search(document.text) is not None
    )
