"""The page of a comparison, in a browser."""

from __future__ import annotations

import pytest
from opened import FEWEST_COLORS, check_silence, open_in

from benchmarks import compared_records as records

MADE = {
    "pair": (records.make_pair, records.TEXTS),
    "three": (records.make_three, records.TEXTS),
    "bare": (records.make_bare, {}),
    "large": (records.make_large, {}),
    "hostile": (records.make_hostile, records.HOSTILE_TEXTS),
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Return the addresses of comparisons by name."""
    made = {}
    for name, (make, texts) in MADE.items():
        file = tmp_path_factory.mktemp(name) / "comparison.html"
        records.write_comparison_page(make(file.parent), file, texts)
        made[name] = file.as_uri()
    return made


@pytest.fixture
def show(chromium, pages):
    """Return a function that opens a comparison, which may say and ask nothing."""
    opened = []

    def show(name, **window):
        opened.append(open_in(chromium, pages[name], **window))
        return opened[-1]

    yield show
    check_silence(opened)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", MADE)
def test_a_comparison_opens_without_a_message_or_request(show, tmp_path, name, scheme):
    page = show(name, scheme=scheme)
    assert page.photograph(tmp_path / "comparison.png") >= FEWEST_COLORS
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (background == "rgb(15, 18, 24)") == (scheme == "dark")
    assert page.find_faults() == []


def test_the_head_tells_the_runs_apart_and_what_changed(show):
    head = show("pair").locator(".top").inner_text()
    for told in ("2 runs compared", "20261121-020003-412-training", "succeeded", "in 16.7 s",
                 "3 cached", "kfpkit run pipelines/training --config local.yaml",
                 "From A to B changed:", "1 parameter", "1 source file", "1 lock"):  # fmt: skip
        assert told in head


def test_a_metric_is_judged_where_its_direction_is_known(show):
    table = show("pair").get_by_role("group", name="Metrics of all runs")
    judged = {}
    for verdict in ("better", "worse"):
        rows = table.locator(f"tr:has(td.{verdict})").all_inner_texts()
        judged[verdict] = [row.replace("\u2212", "-").split()[-4:] for row in rows]
    assert judged["better"] == [
        ["0.9514", "best", "+0.0033", "better"],
        ["0.9366", "best", "+0.0033", "better"],
        ["0.3918", "best", "-0.0033", "better"],
    ]
    assert [row[-2] for row in judged["worse"]] == ["+0.0033", "-0.0033", "-0.0033"]
    assert table.locator("td.best").count() == 6


def test_of_more_runs_the_best_value_is_marked(show):
    table = show("three").get_by_role("group", name="Metrics of all runs")
    assert table.locator("th[scope=col]").all_inner_texts()[:5] == ["Task", "Metric", "A", "B", "C"]
    best = [each.split()[0] for each in table.locator("td.best").all_inner_texts()]
    assert best == ["0.9548", "0.9400", "0.3851", "0.9581", "0.9433", "0.3884"]
    assert table.locator("tbody tr").first.locator(".range .dot").count() == 3


def test_why_a_task_ran_is_told_beside_its_states(show):
    table = show("pair").get_by_role("group", name="Tasks of all runs")
    rows = {row.split()[0]: row for row in table.locator("tbody tr").all_inner_texts()}
    assert "taken from A" in rows["bigquery-query"]
    assert "code changed: kfpkit/helpers/sklearn_models.py" in rows["train-model"]
    assert "the condition is false: if select-model.library" in rows["batch-predict"]
    assert table.locator(".duration").count() == 24


def test_a_state_leads_to_the_task_on_its_run_s_page(show):
    page = show("pair")
    table = page.get_by_role("group", name="Tasks of all runs")
    table.locator("tr", has_text="train-model").first.get_by_role("link").last.click()
    assert page.url.endswith("/20261121-020003-412-training/page.html#task=train-model")
    assert page.locator("aside h2").inner_text() == "train-model"


def test_source_files_are_shown_with_their_difference_and_tasks(show):
    side = show("pair").panel()
    for told in ("kfpkit/helpers/sklearn_models.py",
                 "used by train-model, evaluate-model, batch-predict-2",
                 "5 - from sklearn.ensemble import RandomForestClassifier",
                 "5 + from sklearn.ensemble import ExtraTreesClassifier"):  # fmt: skip
        assert told in side
    assert "train.py" not in side


def test_what_is_equal_is_shown_on_request(show):
    page = show("pair")
    assert "dataset" not in page.panel()
    assert "2.4.6" in page.panel()
    assert "scipy" not in page.panel()
    page.get_by_role("button", name="Parameters: show all").focus()
    page.keyboard.press("Enter")
    assert "dataset" in page.panel()
    page.get_by_role("button", name="Parameters: only differences").click()
    assert "dataset" not in page.panel()


def test_confusion_matrices_and_curves_stand_beside_each_other(show):
    side = show("pair").locator(".classes").first
    assert side.locator(".confusion").count() == side.locator(".curve").count() == 2
    assert "79" in side.inner_text()
    assert "78" in side.inner_text()


def test_what_records_do_not_hold_is_absent(show):
    page = show("bare")
    text = page.locator("body").inner_text()
    assert not [word for word in ("undefined", "NaN", "null", "Invalid") if word in text]
    assert page.locator(".runs tbody th").all_inner_texts() == ["State"]
    assert page.locator("section.card").count() == 1
    row = page.get_by_role("group", name="Tasks of all runs").locator("tbody tr").inner_text()
    assert row.split() == ["train", "✕", "failed", "none"]


def test_a_large_comparison_begins_with_what_differs(show):
    page = show("large")
    rows = page.get_by_role("group", name="Tasks of all runs").locator("tbody tr")
    assert rows.count() == 6
    page.get_by_role("button", name="Only differences").click()
    assert rows.count() == 119
    page.get_by_label("Filter tasks by name").fill("evaluate")
    assert rows.count() == 33
    assert page.locator("button[aria-pressed=true]").count() == 0


def test_a_large_comparison_loads_in_time(show):
    loaded = "performance.getEntriesByType('navigation')[0].loadEventEnd"
    # Other work on the machine only adds time.
    assert min(show("large").evaluate(loaded) for _ in range(3)) <= 500


def test_hostile_records_are_text(show):
    page = show("hostile")
    assert page.evaluate("window.broken") is None
    assert page.locator("a[href^=javascript]").count() == 0
    assert "<script>window.broken=1</script>" in page.panel()
    assert "3,502 more lines" in page.panel()
    assert "(5,000,000 characters)" in page.panel()


def test_a_link_leads_to_a_folder_with_any_name(show):
    page = show("hostile")
    page.locator(".runs a").last.click()
    assert page.url.endswith("1%20%3Cb%3E%26/page.html")


@pytest.mark.parametrize("name", ["pair", "three"])
def test_a_narrow_window_has_no_side_and_scrolls_tables(show, name):
    page = show(name, width=800, height=600)
    assert page.evaluate("document.documentElement.scrollWidth") <= 800


def test_print_shows_tables_whole_and_no_tools(show):
    page = show("pair")
    page.emulate_media(media="print")
    assert page.locator(".tools").first.is_hidden()
    assert page.get_by_role("button", name="Parameters: show all").count() == 0
    for box in (".scroll", "aside", ".file pre"):
        overflow = page.locator(box).first.evaluate("each => getComputedStyle(each).maxHeight")
        assert overflow == "none"
