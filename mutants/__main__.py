"""`python -m mutants`: break the code in small ways, and print how much of that tests catch."""

from __future__ import annotations

import argparse
import os
import queue
import shutil
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mutants import report
from mutants.copy import Copy
from mutants.coverage_map import CoverageMap
from mutants.equivalents import read_equivalents
from mutants.faults import Fault, possible_faults
from mutants.measuring import measure_changed
from mutants.packages import package_of, source_files
from mutants.sample import draw
from mutants.trial import Trial, failing_without, try_fault

ROOT = Path(__file__).parents[1]
STATE = ROOT / ".kfpkit" / "mutants"


def main() -> int:
    """Draw, try and report; return 1 when a package does not reach its bar."""
    options = _options()
    if not options.no_measuring:
        count = measure_changed(
            ROOT, STATE, options.tests, jobs=options.jobs, containers=options.containers
        )
        print(f"measured {count} test files")
    last = STATE / "report.json"
    drawn = report.survivors_of(last, ROOT) if options.again else _drawn(options)
    faults, equivalent = report.split(drawn, read_equivalents())
    print(f"{len(faults)} faults to try, and {len(equivalent)} equivalent ones", flush=True)
    trials = _try_all(faults, options)
    if not options.again:
        report.write(last, trials)
    shares = report.shares(trials)
    for share in shares:
        print(share)
    return 0 if all(share.is_enough for share in shares) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mutants", description=__doc__)
    parser.add_argument(
        "packages", nargs="*", help="packages, or files below src/kfpkit (default: all packages)"
    )
    parser.add_argument("--seed", type=int, default=1, help="chooses the sample")
    parser.add_argument("--lines", type=int, default=30, help="lines to break in each package")
    parser.add_argument("--jobs", type=int, default=2, help="trials at once, each in a copy")
    parser.add_argument(
        "--budget", type=float, default=60.0, help="seconds of tests for each fault"
    )
    parser.add_argument(
        "--tests", nargs="+", default=["tests"], metavar="PATH", help="test folders that count"
    )
    parser.add_argument(
        "--containers", action="store_true", help="tests that need a container engine count, too"
    )
    parser.add_argument(
        "--no-measuring", action="store_true", help="leave tests that have changed unmeasured"
    )
    parser.add_argument(
        "--again", action="store_true", help="try the last sample's survivors again"
    )
    return parser.parse_args()


def _drawn(options: argparse.Namespace) -> list[Fault]:
    by_package: dict[str, list[str]] = {}
    files = source_files(ROOT)
    for file in files:
        if _is_wanted(file, options.packages):
            by_package.setdefault(package_of(file), []).append(file)
    unknown = set(options.packages) - {*map(package_of, files), *files}
    if unknown:
        sys.exit(f"neither a package nor a file of one: {', '.join(sorted(unknown))}")
    return [
        fault
        for _, files in sorted(by_package.items())
        for fault in draw(
            (each for file in files for each in possible_faults(ROOT, file)),
            seed=options.seed,
            count=options.lines,
        )
    ]


def _is_wanted(file: str, wanted: Sequence[str]) -> bool:
    return not wanted or package_of(file) in wanted or file in wanted


def _try_all(faults: Sequence[Fault], options: argparse.Namespace) -> list[Trial]:
    known = CoverageMap.read(ROOT, STATE)
    copies: queue.Queue[Copy] = queue.Queue()
    for number in range(options.jobs):
        # Its own, since two samples may be tried side by side.
        folder = STATE / f"copy-{os.getpid()}-{number}"
        copies.put(Copy.make(ROOT, folder, STATE / "cache"))

    def attempt(fault: Fault) -> Trial:
        copy = copies.get()
        try:
            trial = try_fault(fault, copy, known, budget=options.budget)
        finally:
            copies.put(copy)
        _show(trial)
        return trial

    with ThreadPoolExecutor(max_workers=options.jobs) as threads:
        trials = list(threads.map(attempt, faults))
    _warn(trials, copies.queue[0])
    for copy in copies.queue:
        shutil.rmtree(copy.folder, ignore_errors=True)
    return trials


def _show(trial: Trial) -> None:
    if trial.caught:
        print(f"caught by {trial.by or f'no test ({trial.said})'}: {trial.fault}")
    else:
        said = f" ({trial.said})" if trial.said else ""
        print(f"SURVIVED {trial.tests} of {trial.reached} tests: {trial.fault}{said}")
    sys.stdout.flush()


def _warn(trials: Iterable[Trial], copy: Copy) -> None:
    """Name tests that fail without a fault, too: what they caught, nobody knows."""
    for test in sorted(failing_without(copy, sorted({each.by for each in trials if each.by}))):
        print(f"warning: {test} fails without a fault, too")


if __name__ == "__main__":
    sys.exit(main())
