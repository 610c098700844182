"""Records as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import PydanticSerializationError

from kfpkit.errors import NewerRecordError, UnreadableRecordError
from kfpkit.files import replace
from kfpkit.runs.record.run import FORMAT, RunRecord

NAME = "run.json"
"""The name of the record in the run's folder."""


class _Format(BaseModel):
    """The fields that are read first, because they say how to read the rest."""

    model_config = ConfigDict(extra="ignore")

    format: int


def read_record(path: Path) -> RunRecord:
    """Read the record of a run, which may be in progress.

    Args:
        path: The run's folder, or the record's file.

    Returns:
        The record. Fields that this version doesn't know are left out.

    Raises:
        NewerRecordError: A later version of kfpkit wrote it in a newer format.
        UnreadableRecordError: There is no record, or the file isn't one.
    """
    file = path
    try:
        file = path / NAME if path.is_dir() else path
        content = file.read_bytes()
        written = _Format.model_validate_json(content).format
        if written > FORMAT:
            raise NewerRecordError(file=file, written=written, known=FORMAT)
        return RunRecord.model_validate_json(content)
    except OSError as error:
        cause = error.strerror or str(error)
        raise UnreadableRecordError(file=file, cause=cause) from error
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in fault["loc"])
        cause = f"`{place}`: {fault['msg']}" if place else fault["msg"]
        raise UnreadableRecordError(file=file, cause=cause) from error


def write_record(record: RunRecord, folder: Path) -> None:
    """Write the record of a run. Readers see the earlier one or this one, never a part.

    Args:
        record: The record.
        folder: The run's folder.

    Raises:
        OSError: It can't be written. The earlier one stays.
    """
    replace(folder / NAME, f"{serialize_record(record)}\n".encode())


def serialize_record(record: RunRecord) -> str:
    """Return a record as JSON.

    Args:
        record: The record.
    """
    try:
        return _serialize(record)
    except PydanticSerializationError:  # text that is not Unicode, as a file's name may be
        plain = _make_readable(record.model_dump(by_alias=True))
        return _serialize(RunRecord.model_validate(plain))


def _serialize(record: RunRecord) -> str:
    return record.model_dump_json(indent=2, exclude_none=True, by_alias=True)


def _make_readable(value: Any) -> Any:
    """Escape what UTF-8 can't encode, in all strings of a value."""
    if isinstance(value, str):
        return value.encode(errors="backslashreplace").decode()
    if isinstance(value, dict):
        return {_make_readable(key): _make_readable(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_make_readable(each) for each in value]
    return value
