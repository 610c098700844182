"""Pipelines, compiled with images by digest as a target gets them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kfpkit.compiler import list_images, to_yaml
from kfpkit.errors import InvalidPipelineFileError
from kfpkit.loading import load_pipeline
from kfpkit.project import Project, find_project
from kfpkit.specification import BaseComponent, PipelineSpec, read_specification
from kfpkit.targets.submission.images import resolve_images
from kfpkit.targets.template import Template, read_template

_YAML = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, kw_only=True)
class ReadPipeline:
    """A pipeline, compiled with images by tag.

    Args:
        source: Its file or folder.
        spec: Its specification.
        images: The images of its tasks.
        text: The compiled pipeline.
        pipeline: KFP's object. None if it was read from a compiled file.
        has_kubernetes: Whether the target takes settings for Kubernetes.
    """

    source: Path
    spec: PipelineSpec
    images: tuple[str, ...]
    text: str
    pipeline: BaseComponent | None = None
    has_kubernetes: bool = False

    def compile(self, pins: Mapping[str, str]) -> Template:
        """Return the compiled pipeline with images by digest.

        Args:
            pins: References by digest for those by tag.
        """
        used = {image: pins[image] for image in self.images if image in pins}
        if not used:
            return self._read_template(self.text)
        if self.pipeline is not None:
            return self._read_template(to_yaml(self.pipeline, pins=used))
        return self._read_template(_replace_images(self.text, used))

    def check(self) -> None:
        """Refuse what the target would not run.

        Raises:
            TargetsError: An old version of KFP has compiled it, or the target doesn't take its
                settings.
        """
        self._read_template(self.text)

    def _read_template(self, text: str) -> Template:
        return read_template(text, has_kubernetes=self.has_kubernetes)


def read_pipeline(
    source: Path, name: str | None = None, *, has_kubernetes: bool = False
) -> ReadPipeline:
    """Load a pipeline, or read a compiled one, and refuse what its target would not run.

    Args:
        source: A Python file, a folder with a `pipeline.py`, or a compiled pipeline.
        name: The pipeline function's name, if a file defines more than one.
        has_kubernetes: Whether the target takes settings for Kubernetes.

    Raises:
        KfpkitError: The pipeline can't be loaded or read.
    """
    read = replace(_read(source, name), has_kubernetes=has_kubernetes)
    read.check()
    return read


def _read(source: Path, name: str | None) -> ReadPipeline:
    if source.suffix in _YAML and not source.is_dir():
        found = read_specification(source, containers=True)
        try:
            text = found.text.decode()
        except UnicodeDecodeError as error:
            raise InvalidPipelineFileError(file=source, cause=str(error)) from None
        return ReadPipeline(source=source, spec=found.spec, images=found.images, text=text)
    pipeline = load_pipeline(source, name)
    return ReadPipeline(
        source=source,
        spec=pipeline.pipeline_spec,
        images=list_images(pipeline),
        text=to_yaml(pipeline),
        pipeline=pipeline,
    )


def resolve_all_images(pipelines: Sequence[ReadPipeline]) -> dict[str, str]:
    """Return the images of pipelines by digest, with one question for each project.

    Args:
        pipelines: The pipelines.

    Raises:
        KfpkitError: The registry lacks images, or can't be queried.
    """
    images: dict[Project, list[str]] = {}
    for each in pipelines:
        images.setdefault(find_project(each.source), []).extend(each.images)
    return {
        image: pin
        for project, found in images.items()
        for image, pin in resolve_images(project, found).items()
    }


def _replace_images(text: str, pins: Mapping[str, str]) -> str:
    """Replace images in a compiled pipeline, and nothing else of its text."""
    for image, pin in pins.items():
        line = rf"(?m)^(\s+image: )(['\"]?){re.escape(image)}\2$"
        text = re.sub(line, lambda found, pin=pin: f"{found[1]}{pin}", text)  # type: ignore[misc]
    return text
