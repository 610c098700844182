"""Compiles a pipeline to YAML: KFP's own specification, written reproducibly and atomically.

The documents and comments are those that `kfp.compiler` writes. Only the writer differs: payloads
make the documents large, and PyYAML's writer takes about forty times as long as libyaml. The result
is read back as a check, because KFP's own file breaks if a parameter's default has several lines.
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
        destination: The file to write, ending in `.yaml`. Its folder is created. The file is
            replaced as a whole, or stays unchanged.
        pins: Images, each with its replacement. `kfpkit.images.fetch_pins` gets those by digest
            from the registry.

    Returns:
        The file.

    Raises:
        InvalidDestinationError: The name doesn't end in `.yaml` or `.yml`, or the file can't be
            written.
        PipelineError: A task wouldn't get the value that the author wrote.
        BundleError: A component can't ship.
        EnvironmentsError: A component's environment is missing or stale.
        UnreadablePipelineError: The YAML reads back as something else.
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
    """Return a pipeline, or a single component, as a YAML string.

    Args:
        pipeline: KFP's pipeline or component object.
        pins: Images, each with its replacement.

    Returns:
        The documents: the pipeline's specification and, if it has any, the platform's.

    Raises:
        PipelineError: A task wouldn't get the value that the author wrote.
        PlaceholderInputError: A library has put the description of a placeholder into a string.
        UnreadablePipelineError: The YAML reads back as something else.
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
    """Return the images of a pipeline's containers, each once, sorted."""
    spec = json_format.MessageToDict(pipeline.pipeline_spec)
    return tuple(sorted({container["image"] for container in _containers(spec)}))


def _containers(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for executor in spec.get("deploymentSpec", {}).get("executors", {}).values():
        if "image" in executor.get("container", {}):
            yield executor["container"]


def _downloads_to_workspace(spec: dict[str, Any]) -> bool:
    executors = spec.get("deploymentSpec", {}).get("executors", {}).values()
    return any(executor.get("importer", {}).get("downloadToWorkspace") for executor in executors)
