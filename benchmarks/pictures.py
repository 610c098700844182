"""The pictures of pages in `docs/images`, made by `make pictures`.

The training pipeline runs in a clone of the repository: once; once with a metric that no model has,
so that it fails; and once with a change of a helper and a parameter. The run of 120 tasks in
nested loops is one of `run_records`. Chromium photographs the pages, light and dark.
"""

from __future__ import annotations

import getpass
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks import run_records
from benchmarks.page import browse
from kfpkit.runs.pages import write_page
from kfpkit.runs.record import read_record

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
SCHEMES = ("light", "dark")
COLORS = 256
SIZE = {"width": 1440, "height": 900}
HELPER = Path("src/kfpkit/helpers/sklearn_models.py")
FOREST = "of_class=RandomForestClassifier, of_value=RandomForestRegressor, takes_gaps=True"
MORE = f'defaults={{"n_estimators": 300}}, {FOREST}'
# Reports in frames draw after the page.
AFTER_LOADING = 500  # milliseconds


@dataclass(frozen=True, kw_only=True)
class Shot:
    """A picture to take.

    Args:
        name: Its name; the file's ends with the color scheme.
        page: The page.
        fragment: What is selected on it.
        pressed: The button to press before.
    """

    name: str
    page: Path
    fragment: str = ""
    pressed: str = ""


def main() -> None:
    """Run the pipelines and take the pictures."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary).resolve()
        with browse() as browser:
            for shot in [*_run_training(root / "kfpkit"), _record_forecast(root)]:
                for scheme in SCHEMES:
                    _photograph(browser, shot, scheme, hidden=str(root))


def _run_training(clone: Path) -> Iterator[Shot]:
    """Run the training pipeline in a clone, and yield what to photograph."""
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    subprocess.run(["git", "checkout", "--quiet", "-B", "main"], cwd=clone, check=True)
    _call(clone, "run", "pipelines/seed", "--config", "local.yaml")
    first = _run(clone)
    yield Shot(name="run-page", page=first / "page.html", fragment="#task=evaluate-model")
    failed = _run(clone, "--param", "metric=gain", code=1)
    yield Shot(name="failed-page", page=failed / "page.html")
    change_helper(clone / HELPER)
    second = _run(clone, "--param", "test_fraction=0.3")
    _call(clone, "runs", "compare", str(first), str(second), "--page")
    yield Shot(name="comparison-page", page=second / "comparison.html")


def _run(clone: Path, *arguments: str, code: int = 0) -> Path:
    """Run the training pipeline, and return the run's folder."""
    command = ["run", "pipelines/training", "--config", "local.yaml", *arguments]
    _call(clone, *command, code=code)
    folder = (clone / ".kfpkit" / "runs" / "latest").resolve()
    _forget_folder(folder, clone)
    return folder


def _call(clone: Path, *arguments: str, code: int = 0) -> None:
    environment = {**os.environ, "PYTHONPATH": str(clone / "src")}
    command = [sys.executable, "-m", "kfpkit", *arguments]
    done = subprocess.run(
        command, cwd=clone, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != code:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def _forget_folder(run: Path, clone: Path) -> None:
    """Shorten the paths in a run's logs: a picture shows none of the machine's folders."""
    for log in run.rglob("log.txt"):
        text = log.read_text(encoding="utf-8")
        shortened = text.replace(f"{clone}/", "").replace(f"{Path.home()}/", "~/")
        log.write_text(shortened, encoding="utf-8")
    write_page(read_record(run), run)


def change_helper(helper: Path) -> None:
    """Give the random forest of a helper more trees."""
    text = helper.read_text(encoding="utf-8")
    changed = text.replace(f"        {FOREST}", f"        # More trees vary less.\n        {MORE}")
    if changed == text:
        sys.exit(f"{helper} has no line to change: {FOREST}")
    helper.write_text(changed, encoding="utf-8")


def _record_forecast(root: Path) -> Shot:
    folder = root / "forecast"
    folder.mkdir()
    page = write_page(run_records.make_forecast(folder), folder)
    return Shot(name="loops-page", page=page, pressed="Expand loops")


def _photograph(browser: Any, shot: Shot, scheme: str, *, hidden: str) -> None:
    page = browser.new_page(viewport=SIZE, color_scheme=scheme)
    page.goto(shot.page.as_uri() + shot.fragment)
    if shot.pressed:
        page.get_by_role("button", name=shot.pressed).click()
    page.wait_for_timeout(AFTER_LOADING)
    require_discretion(page.locator("body").inner_text(), [hidden, str(ROOT)])
    file = IMAGES / f"{shot.name}-{scheme}.png"
    with Image.open(BytesIO(page.screenshot())) as picture:
        reduced = reduce_colors(picture.convert("RGB"))
        reduced.save(file, optimize=True)
    page.close()
    print(f"{file.relative_to(ROOT)}  {file.stat().st_size / 1000:.0f} kB")


def reduce_colors(picture: Image.Image) -> Image.Image:
    """Return a picture with a palette: the most frequent colors as they are, and others nearby.

    Rare colors, such as those of a legend, have the other half of the palette. Without dithering,
    areas stay plain and small.

    Args:
        picture: The picture, in RGB.
    """
    half = COLORS // 2
    counted = sorted(picture.getcolors(picture.width * picture.height), reverse=True)[:half]
    rare = picture.quantize(half, method=Image.Quantize.MAXCOVERAGE).getpalette()
    palette = Image.new("P", (1, 1))
    palette.putpalette([*(part for _, color in counted for part in color), *rare])
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)


def require_discretion(text: str, folders: Sequence[str]) -> None:
    """Stop if a page says where, by whom and on which machine it was made."""
    private = [*folders, str(Path.home()), platform.node(), f"/{getpass.getuser()}/"]
    found = [each for each in private if each in text]
    if found:
        sys.exit(f"A picture would show {', '.join(found)}.")


if __name__ == "__main__":
    main()
