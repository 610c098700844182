"""The page of a run, as a file."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tracemalloc

import pytest

from benchmarks import run_records as records
from kfpkit.runs.pages import write_page
from kfpkit.runs.pages.abridgement import LONGEST, abridge_record
from kfpkit.runs.pages.additions import COMMANDS, FAILED_TAIL, collect_additions
from kfpkit.runs.pages.assets import CONDENSED, VENDOR, list_vendored
from kfpkit.runs.pages.logs import read_tail, remove_controls
from kfpkit.runs.record import RunRecord, RunState

ROOT = VENDOR.parents[4]


def read_json(page, name):
    text = page.read_text(encoding="utf-8")
    return json.loads(re.search(rf'id="{name}">(.*?)</script>', text, re.DOTALL)[1])


@pytest.mark.parametrize("described", list_vendored(), ids=lambda each: each["file"])
def test_vendored_files_are_those_of_their_packages(described):
    content = (VENDOR / described["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == described["sha256"]
    licenses = (VENDOR / "LICENSES.txt").read_text(encoding="utf-8")
    assert f"{described['package']} {described['version']}" in licenses
    for holder in described["notice"].split("; "):
        assert holder.removeprefix("Preact: ") in licenses


def test_the_rules_of_accessibility_are_those_of_their_package():
    folder = ROOT / "tests" / "axe"
    [described] = json.loads((folder / "vendor.json").read_text(encoding="utf-8"))
    content = (folder / described["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == described["sha256"]
    assert described["notice"] in content[:1000].decode()


def list_condensed():
    return json.loads((CONDENSED / "condensed.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", list_condensed())
def test_condensed_files_are_those_of_their_sources(name):
    """After a change of a script or style, `make vendor` condenses again."""
    page, kind = name.split(".")
    folder = {"js": "scripts", "css": "styles"}[kind]
    pages = json.loads((VENDOR.parent / "pages.json").read_text(encoding="utf-8"))
    source = b"".join(
        (VENDOR.parent / folder / f"{each}.{kind}").read_bytes() for each in pages[page][folder]
    )
    written = hashlib.sha256((CONDENSED / name).read_bytes()).hexdigest()
    noted = list_condensed()[name]
    assert noted == {"source": hashlib.sha256(source).hexdigest(), "sha256": written}


def test_every_script_and_style_is_part_of_a_page():
    pages = json.loads((VENDOR.parent / "pages.json").read_text(encoding="utf-8")).values()
    for folder in ("scripts", "styles"):
        used = {name for page in pages for name in page[folder]}
        assert {file.stem for file in (VENDOR.parent / folder).iterdir()} == used


def test_every_vendored_file_is_described():
    files = {file.name for file in VENDOR.iterdir()} - {"LICENSES.txt", "vendor.json"}
    assert files == {each["file"] for each in list_vendored()}


def test_the_page_has_the_record_in_its_public_form(tmp_path):
    record = records.make_forecast(tmp_path)
    shown = read_json(write_page(record, tmp_path), "record")
    assert shown == abridge_record(record.model_dump(mode="json", by_alias=True, exclude_none=True))
    assert (shown["id"], len(shown["tasks"])) == (record.id, len(record.tasks))


def test_a_page_is_small(tmp_path):
    empty = RunRecord(id="empty", pipeline="empty", state=RunState.FAILED)
    fixed = write_page(empty, tmp_path).stat().st_size
    assert fixed <= 120_000  # with an empty record; the bar is 130,000
    record = records.make_forecast(tmp_path, regions=33)
    page = write_page(record, tmp_path)
    logs = len(json.dumps(read_json(page, "additions")))
    assert (page.stat().st_size - fixed - logs) / len(record.tasks) <= 4_000


def test_nothing_of_a_record_ends_an_element(tmp_path):
    text = write_page(records.make_hostile(tmp_path), tmp_path).read_text(encoding="utf-8")
    assert len(re.findall("</script", text, re.IGNORECASE)) == 5
    assert "<!--" not in text
    assert "\x00" not in text
    assert records.SPITE.partition("\x00")[0] not in text


def test_long_values_are_cut_and_told(tmp_path):
    page = write_page(records.make_hostile(tmp_path), tmp_path)
    shown = read_json(page, "record")
    assert page.stat().st_size < 200_000
    assert "characters)" in shown["tasks"][0]["outputs"]["text"]["value"]
    assert all(len(each["value"]) < LONGEST for each in shown["parameters"].values())


def test_half_of_a_surrogate_pair_is_written(tmp_path):
    record = records.Builder(tmp_path, "fish", "failed").build(about="half \ud83d")
    page = write_page(record, tmp_path)
    assert read_json(page, "record")["about"] == "half \ud83d"


def test_a_page_that_cannot_be_written_leaves_nothing(tmp_path):
    record = records.make_training(tmp_path)
    in_the_way = tmp_path / "page.html" / "file"
    in_the_way.mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        write_page(record, tmp_path)
    assert in_the_way.exists()
    assert list(tmp_path.glob(".page*")) == []


def test_of_a_large_log_only_the_end_is_read(tmp_path):
    log = tmp_path / "log.txt"
    with log.open("wb") as file:
        file.truncate(200_000_000)
        file.seek(0, os.SEEK_END)
        file.write(b"\nlast line\n" + b"x" * 100)
    tracemalloc.start()
    tail = read_tail(log, FAILED_TAIL)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert tail == "last line\n" + "x" * 100
    assert peak < 1_000_000


def test_a_tail_begins_with_a_whole_line(tmp_path):
    (tmp_path / "log.txt").write_text("first line\nsecond line\n")
    assert read_tail(tmp_path / "log.txt", 15) == "second line\n"
    assert read_tail(tmp_path / "log.txt", 5) == "line\n"
    assert read_tail(tmp_path / "none.txt", 5) == ""


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("\x1b[31mred\x1b[0m\x07", "red"),
        ("10 %\r50 %\r100 %\ndone\r\n", "100 %\ndone\n"),
        ("a\tb\x00c\x9b", "a\tbc"),
        ("\x1b]0;title\x07plain", "plain"),
        ("ünï 🐟 \u202ertl", "ünï 🐟 \u202ertl"),
    ],
)
def test_text_is_shown_as_a_terminal_leaves_it(written, shown):
    assert remove_controls(written) == shown


def collect(folder, *tasks):
    added = collect_additions({"tasks": [{"state": "failed", **task} for task in tasks]}, folder)
    assert added.pop("commands") == ()
    return added


def test_files_outside_the_runs_folder_are_not_read(tmp_path):
    folder = tmp_path / "run"
    (folder / "pages").mkdir(parents=True)
    (tmp_path / "secret.html").write_text("secret")
    (folder / "pages" / "link.html").symlink_to(tmp_path / "secret.html")
    found = collect(
        folder,
        {"name": "a", "log": {"path": "../secret.html"}, "pages": {"report": "../secret.html"}},
        {"name": "b", "log": {"path": str(tmp_path / "secret.html")}},
        {"name": "c", "pages": {"report": "pages/link.html"}, "log": {"path": "a\0b"}},
    )
    assert found == {"logs": {}, "reports": {}}


def test_suggested_commands_exist():
    for command in COMMANDS:
        arguments = [sys.executable, "-m", "kfpkit", *command.split(), "--help"]
        assert subprocess.run(arguments, check=False, capture_output=True).returncode == 0


def test_large_reports_are_links(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a b.html").write_text("x" * 500_001)
    found = collect(tmp_path, {"name": "a", "pages": {"report": "pages/a b.html"}})
    assert found["reports"] == {"a": {"report": {"href": "pages/a%20b.html", "bytes": 500_001}}}


def test_all_reports_together_have_a_limit(tmp_path):
    (tmp_path / "pages").mkdir()
    for number in range(12):
        (tmp_path / "pages" / f"{number}.html").write_text("x" * 450_000)
    pages = {str(number): f"pages/{number}.html" for number in range(12)}
    reports = collect(tmp_path, {"name": "a", "pages": pages})["reports"]["a"]
    assert [name for name, report in reports.items() if "href" in report] == ["11"]


def test_markdown_is_shown_as_text(tmp_path):
    (tmp_path / "notes.md").write_text("# Notes\x07")
    found = collect(tmp_path, {"name": "a", "pages": {"notes": "notes.md"}})
    assert found["reports"] == {"a": {"notes": {"text": "# Notes"}}}


def test_a_record_without_tasks_has_a_page(tmp_path):
    record = records.Builder(tmp_path, "fish", "failed").build(target=None, revision=None)
    assert read_json(write_page(record, tmp_path), "record")["tasks"] == []


def test_an_installed_kfpkit_has_the_files_of_the_page(tmp_path):
    """The wheel is built as for a release, without isolation, and its page is written."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", str(tmp_path), str(ROOT)], check=True)
    [wheel] = tmp_path.glob("*.whl")
    listed = subprocess.run(
        [sys.executable, "-m", "zipfile", "--list", str(wheel)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    names = ["page.html", "vendor/vendor.json", "vendor/LICENSES.txt"]
    names += [f"condensed/{name}" for name in list_condensed()]
    names += [f"vendor/{each['file']}" for each in list_vendored()]
    assert [name for name in names if f"kfpkit/runs/pages/{name}" not in listed] == []
    assert "kfpkit/runs/pages/scripts" not in listed
    assert "kfpkit/runs/pages/styles" not in listed
