"""`python -m benchmarks.images`: measure images, and fail when a bar is missed."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import docker

from benchmarks import report
from benchmarks.figures import Figure
from benchmarks.images import builds, layers, plan_time, pulls, sizes, start, venvs
from benchmarks.images.servers import fresh_engine, registry
from benchmarks.images.tasks import Tasks
from benchmarks.images.throttle import throttled
from kfpkit.environments import find_environment, list_environments
from kfpkit.project.project import Project, find_project

PARTS = ("plan", "venvs", "layers", "sizes", "start", "pulls")
OF_IMAGES = frozenset({"layers", "sizes", "start", "pulls"})
OF_THE_MONOLITH = frozenset({"sizes", "pulls"})
BANDWIDTH = 100.0


def main() -> None:
    """Measure what was asked for; write it into the documentation when asked to."""
    arguments = _arguments()
    project = find_project(Path(__file__))
    figures: list[Figure] = []
    if "plan" in arguments.only:
        figures += plan_time.measure()
    if "venvs" in arguments.only:
        chosen = [find_environment(project, name) for name in arguments.environments]
        figures += venvs.measure(
            chosen or [one for one in list_environments(project) if one.description.has_image]
        )
    if OF_IMAGES & set(arguments.only):
        figures += _of_images(project, arguments)
    report.show(figures)
    if arguments.write:
        report.write(figures, "layers" if set(arguments.only) == {"layers"} else "images")
    report.require_bars(figures)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only", nargs="+", choices=PARTS, default=PARTS, help="what to measure; all by default"
    )
    parser.add_argument(
        "--environments",
        nargs="+",
        default=[],
        metavar="NAME",
        help="all that have images by default",
    )
    parser.add_argument(
        "--bandwidth", type=float, default=BANDWIDTH, metavar="MB", help="of pulls, in MB/s"
    )
    parser.add_argument("--write", action="store_true", help=f"write to {report.DOCUMENT}")
    return parser.parse_args()


def _of_images(project: Project, arguments: argparse.Namespace) -> list[Figure]:
    folder = project.state / "bench-images"
    with registry(folder / "registry") as port:
        # A project of the benchmark's own: what it builds and pushes is no record of the real one.
        own = Project(
            root=folder,
            source_roots=(),
            environments=project.environments,
            registry=f"127.0.0.1:{port}/kfpkit",
        )
        lean = builds.lean(own, _names(arguments))
        monolith = builds.monolith(own) if OF_THE_MONOLITH & set(arguments.only) else ""
        figures = []
        if {"layers", "sizes", "start"} & set(arguments.only):
            figures += _on_a_node(lean, monolith, arguments.only)
        if "pulls" in arguments.only:
            with throttled(port, arguments.bandwidth) as slow:
                figures += pulls.measure(
                    {name: _through(slow, port, image) for name, image in lean.items()},
                    _through(slow, port, monolith),
                    bandwidth=arguments.bandwidth,
                )
    return figures


def _names(arguments: argparse.Namespace) -> list[str]:
    """Return the environments to build; none for all that have images."""
    needed = Tasks().environments if "pulls" in arguments.only else []
    chosen = arguments.environments or set(arguments.only) == {"pulls"}
    return [*arguments.environments, *needed] if chosen else []


def _on_a_node(lean: dict[str, str], monolith: str, parts: Sequence[str]) -> list[Figure]:
    figures: list[Figure] = []
    with fresh_engine() as node:
        _pull(node, [*lean.values(), *([monolith] if monolith else [])])
        if {"layers", "sizes"} & set(parts):
            figures += layers.measure(node, lean)
        if "sizes" in parts:
            figures += sizes.measure(node, lean, monolith)
        if "start" in parts:
            figures += start.measure(node, lean)
    return figures


def _pull(node: docker.DockerClient, images: Sequence[str]) -> None:
    for image in images:
        node.images.pull(image)


def _through(proxy: int, port: int, image: str) -> str:
    """Name an image by the address of the proxy in front of its registry."""
    return image.replace(f":{port}/", f":{proxy}/", 1)


main()
