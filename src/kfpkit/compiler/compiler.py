"""Compiling a pipeline to YAML: KFP's own specification, written reproducibly and at once.

The documents and comments are those that `kfp.compiler` writes. Only their writer differs: libyaml,
since payloads make the documents large and PyYAML's own writer takes some forty times as long. And
what is written is read back: KFP's own file breaks where a parameter's default has several lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from google.protobuf import json_format

from kfpkit import collector, files
from kfpkit.authoring import require_plain_text
from kfpkit.compiler.inspection import inspect_pipeline
from kfpkit.errors import InvalidDestinationError
from kfpkit.specification import BaseComponent, check_by_kfp, extract_comments, write_documents


def compile_pipeline(
    pipeline: BaseComponent, destination: Path, *, pins: Mapping[str, str] | None = None
) -> Path:
    """Write a pipeline, or a single component, as YAML.

    Args:
        pipeline: KFP's pipeline or component object.
        destination: The file to write, ending in `.yaml`; its folder is made. It is replaced as
            a whole or stays as it was.
        pins: Images, each with the one to write instead; `kfpkit.images.pins_of` asks the
            registry for those by digest.

    Returns:
        The file.

    Raises:
        InvalidDestinationError: The name does not end in `.yaml` or `.yml`, or cannot be written.
        PipelineError: A task would not get what the author wrote.
        BundleError: A component cannot ship.
        EnvironmentsError: A component's environment is missing or stale.
        UnreadablePipelineError: What would be written does not read back.
    """
    if destination.suffix not in {".yaml", ".yml"}:
        raise InvalidDestinationError(file=destination, cause="its name does not end in `.yaml`")
    text = to_yaml(pipeline, pins=pins)
    try:
        files.replace(destination, text.encode())
    except OSError as error:
        raise InvalidDestinationError(
            file=destination, cause=error.strerror or str(error)
        ) from error
    return destination


def to_yaml(pipeline: BaseComponent, *, pins: Mapping[str, str] | None = None) -> str:
    """Return a pipeline, or a single component, as YAML text.

    Args:
        pipeline: KFP's pipeline or component object.
        pins: Images, each with the one to write instead.

    Returns:
        The documents: the pipeline's specification and, if it asks for any, the platform's.

    Raises:
        PipelineError: A task would not get what the author wrote.
        PlaceholderInputError: A library has put the description of a placeholder into a text.
        UnreadablePipelineError: The text does not read back as what was written.
    """
    message = pipeline.pipeline_spec
    inspect_pipeline(pipeline, message)
    with collector.paused():
        text = _write_yaml(pipeline, message, pins or {})
    require_plain_text(text)
    return text


def _write_yaml(pipeline: BaseComponent, message: Any, pins: Mapping[str, str]) -> str:
    spec = json_format.MessageToDict(message)
    platform = json_format.MessageToDict(pipeline.platform_spec)
    if _downloads_to_workspace(spec):
        check_by_kfp(pipeline)  # it alone refuses a download without a workspace
    for container in _containers(spec):
        container["image"] = pins.get(container["image"], container["image"])
    comments = extract_comments(spec, pipeline.description)
    documents = [spec, platform] if platform.get("platforms") else [spec]
    return write_documents(documents, comments=comments)


def list_images(pipeline: BaseComponent) -> tuple[str, ...]:
    """Return the images that a pipeline's containers run in, each once, sorted."""
    spec = json_format.MessageToDict(pipeline.pipeline_spec)
    return tuple(sorted({container["image"] for container in _containers(spec)}))


def _containers(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for executor in spec.get("deploymentSpec", {}).get("executors", {}).values():
        if "image" in executor.get("container", {}):
            yield executor["container"]


def _downloads_to_workspace(spec: dict[str, Any]) -> bool:
    executors = spec.get("deploymentSpec", {}).get("executors", {}).values()
    return any(executor.get("importer", {}).get("downloadToWorkspace") for executor in executors)
