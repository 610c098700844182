"""Pull and start of the training pipeline's tasks: lean images against the monolith.

Two worlds. Where each task gets a node of its own (Vertex AI), each task pulls into an engine that
holds nothing. Where tasks share a node (a small Kubeflow cluster), an image stays once it is there,
and layers that images share are pulled once. All pulls go through one proxy with a bandwidth. The
start is the time until the task's library is imported.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import docker

from benchmarks.figures import Figure
from benchmarks.images.servers import fresh_engine
from benchmarks.images.start import LIBRARIES, seconds_to_import
from benchmarks.images.tasks import Tasks

WORK = 600.0  # the seconds of work to which the overhead is added
OVERHEAD_BAR = 1 / 3
WALL_BAR = 0.89


@dataclass(frozen=True, kw_only=True)
class Overhead:
    """What the tasks of a run take before they work.

    Args:
        tasks: The environment and the seconds of each task.
    """

    tasks: Sequence[tuple[str, float]]

    @property
    def total(self) -> float:
        """The seconds of all tasks."""
        return sum(seconds for _, seconds in self.tasks)

    @property
    def by_environment(self) -> dict[str, float]:
        """The mean seconds of a task, by its environment."""
        names = {name for name, _ in self.tasks}
        return {
            name: statistics.mean(seconds for other, seconds in self.tasks if other == name)
            for name in names
        }


def measure(lean: Mapping[str, str], monolith: str, *, bandwidth: float) -> list[Figure]:
    """Measure both worlds.

    Args:
        lean: An image for each environment, at the throttled address.
        monolith: The image with everything, at the throttled address.
        bandwidth: What the address is throttled to, in MB/s.
    """
    tasks = Tasks()
    whole = dict.fromkeys(tasks.environments, monolith)
    own_lean, own_whole = _own_nodes(tasks, lean), _own_nodes(tasks, whole)
    node_lean, node_whole = _shared_node(tasks, lean).total, _shared_node(tasks, whole).total
    wall_lean, wall_whole = (
        WORK + tasks.longest_chain(overhead.by_environment) for overhead in (own_lean, own_whole)
    )
    count = f"{len(tasks.environments)} tasks at {bandwidth:g} MB/s"
    return [
        _seconds(f"{count}, each pulls, lean", own_lean.total),
        _seconds(f"{count}, each pulls, monolith", own_whole.total),
        _ratio("overhead when each task pulls", own_lean.total / own_whole.total, OVERHEAD_BAR),
        _seconds("10 minutes' work and the longest chain's pulls, lean", wall_lean),
        _seconds("10 minutes' work and the longest chain's pulls, monolith", wall_whole),
        _ratio("10 minutes' work and the longest chain's pulls", wall_lean / wall_whole, WALL_BAR),
        _seconds(f"{count}, images stay on the node, lean", node_lean),
        _seconds(f"{count}, images stay on the node, monolith", node_whole),
        _ratio("overhead when images stay on the node", node_lean / node_whole, 1.0),
    ]


def _own_nodes(tasks: Tasks, images: Mapping[str, str]) -> Overhead:
    seconds = []
    for environment in tasks.environments:
        with fresh_engine() as node:
            seconds.append((environment, _task(node, images[environment], environment)))
    return Overhead(tasks=seconds)


def _shared_node(tasks: Tasks, images: Mapping[str, str]) -> Overhead:
    with fresh_engine() as node:
        return Overhead(
            tasks=[(name, _task(node, images[name], name)) for name in tasks.environments]
        )


def _task(node: docker.DockerClient, image: str, environment: str) -> float:
    started = time.perf_counter()
    if not node.images.list(name=image):
        node.images.pull(image)
    pulled = time.perf_counter() - started
    return pulled + seconds_to_import(node, image, LIBRARIES[environment])


def _seconds(name: str, value: float) -> Figure:
    return Figure(name=name, value=value, unit="s")


def _ratio(name: str, value: float, bar: float) -> Figure:
    return Figure(name=f"{name}, lean / monolith", value=value, unit="x", bar=bar, below=bar == 1.0)
