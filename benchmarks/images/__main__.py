"""`python -m benchmarks.images`: measure images, and fail when a bar is missed."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import docker

from benchmarks import report
from benchmarks.figures import Figure
from benchmarks.images import builds, layers, plan_time, pulls, sizes, start, venvs
from benchmarks.images.servers import fresh_engine, registry
from benchmarks.images.tasks import Tasks
from benchmarks.images.throttle import throttled
from kfpkit.environments import find_environment, list_environments
from kfpkit.environments.venvs import ensure_virtual_environment, python_of
from kfpkit.project.project import Project, find_project

# Tables of the documentation, and what they show. Images weigh the same on every machine.
TABLES = {"sizes": ("layers", "sizes"), "times": ("plan", "venvs", "start", "pulls")}
PARTS = tuple(part for parts in TABLES.values() for part in parts)
OF_IMAGES = frozenset({"layers", "sizes", "start", "pulls"})
OF_THE_MONOLITH = frozenset({"sizes", "pulls"})
BANDWIDTH = 100.0


def main() -> None:
    """Measure what was asked for; write it into the documentation when asked to."""
    arguments = _arguments()
    project = find_project(Path(__file__))
    found: dict[str, list[Figure]] = {}
    if "plan" in arguments.only:
        found["plan"] = plan_time.measure()
    if "venvs" in arguments.only:
        chosen = [find_environment(project, name) for name in arguments.environments]
        found["venvs"] = venvs.measure(
            chosen or [one for one in list_environments(project) if one.description.has_image]
        )
    if OF_IMAGES & set(arguments.only):
        found |= _of_images(project, arguments)
    figures = _join(found, PARTS)
    report.show(figures)
    if arguments.write:
        for marker, parts in TABLES.items():
            if found.keys() & set(parts):
                report.write(_join(found, parts), marker)
    report.require_bars(figures)


def _join(found: Mapping[str, Sequence[Figure]], parts: Sequence[str]) -> list[Figure]:
    return [figure for part in parts for figure in found.get(part, ())]


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
    parser.add_argument(
        "--write", action="store_true", help=f"write whole tables to {report.DOCUMENT}"
    )
    arguments = parser.parse_args()
    chosen = set(arguments.only)
    halves = [parts for parts in TABLES.values() if 0 < len(chosen & set(parts)) < len(parts)]
    if arguments.write and (halves or arguments.environments):
        parser.error(
            "--write writes whole tables: leave out --environments, and measure with --only "
            + " or ".join(f"`{' '.join(parts)}`" for parts in TABLES.values())
        )
    return arguments


def _of_images(project: Project, arguments: argparse.Namespace) -> dict[str, list[Figure]]:
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
        found: dict[str, list[Figure]] = {}
        if {"layers", "sizes", "start"} & set(arguments.only):
            found |= _on_a_node(project, lean, monolith, arguments.only)
        if "pulls" in arguments.only:
            with throttled(port, arguments.bandwidth) as slow:
                found["pulls"] = pulls.measure(
                    {name: _through(slow, port, image) for name, image in lean.items()},
                    _through(slow, port, monolith),
                    bandwidth=arguments.bandwidth,
                )
    return found


def _names(arguments: argparse.Namespace) -> list[str]:
    """Return the environments to build; none for all that have images."""
    needed = Tasks().environments if "pulls" in arguments.only else []
    chosen = arguments.environments or set(arguments.only) == {"pulls"}
    return [*arguments.environments, *needed] if chosen else []


def _on_a_node(
    project: Project, lean: dict[str, str], monolith: str, parts: Sequence[str]
) -> dict[str, list[Figure]]:
    found: dict[str, list[Figure]] = {}
    with fresh_engine() as node:
        _pull(node, [*lean.values(), *([monolith] if monolith else [])])
        if "layers" in parts:
            found["layers"] = layers.measure(node, lean)
        if "sizes" in parts:
            found["sizes"] = sizes.measure(node, lean, monolith)
        if "start" in parts:
            pythons = {name: _python(project, name) for name in start.BARS if name in lean}
            found["start"] = start.measure(node, lean, pythons)
    return found


def _python(project: Project, name: str) -> Path:
    return python_of(ensure_virtual_environment(find_environment(project, name)))


def _pull(node: docker.DockerClient, images: Sequence[str]) -> None:
    for image in images:
        node.images.pull(image)


def _through(proxy: int, port: int, image: str) -> str:
    """Name an image by the address of the proxy in front of its registry."""
    return image.replace(f":{port}/", f":{proxy}/", 1)


main()
