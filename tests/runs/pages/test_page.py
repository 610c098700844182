"""The page of a run, in a browser."""

from __future__ import annotations

import pytest
from opened import FEWEST_COLORS, check_silence, open_in

from benchmarks import run_records as records
from kfpkit.runs.pages import write_page
from kfpkit.runs.record import RunRecord, RunState

LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"
CLICKED = """async () => {
  const started = performance.now();
  document.querySelector(".graph .tools button").click();
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - started;
}"""


def make_flat(folder):
    """Return a record of 210 tasks that run one after another."""
    run = records.Builder(folder, "flat")
    for number in range(210):
        run.node(f"task-{number}", sources=[f"task-{number - 1}.rows"] if number else [])
        run.task(f"task-{number}", number, 1)
    run.tasks.pop()
    run.task("task-209", 209, 1, state="failed", failure="it broke", log="line\n" * 500)
    return run.build()


def make_bare(folder):
    """Return what a target might tell that knows neither nodes nor times."""
    tasks = [{"name": "train", "state": "succeeded"}, {"name": "load", "state": "failed"}]
    return RunRecord.model_validate(
        {"id": "bare", "pipeline": "bare", "state": "failed", "tasks": tasks}
    )


def make_paused(folder):
    """Return a run that its target has paused."""
    return make_bare(folder).model_copy(update={"id": "paused", "state": RunState.PAUSED})


def make_retry(folder):
    """Return a record of a retry that reused a task and has a task from the cache, too."""
    run = records.Builder(folder, "retry", "failed")
    earlier = {"hit": True, "run": "20261119-020003-412-retry", "task": "load"}
    for name, state, facts in (
        ("load", "cached", {"cache": {**earlier, "retry": True}}),
        ("clean", "cached", {"cache": earlier}),
        ("train", "failed", {"failure": "it broke"}),
    ):
        run.node(name)
        run.task(name, 0, 1, state=state, **facts)
    run.content["retry"] = {
        "run": earlier["run"],
        "first": earlier["run"],
        "created": records.moment(-1),
    }
    return run.build()


def make_empty(folder):
    return records.Builder(folder, "empty", "failed").build()


def make_long(folder):
    """Return a task with inputs that fill screens, beside links to what made them."""
    run = records.Builder(folder, "long")
    run.node("query")
    run.node("load", sources=["query.table"])
    run.task("query", 0, 1)
    artifact = {"type": "system.Dataset", "uri": "t", "metadata": {"rows": 12}}
    source = {"artifact": artifact, "from": [{"task": "query", "output": "table"}]}
    inputs = {"input_0": source, "schema": {"value": "columns: " * 200}}
    run.task("load", 1, 1, inputs=inputs)
    return run.build()


def make_raised(folder):
    """Return a task whose log ends with an exception of two lines."""
    run = records.Builder(folder, "raised", "failed")
    run.node("train")
    log = "ValueError: an earlier one\n" + "line\n" * 30
    log += 'Traceback (most recent call last):\n  File "a.py", line 3\n'
    log += "models.FitError: no row is left\n  of 12 rows\n"
    run.task("train", 0, 1, state="failed", failure="it exited with code 1", exit=1, log=log)
    return run.build()


NAMES = {
    "raised": make_raised,
    "long": make_long,
    "flat": make_flat,
    "bare": make_bare,
    "paused": make_paused,
    "empty": make_empty,
    "retry": make_retry,
    "large": lambda folder: records.make_forecast(folder, regions=33),
    "training": records.make_training,
    "forecast": records.make_forecast,
    "hostile": records.make_hostile,
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Return the addresses of pages by name."""
    made = {}
    for name, make in NAMES.items():
        folder = tmp_path_factory.mktemp(name)
        made[name] = write_page(make(folder), folder).as_uri()
    return made


@pytest.fixture
def show(chromium, pages):
    """Return a function that opens a page; at the end, none may have said or asked anything."""
    opened = []

    def show(name, fragment="", **window):
        opened.append(open_in(chromium, pages[name] + fragment, **window))
        return opened[-1]

    yield show
    check_silence(opened)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["training", "forecast", "hostile", "empty"])
def test_a_page_opens_without_a_message_or_request(show, tmp_path, name, scheme):
    page = show(name, scheme=scheme)
    assert page.photograph(tmp_path / "page.png") >= FEWEST_COLORS
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (background == "rgb(15, 18, 24)") == (scheme == "dark")
    assert page.locator(".chip").first.inner_text() in {"✓ succeeded", "✕ failed"}


def test_the_head_tells_the_state_of_the_run(show):
    head = show("training").locator(".top").inner_text()
    for told in ("succeeded", "training", "16.7 s", "11 succeeded", "1 skipped", "local.yaml",
                 "4173340177", "uncommitted changes", "2026-11-20 02:00:03 UTC"):  # fmt: skip
        assert told in head


def test_a_retry_tells_what_it_goes_on_from(show):
    page = show("retry", "#task=load")
    assert "Reused\ntaken from load of 20261119-020003-412-retry" in page.panel()
    head = page.locator(".top").inner_text()
    for told in ("20261119-020003-412-retry", "1 failed", "1 cached", "1 reused"):
        assert told in head
    assert page.locator(".rows .words").all_inner_texts()[:2] == ["reused", "cached"]
    page.keyboard.press("Escape")
    assert "kfpkit runs retry 20261120-020003-412-retry" in page.panel()


def test_a_task_of_the_graph_shows_metrics_report_and_inputs(show):
    page = show("training")
    page.get_by_role("button", name="evaluate-model succeeded").first.click()

    panel = page.panel()
    for told in ("0.9481", "79", "99 %", "Confusion matrix", "report", "train-model.model"):
        assert told in panel
    assert page.locator(".curve polyline").count() == 1
    assert page.frame_locator("iframe").locator("#told").inner_text() == "measured"
    assert page.url.endswith("#task=evaluate-model")


def test_an_input_leads_to_the_task_that_made_it(show):
    page = show("training", "#task=evaluate-model")
    page.locator("aside").get_by_text("train-model.model").first.click()
    assert page.url.endswith("#task=train-model")
    assert "split-data.train_data" in page.panel()


def test_escape_closes_the_panel_and_shows_the_run(show):
    page = show("training", "#task=train-model")
    page.keyboard.press("Escape")
    panel = page.panel()
    assert "#task" not in page.url
    for told in ("metric_value", "0.9911", "test_fraction", "0.25", "local.yaml", "default",
                 "Python 3.11.2", "kfpkit run pipelines/training --config local.yaml"):  # fmt: skip
        assert told in panel


def test_keys_go_through_the_tasks(show):
    page = show("training")
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.url.endswith("#task=bigquery-extract")


def test_a_task_is_selected_by_enter(show):
    page = show("training")
    page.get_by_role("button", name="split-data succeeded").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("aside h2").inner_text() == "split-data"


def test_a_condition_is_a_frame_and_its_skipped_task_tells_why(show):
    page = show("training", "#task=batch-predict")
    assert page.locator(".frame.condition").count() == 2
    assert "the condition is false: if select-model.library == 'xgboost'" in page.panel()


def test_what_a_longer_way_implies_is_drawn_for_its_task_only(show):
    page = show("training", "#task=evaluate-model")
    assert page.locator("path.around").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("path.around").count() == 0


def test_the_critical_path_is_marked_and_measured(show):
    page = show("training")
    assert "critical path 16.2 s of 16.7 s" in page.locator(".timeline").inner_text()
    assert page.locator(".rows i.bar.critical").count() == 9


def test_why_a_task_ran_is_told(show):
    assert "code changed: helpers/transfers.py" in show("training", "#task=bigquery-load").panel()


def test_a_graph_of_more_than_200_nodes_is_drawn_on_request(show):
    page = show("flat")
    assert page.locator(".node").count() == 0
    assert "It broke." in page.panel()
    assert page.locator(".rows .row").count() == 210
    page.get_by_role("button", name="Draw the graph (210 nodes)").click()
    assert page.locator(".node").count() == 210


def test_what_a_record_does_not_hold_is_absent(show):
    page = show("bare")
    assert page.locator(".graph, .timeline").count() == 0
    assert page.locator(".top dt").all_inner_texts() == ["Tasks"]
    headings = page.get_by_role("group", name="All tasks").locator("th[scope=col]")
    assert headings.all_inner_texts() == ["Task", "State"]
    assert "undefined" not in page.locator("body").inner_text()


def test_a_paused_run_has_a_mark_of_its_own(show):
    assert show("paused").locator(".chip").first.inner_text() == "‖ paused"


def test_a_run_that_started_no_task_says_so(show):
    assert "No task has started." in show("empty").locator("main").inner_text()


def test_340_tasks_load_and_expand_in_time(show):
    loaded, expanded = [], []
    for _ in range(20):  # other work on the machine only adds time
        page = show("large")
        loaded.append(page.evaluate(LOADED))
        expanded.append(page.evaluate(CLICKED))
        assert page.locator(".node").count() == 13
        if min(loaded) <= 500 and min(expanded) <= 300:
            return
    pytest.fail(f"load events: {loaded} ms, expanding: {expanded} ms")


def test_a_failure_is_shown_without_a_click(show):
    page = show("forecast")
    banner = page.locator(".banner").inner_text()
    for told in (
        "1 task failed.",
        "train-model (east · catboost)",
        records.FAILURE,
        "5 tasks did not start",
    ):
        assert told in banner
    panel = page.panel()
    assert "kfpkit runs logs 20261120-020003-412-demand-forecast for-loop-1/6/" in panel
    for told in (records.FAILURE, "learn: 0.2604", "Killed", "east · catboost", "SIGKILL"):
        assert told in panel


def test_the_exception_of_a_failure_is_in_the_banner(show):
    page = show("raised")
    told = "It exited with code 1: models.FitError: no row is left"
    assert told in page.locator(".banner").inner_text()
    assert page.locator(".failure").inner_text() == told


def test_the_log_of_a_failure_is_shown_from_its_end(show):
    log = show("flat").locator("pre[aria-label='End of the log']")
    left = log.evaluate("box => box.scrollHeight - box.scrollTop - box.clientHeight")
    assert left <= 1
    assert log.evaluate("box => box.scrollTop") > 0


def test_a_loop_is_one_node_until_it_is_expanded(show):
    page = show("forecast")
    assert page.locator(".node").count() == 10
    assert page.locator(".node.loop .cells i").count() == 11
    assert page.locator(".node.loop .cells i.bad").count() == 1
    page.get_by_role("button", name="Expand for region in regions").click()
    assert page.locator(".node").count() == 11
    page.get_by_role("button", name="Expand loops").click()
    assert page.locator(".node").count() == 13
    assert page.locator(".frame.loop").count() == 2
    page.get_by_role("button", name="Fold loops").click()
    assert page.locator(".node").count() == 10


def test_a_loop_shows_its_iterations(show):
    page = show("forecast", "#node=for-loop-1")
    assert "iteration 6: east" in page.panel()
    page.get_by_role("button", name="iteration 6: east failed").click()
    assert "Killed" in page.panel()


def test_tasks_that_run_at_once_lie_in_lanes(show):
    page = show("forecast")
    row = page.locator(".row", has_text="for region in regions")
    tops = row.locator("i.bar").evaluate_all("bars => bars.map(bar => bar.style.top)")
    assert len(set(tops)) == 3


def test_cache_hits_are_diamonds(show):
    assert show("forecast").locator(".row i.hit").count() == 3


def test_tasks_are_filtered_and_sorted(show):
    page = show("forecast")
    table = page.get_by_role("group", name="All tasks")
    page.get_by_label("Filter tasks by name").fill("evaluate")
    assert table.locator("tbody tr").count() == 33
    page.get_by_role("button", name="not started 5").click()
    assert table.locator("tbody tr").count() == 1
    page.get_by_role("button", name="not started 5").click()
    page.get_by_label("Filter tasks by name").fill("")
    for _ in range(2):
        table.get_by_role("button", name="Ran").click()
    assert "weather-query" in table.locator("tbody tr").first.inner_text()
    assert table.locator("th[aria-sort=descending]").count() == 1


def test_the_best_of_a_metric_is_marked_where_its_direction_is_known(show):
    table = show("training").get_by_role("group", name="Metrics of tasks")
    best = table.locator("td.best").all_inner_texts()
    assert [each.split()[0] for each in best] == ["0.3851", "0.9581", "0.9433", "0.9911"]


@pytest.mark.parametrize("task", ["a", "b"])
def test_a_hostile_record_is_text(show, task):
    page = show("hostile", f"#task={task}")
    page.wait_for_timeout(300)
    assert page.evaluate("window.broken") is None
    assert page.title().startswith("fish </script><script>")
    assert page.locator("a[href^=javascript]").count() == 0
    assert "<script>window.broken=1</script>" in page.panel()


def test_a_report_reaches_neither_the_page_nor_other_servers(show):
    page = show("hostile", "#task=a")
    report = page.frame_locator("iframe")
    assert report.locator("#told").inner_text() == "measured"
    page.wait_for_timeout(300)
    blocked = [line for line in page.said if "outside.invalid" in line]
    assert len(blocked) >= 3
    assert all("Content Security Policy" in line for line in blocked)
    assert page.evaluate("document.title").startswith("fish")
    assert page.evaluate("window.broken") is None


def test_a_narrow_window_has_the_panel_as_a_sheet(show):
    page = show("training", "#task=train-model", width=800, height=600)
    assert page.evaluate("document.documentElement.scrollWidth") <= 800
    box = page.locator("aside").bounding_box()
    assert box["y"] + box["height"] == pytest.approx(600, abs=1)
    page.keyboard.press("Escape")
    assert page.locator("aside.sheet").count() == 0


def test_print_shows_tables_whole_and_no_tools(show):
    page = show("forecast")
    page.emulate_media(media="print")
    assert page.locator(".tools").first.is_hidden()
    assert page.locator("aside").evaluate("each => getComputedStyle(each).position") == "static"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "fragment"),
    [
        ("training", ""),
        ("training", "#task=evaluate-model"),
        ("forecast", ""),
        ("forecast", "#node=for-loop-1"),
        ("hostile", "#task=a"),
        ("hostile", ""),
        ("long", "#task=load"),
    ],
)
def test_axe_finds_no_serious_fault(show, name, fragment, scheme):
    page = show(name, fragment, scheme=scheme)
    if page.get_by_role("button", name="Expand loops").count() and not fragment:
        page.get_by_role("button", name="Expand loops").click()
    assert page.find_faults() == []
