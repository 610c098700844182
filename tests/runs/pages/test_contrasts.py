"""What a comparison's page shows, and how much."""

from __future__ import annotations

import json
import re

from benchmarks import compared_records as records
from kfpkit.runs.comparing import Row, SourceChange
from kfpkit.runs.pages import write_comparison
from kfpkit.runs.pages.contrasts import (
    DIFFERENCES,
    MOST_LINES,
    MOST_ROWS,
    describe_differences,
    describe_rows,
)


def change(difference, path="a.py"):
    return SourceChange(path=path, tasks=(), before="a", after="b", difference=difference)


def make_difference(lines):
    added = "".join(f"+{number}\n" for number in range(lines))
    return f"--- a/a.py\n+++ b/a.py\n@@ -0,0 +1,{lines} @@\n{added}"


def test_the_page_is_small_and_bounded(tmp_path):
    page = tmp_path / "c.html"
    records.write_comparison_page(records.make_pair(tmp_path), page)
    text = page.read_text(encoding="utf-8")
    data = re.search(r'id="comparison">(.*?)</script>', text, re.DOTALL)[1]
    assert len(text.encode()) - len(data.encode()) <= 60_000
    hostile = tmp_path / "hostile"
    hostile.mkdir()
    runs = records.make_hostile(hostile)
    records.write_comparison_page(runs, page, records.HOSTILE_TEXTS)
    assert page.stat().st_size < 200_000


def test_nothing_of_a_record_ends_an_element(tmp_path):
    page = tmp_path / "c.html"
    records.write_comparison_page(records.make_hostile(tmp_path), page, records.HOSTILE_TEXTS)
    text = page.read_text(encoding="utf-8")
    assert len(re.findall("</script", text, re.IGNORECASE)) == 3
    assert "<!--" not in text
    assert "\x00" not in text


def test_a_run_without_a_page_has_no_link(tmp_path):
    runs = records.make_pair(tmp_path)
    comparison = records.write_comparison_page(runs, tmp_path / "c.html")
    (runs[0][1] / "page.html").unlink()
    write_comparison(comparison, [folder for _, folder in runs], tmp_path / "c.html")
    text = (tmp_path / "c.html").read_text(encoding="utf-8")
    data = json.loads(re.search(r'id="comparison">(.*?)</script>', text, re.DOTALL)[1])
    assert ["page" in run for run in data["runs"]] == [False, True]
    assert data["runs"][1]["page"] == "20261121-020003-412-training/page.html"


def test_of_many_rows_those_that_differ_are_kept():
    rows = [Row(name=str(n), values=(1, 2 if n >= MOST_ROWS else 1)) for n in range(MOST_ROWS + 5)]
    kept = describe_rows(rows)
    names = [row["name"] for row in kept["rows"]]
    assert kept["left"] == 5
    assert names[-5:] == [str(MOST_ROWS + n) for n in range(5)]
    assert names[0] == "0"


def test_values_that_are_cut_alike_still_differ():
    [row] = describe_rows([Row(name="a", values=("x" * 9_000, "x" * 8_999 + "y"))])["rows"]
    assert row["differs"]
    assert row["values"][0] == row["values"][1]


def test_a_long_difference_is_cut_and_told():
    [described] = describe_differences([[change(make_difference(MOST_LINES + 9))]])
    [file] = described["rows"]
    assert file["difference"].startswith("@@ -0,0")
    assert file["difference"].count("\n") + 1 == MOST_LINES
    assert file["left"] == 10


def test_a_path_of_several_lines_leaves_the_difference_whole():
    text = "--- a/x\ny.py\n+++ b/x\ny.py\n@@ -1 +1 @@\n-a\n+b\n"
    [described] = describe_differences([[change(text, "x\ny.py")]])
    assert described["rows"][0]["difference"] == "@@ -1 +1 @@\n-a\n+b"


def test_all_differences_together_have_a_limit():
    long = "--- a\n+++ b\n@@ -1 +1 @@\n" + ("+" + "x" * 1_900 + "\n") * 400
    [described] = describe_differences([[change(long)] * 3])
    sizes = [len(file["difference"]) for file in described["rows"]]
    assert sum(sizes) <= DIFFERENCES
    assert sizes[1:] == [0, 0]
