"""Runs tests in an environment for the pytest that has started it.

`python start.py COMMANDS MESSAGES`: both are file descriptors for lines of JSON. The first line of
the commands lists what the author's side lends (pytest, its plug-ins and their dependencies) and
how pytest starts. Each further line names a test to run. The messages are reports of tests.

The environment's own packages take precedence over lent ones, except for pytest. This file needs
only the standard library, and runs on every Python that an environment may have.
"""

from __future__ import annotations

import importlib.machinery
import importlib.metadata
import importlib.util
import json
import os
import queue
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


class Lent:
    """Finds lent modules and distributions by name, and nothing else in their folders.

    Args:
        modules: The folder that each top-level module is imported from.
        distributions: The folder with each distribution's metadata, by normalized name.
    """

    def __init__(
        self, modules: Mapping[str, str], distributions: Mapping[str, str] | None = None
    ) -> None:
        self._modules = modules
        self._distributions = distributions or {}

    def find_spec(
        self, name: str, path: Any = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find a top-level module. Its submodules are found through its package's `path`."""
        folder = self._modules.get(name) if path is None else None
        if folder is None:
            return None
        return importlib.machinery.PathFinder.find_spec(name, [folder], target)

    def find_distributions(self, context: Any) -> Iterator[importlib.metadata.Distribution]:
        """Find the metadata of lent distributions."""
        wanted = context.name and context.name.lower().replace("_", "-").replace(".", "-")
        for name, folder in self._distributions.items():
            if wanted in {None, name}:
                yield importlib.metadata.PathDistribution(Path(folder))


class Commands:
    """The remaining commands.

    A thread reads them, so that the end of the author's pytest ends this process too, whatever a
    test does.

    Args:
        descriptor: The file descriptor to read from.
    """

    def __init__(self, descriptor: int) -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        self._idle = threading.Event()
        self._source = os.fdopen(descriptor, encoding="utf-8")
        threading.Thread(target=self._read, daemon=True).start()

    def __iter__(self) -> Iterator[Any]:
        """Yield each command when the previous one is done."""
        while True:
            self._idle.set()
            line = self._lines.get()
            self._idle.clear()
            if not line:
                return
            yield json.loads(line)

    def _read(self) -> None:
        line = self._source.readline()
        while line:
            self._lines.put(line)
            line = self._source.readline()
        if not self._idle.is_set():
            os._exit(1)
        self._lines.put("")


def main() -> int:
    """Execute the first command."""
    commands_from, messages_to = map(int, sys.argv[1:])
    for descriptor in (commands_from, messages_to):
        os.set_inheritable(descriptor, False)  # noqa: FBT003 - what tests start has none
    messages = os.fdopen(messages_to, "w", encoding="utf-8")
    commands = iter(Commands(commands_from))
    order = next(commands)
    here = Path(__file__).parent
    # Python puts a program's folder there; a test's `import session` does not mean the file here.
    del sys.path[0]
    sys.argv[1:] = order["arguments"]
    sys.meta_path.insert(0, Lent(order["first"]))
    sys.meta_path.append(Lent(order["last"], order["distributions"]))
    spec = importlib.util.spec_from_file_location("_kfpkit_session", here / "session.py")
    if spec is None or spec.loader is None:
        raise ImportError(here)
    session = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(session)

    def send(message: Mapping[str, Any]) -> None:
        messages.write(json.dumps(message, default=str) + "\n")
        messages.flush()

    return int(session.run(order, commands, send))


if __name__ == "__main__":
    sys.exit(main())
