"""What a sample has shown: shares by package, survivors, and a file for the next run."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mutants.equivalents import Equivalent
from mutants.faults import Fault, find_fault
from mutants.packages import bar_of, package_of
from mutants.trial import Trial


@dataclass(frozen=True, kw_only=True)
class Share:
    """What was caught of a package's faults.

    Args:
        package: The package.
        caught: How many were caught.
        counted: How many were tried, without equivalents.
    """

    package: str
    caught: int
    counted: int

    @property
    def is_enough(self) -> bool:
        """Whether the share reaches the package's bar."""
        return self.caught >= bar_of(self.package) * self.counted

    def __str__(self) -> str:
        """Write a line of the table."""
        share = 100 * self.caught / self.counted if self.counted else 100.0
        bar = f"bar {100 * bar_of(self.package):.0f} %" + ("" if self.is_enough else ", missed")
        return f"{self.package:<14} {self.caught:>4} of {self.counted:>4}  {share:5.1f} % ({bar})"


def shares(trials: Sequence[Trial]) -> list[Share]:
    """Count by package."""
    packages: dict[str, list[bool]] = {}
    for trial in trials:
        packages.setdefault(package_of(trial.fault.file), []).append(trial.caught)
    return [
        Share(package=package, caught=sum(caught), counted=len(caught))
        for package, caught in sorted(packages.items())
    ]


def split(faults: Sequence[Fault], listed: Sequence[Equivalent]) -> tuple[list[Fault], list[Fault]]:
    """Split faults into those to try, and those that are listed as equivalent."""
    equivalent = [fault for fault in faults if any(each.is_like(fault) for each in listed)]
    return [fault for fault in faults if fault not in equivalent], equivalent


def write(file: Path, trials: Sequence[Trial]) -> None:
    """Keep the trials for `--again`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    content = [dataclasses.asdict(trial) for trial in trials]
    file.write_text(json.dumps(content, indent=1), encoding="utf-8")


def survivors_of(file: Path, root: Path) -> list[Fault]:
    """Return the faults that survived the last time, in the code as it is now."""
    trials = json.loads(file.read_text(encoding="utf-8"))
    survived = [trial["fault"] for trial in trials if not trial["caught"]]
    found = [find_fault(root, each["file"], each["before"], each["after"]) for each in survived]
    return [fault for fault in found if fault is not None]
