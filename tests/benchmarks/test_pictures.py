"""The pictures of pages in README and docs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from benchmarks import pictures

NAMES = ("run-page", "failed-page", "loops-page", "comparison-page")


@pytest.mark.parametrize("scheme", pictures.SCHEMES)
@pytest.mark.parametrize("name", NAMES)
def test_pictures_are_small_and_follow_the_scheme(name, scheme):
    file = pictures.IMAGES / f"{name}-{scheme}.png"
    assert file.stat().st_size <= 100_000
    with Image.open(file) as picture:
        assert picture.size == tuple(pictures.SIZE.values())
        brightness = sum(picture.convert("RGB").resize((1, 1)).getpixel((0, 0))) / 3
    assert (brightness > 128) == (scheme == "light")


def test_frequent_colors_are_kept_and_rare_ones_nearly():
    picture = Image.new("RGB", (600, 400), (238, 241, 246))
    for number in range(600):
        picture.paste((number % 256, number // 3, 90), (number, 0, number + 1, 300))
    picture.paste((67, 168, 102), (0, 390, 10, 395))
    reduced = pictures.reduce_colors(picture).convert("RGB")
    assert reduced.getpixel((300, 350)) == (238, 241, 246)
    for part, was in zip(reduced.getpixel((5, 392)), (67, 168, 102), strict=True):
        assert abs(part - was) <= 12


def test_readme_and_docs_show_every_picture_in_both_schemes():
    shown = [pictures.ROOT / "README.md", *(pictures.ROOT / "docs").rglob("*.md")]
    text = "".join(file.read_text(encoding="utf-8") for file in shown)
    named = set(re.findall(r"images/([\w-]+\.png)", text))
    assert named == {f"{name}-{scheme}.png" for name in NAMES for scheme in pictures.SCHEMES}
    assert named == {file.name for file in pictures.IMAGES.glob("*.png")}


def test_a_page_that_names_a_folder_of_the_machine_is_not_photographed(tmp_path):
    pictures.require_discretion("the run of ada", [str(tmp_path)])
    for text in (f"in {tmp_path}/a.py", f"in {Path.home()}/.cache"):
        with pytest.raises(SystemExit, match="A picture would show"):
            pictures.require_discretion(text, [str(tmp_path)])


def test_the_helper_that_changes_between_two_runs_has_the_line_that_changes(tmp_path):
    copy = tmp_path / "models.py"
    copy.write_text((pictures.ROOT / pictures.HELPER).read_text(encoding="utf-8"))
    pictures.change_helper(copy)
    assert '"n_estimators": 300' in copy.read_text()
