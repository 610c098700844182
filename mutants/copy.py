"""A copy of the repository that a fault may be put into, with what its tests need."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mutants import plugin
from mutants.interpreter import make_interpreter

MARK = "KFPKIT_MUTANTS_COPY"
PLUGIN = "kfpkit_mutants"
_OPTIONS = ("-p", "no:cacheprovider", "-p", PLUGIN)
_TIMED_OUT = -1000


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a run of pytest ended.

    Args:
        code: Its exit code; negative when it had to be stopped.
        output: What it printed.
    """

    code: int
    output: str

    @property
    def timed_out(self) -> bool:
        """Whether it took too long."""
        return self.code == _TIMED_OUT

    @property
    def was_killed(self) -> bool:
        """Whether a signal from elsewhere ended it."""
        return self.code < 0 and not self.timed_out


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A copy of the repository.

    Args:
        folder: Where it is.
        cache: The virtual environments that its tests find, shared with other copies until one of
            them changes.
    """

    folder: Path
    cache: Path

    @property
    def repository(self) -> Path:
        """The copied files, as a repository of its own."""
        return self.folder / "repository"

    @classmethod
    def make(cls, root: Path, folder: Path, cache: Path) -> Copy:
        """Copy what git knows of a repository, with what is not committed yet.

        Args:
            root: The repository.
            folder: The folder to make; one that is there is replaced.
            cache: The virtual environments that measuring has left.
        """
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        copy = cls(folder=folder, cache=cache)
        _git(folder, "clone", "--quiet", "--shared", str(root), "repository")
        (copy.repository / ".git/info/exclude").write_text(".venv\n.tools\n")
        if (root / ".tools").exists():
            (copy.repository / ".tools").symlink_to(root / ".tools")
        make_interpreter(copy.repository, {PLUGIN: Path(plugin.__file__)})
        _carry_changes(root, copy.repository)
        _git(copy.repository, "add", "--all")
        _git(copy.repository, "commit", "--quiet", "--allow-empty", "--message", "As it stands")
        copy.restore()
        return copy

    def restore(self) -> None:
        """Take back whatever a trial has done."""
        _git(self.repository, "reset", "--quiet", "--hard")
        _git(self.repository, "clean", "-ffdxq", "--exclude=/.venv", "--exclude=/.tools")
        own = self.folder / "cache"
        if self.cache.is_dir() and _listing(own) != _listing(self.cache):
            shutil.rmtree(own, ignore_errors=True)
            shutil.copytree(self.cache, own, symlinks=True, copy_function=os.link)

    def pytest(
        self, arguments: Sequence[str], *, seconds: float, variables: Mapping[str, str]
    ) -> Ended:
        """Run pytest in the copy, and end all that it leaves running.

        Args:
            arguments: What to run, and how.
            seconds: How long it may take.
            variables: Environment variables beside those of this process.
        """
        with _temporary_folder() as folder:
            return self._run(arguments, seconds, {"TMPDIR": folder, **variables})

    def _run(self, arguments: Sequence[str], seconds: float, variables: Mapping[str, str]) -> Ended:
        process = subprocess.Popen(
            [f"{self.repository}/.venv/bin/python", "-m", "pytest", *_OPTIONS, *arguments],
            cwd=self.repository,
            env={**_surroundings(), **self._variables, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(timeout=seconds)
            code = process.returncode
        except subprocess.TimeoutExpired:
            self._end(process.pid)
            output, _ = process.communicate()
            code = _TIMED_OUT
        self._end(process.pid)
        return Ended(code=code, output=output)

    @property
    def _variables(self) -> dict[str, str]:
        return {
            # Byte code is found by a file's time in seconds, and faults come more often.
            "PYTHONDONTWRITEBYTECODE": "1",
            "KFPKIT_CACHE_DIR": str(self.folder / "cache"),
            MARK: str(self.folder),
        }

    def _end(self, group: int) -> None:
        """End a process group, and whatever else was started from this copy."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
        mark = f"{MARK}={self.folder}".encode()
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    os.kill(int(entry.name), signal.SIGKILL)


@contextlib.contextmanager
def _temporary_folder() -> Iterator[str]:
    """Make a folder for what tests leave that are killed: files, and what they have mounted."""
    folder = tempfile.mkdtemp(prefix="mutants-")
    try:
        yield folder
    finally:
        with contextlib.suppress(OSError):
            mounts = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
            for point in (line.split()[1] for line in reversed(mounts)):
                if point.startswith(f"{folder}/"):
                    subprocess.run(["umount", point], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _surroundings() -> dict[str, str]:
    """Return this process's variables, without what a test that runs us would leave."""
    return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}


def _carry_changes(root: Path, copy: Path) -> None:
    """Take what is changed, new or gone, but not committed, over to a copy."""
    listed = ("ls-files", "-z", "--modified", "--others", "--deleted", "--exclude-standard")
    for name in filter(None, _git(root, *listed).split("\0")):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).unlink(missing_ok=True)
        if (root / name).exists():
            shutil.copy2(root / name, copy / name, follow_symlinks=False)


def _listing(cache: Path) -> dict[str, int]:
    """Say what a cache holds, as far as a trial is likely to change it."""
    entries = [*cache.glob("*"), *cache.glob("*/*")]
    return {
        str(entry.relative_to(cache)): entry.stat().st_mtime_ns
        for entry in entries
        if entry.is_dir()
    }


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=mutants", "-c", "user.email=mutants@localhost", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout
