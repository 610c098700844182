"""Reports of components as a browser shows them, and in the look of the page of a run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kfpkit.helpers.reports import Matrix, Picture, Table, Verdict, html_page

ROOT = Path(__file__).parents[2]
AXE = ROOT / "tests" / "axe" / "axe.min.js"
SPITE = (
    '</style></script><script>fail()</script><img src="http://outside.invalid/a">\u202e🐟 ünï\x07'
)
OUTSIDE = '<svg viewBox="0 0 9 9"><image href="http://outside.invalid/b.png"/></svg>'
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])

EVALUATION = """
import pandas as pd
from kfpkit.helpers.evaluation_pages import evaluation_page
from kfpkit.helpers.evaluations import evaluate
from kfpkit.helpers.training import Order, train_model

rows = range(60)
table = pd.DataFrame({"id": rows, "a": rows, "b": [row % 7 for row in rows]})
table["ill"] = [int(row % 5 + row > 30) for row in rows]
order = Order(
    estimator="random_forest", task="binary", target="ill", key="id",
    hyperparameters={"n_estimators": 20},
)
model = train_model(table, order)
result = evaluation_page(evaluate(model, table, slices=["b"], smallest_group=5, resamples=20))
"""
VALIDATION = """
import pandas as pd
from kfpkit.helpers.validations import InvalidDataError, conform, validation_report

table = pd.DataFrame({"id": [f"k{row}" for row in range(1500)], "radius": [-1.0] * 1500})
schema = "columns: {id: {dtype: str}, radius: {checks: {gt: 0}}, label: {dtype: int64}}"
try:
    conform(table, schema, "id")
except InvalidDataError as error:
    result = validation_report(len(table), len(table.columns), error.failures)
"""


def make_hostile():
    """Return a report whose every string tries to leave its place."""
    return html_page(
        SPITE,
        SPITE,
        verdict=Verdict(text=SPITE, is_good=False),
        values={SPITE: SPITE, "long": "w" * 900},
        figures=[
            Matrix(title=SPITE, categories=[SPITE, "b" * 300], counts=[[10**9, 0], [0, 0]]),
            Picture(title=SPITE, svg=OUTSIDE),
        ],
        tables=[Table(title=SPITE, header=[SPITE], rows=[[SPITE], ["w" * 5_000_000]], more=SPITE)],
    )


@pytest.fixture(scope="module")
def reports(evaluate_in):
    """Return reports by name."""
    return {
        "evaluation": evaluate_in("sklearn", EVALUATION),
        "validation": evaluate_in("gcp", VALIDATION),
        "hostile": make_hostile(),
    }


@pytest.fixture
def show(chromium, tmp_path):
    """Return a function that opens a report; at the end, none may have sent a request."""
    pages, said, asked = [], [], []

    def show(content, *, scheme="light", width=1200):
        file = tmp_path / f"{len(pages)}.html"
        file.write_text(content, encoding="utf-8")
        size = {"width": width, "height": 900}
        page = chromium.new_page(viewport=size, color_scheme=scheme)
        pages.append(page)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("requestfinished", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        return page

    yield show
    for page in pages:
        page.close()
    assert [line for line in said if "Content Security Policy" not in line] == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def find_serious_faults(page):
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return [
        (each["id"], [node["html"][:200] for node in each["nodes"][:5]])
        for each in page.evaluate("axe.run()")["violations"]
        if each["impact"] in {"serious", "critical"}
    ]


def color_of(page, selector, name="color"):
    return page.locator(selector).first.evaluate(f"each => getComputedStyle(each).{name}")


@SCHEMES
def test_a_hostile_report_runs_nothing_and_requests_nothing(show, scheme):
    page = show(make_hostile(), scheme=scheme)

    assert page.locator("h1").inner_text().startswith("</style>")
    assert page.locator("img, script").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 1200
    assert find_serious_faults(page) == []


@SCHEMES
@pytest.mark.slow
@pytest.mark.parametrize("name", ["evaluation", "validation"])
def test_a_report_follows_the_scheme_and_is_accessible(show, reports, name, scheme):
    page = show(reports[name], scheme=scheme)

    dark = scheme == "dark"
    assert (color_of(page, "body", "backgroundColor") == "rgb(15, 18, 24)") == dark
    assert (color_of(page, "td") == "rgb(232, 235, 241)") == dark
    assert find_serious_faults(page) == []


@pytest.mark.slow
def test_a_curve_has_the_colors_of_the_scheme(show, reports):
    curves = {
        scheme: color_of(show(reports["evaluation"], scheme=scheme), ".serie-0 path", "stroke")
        for scheme in ("light", "dark")
    }

    assert curves == {"light": "rgb(45, 91, 211)", "dark": "rgb(134, 163, 255)"}


@pytest.mark.slow
@pytest.mark.parametrize(("width", "rows"), [(1200, 2), (398, 6)])
def test_figures_are_side_by_side_where_there_is_space(show, reports, width, rows):
    page = show(reports["evaluation"], width=width)

    tops = page.locator("figure").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect().top)"
    )
    assert len(tops) == 6
    assert len(set(tops)) == rows
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.slow
def test_a_failed_check_is_told_with_its_number_of_rows(show, reports):
    page = show(reports["validation"])

    assert page.locator(".chip").inner_text() == "✕ invalid"
    values = page.locator("dl").inner_text().split()
    assert values == ["rows", "1,500", "columns", "2", "failed", "checks", "2"]
    tables = {
        section.locator("h2").inner_text(): section.locator("thead th").all_inner_texts()
        for section in page.locator("section").all()
    }
    assert tables == {
        "Column label: column_in_dataframe": ["found"],
        "Column radius: greater_than(0), 1,500 rows": ["row", "value"],
    }
    assert page.locator("section tbody tr").count() == 1001
    assert page.locator(".more").all_inner_texts() == ["The first 1,000 rows are listed."]


def test_a_report_prints_on_white_with_whole_tables(show):
    page = show(make_hostile())
    page.emulate_media(media="print")

    assert color_of(page, "body", "backgroundColor") == "rgb(255, 255, 255)"
    assert color_of(page, ".scroll", "overflow") == "visible"


def list_tokens(file):
    """Return the colors and fonts of a stylesheet, for both schemes."""
    blocks = re.findall(r":root \{(.*?)\}", file.read_text(encoding="utf-8"), re.DOTALL)
    return [dict(re.findall(r"--([\w-]+): ([^;]+);", block)) for block in blocks[:2]]


def test_reports_have_the_colors_and_fonts_of_the_page_of_a_run():
    folder = ROOT / "src" / "kfpkit"
    page = list_tokens(folder / "runs" / "pages" / "styles" / "theme.css")
    report = list_tokens(folder / "helpers" / "report.css")

    assert len(report) == 2
    for own, theirs in zip(report, page, strict=True):
        assert own.items() <= theirs.items()
        assert {"page", "card", "text", "near", "good", "bad"} <= own.keys()
    assert report[0].keys() - report[1].keys() == {"sans", "mono"}


def test_every_color_that_a_report_uses_is_defined():
    helpers = ROOT / "src" / "kfpkit" / "helpers"
    style = (helpers / "report.css").read_text(encoding="utf-8")
    used = style + (helpers / "plots.py").read_text(encoding="utf-8")

    defined = set(re.findall(r"(--[\w-]+):", style)) | {"--share"}  # which the template sets
    assert set(re.findall(r"var\((--[\w-]+)\)", used)) == defined
