import pytest

from kfpkit.helpers.reports import Matrix, Picture, Table, Verdict, html_page


def test_strings_are_escaped():
    table = Table(title="<t>", header=["<a>"], rows=[["<script>"]], more="<m>")
    matrix = Matrix(title="<f>", categories=["<c>", "d"], counts=[[1, 2], [3, 4]])

    page = html_page("A & B", "1 < 2", values={"<v>": "<w>"}, figures=[matrix], tables=[table])

    for written in ("<script>", "<t>", "<a>", "<m>", "<f>", "<c>", "<v>", "<w>", "1 < 2", "A & B"):
        assert written not in page
    for shown in ("&lt;script&gt;", "&lt;t&gt;", "&lt;c&gt;", "&lt;w&gt;", "1 &lt; 2", "A &amp; B"):
        assert shown in page


def test_words_between_backticks_are_code():
    page = html_page("T", "It predicts `<i>`, at 5` or 6.")

    assert "It predicts <code>&lt;i&gt;</code>, at 5` or 6." in page


def test_a_matrix_has_header_cells_and_counts_with_their_shares():
    matrix = Matrix(title="M", categories=["a", "b"], counts=[[150, 50], [0, 100]])

    page = html_page("T", "S", figures=[matrix])

    assert '<th scope="row">a</th>' in page
    assert '<th scope="col">b</th>' in page
    assert '<td class="good" style="--share:49%"><b>150</b><span>75%</span></td>' in page
    assert '<td class="bad" style="--share:26%"><b>50</b><span>25%</span></td>' in page
    assert '<td class="bad" style="--share:15%"><b>0</b><span>0%</span></td>' in page
    assert '<td class="good" style="--share:60%"><b>100</b><span>100%</span></td>' in page


def test_a_label_without_rows_has_no_shares():
    matrix = Matrix(title="M", categories=["a", "b"], counts=[[0, 0], [1, 2]])

    page = html_page("T", "S", figures=[matrix])

    assert page.count('style="--share:15%"><b>0</b></td>') == 2


def test_pictures_are_part_of_the_page():
    page = html_page("T", "S", figures=[Picture(title="P & Q", svg="<svg></svg>")])

    assert "<figcaption>P &amp; Q</figcaption>\n<svg></svg>" in page


@pytest.mark.parametrize(
    ("is_good", "chip"), [(True, '"chip good">✓ said'), (False, '"chip bad">✕ said')]
)
def test_a_verdict_has_a_tone_and_an_icon(is_good, chip):
    assert f"<span class={chip}<" in html_page(
        "T", "S", verdict=Verdict(text="said", is_good=is_good)
    )


def test_what_is_not_given_leaves_nothing_behind():
    page = html_page("T", "S")

    assert "<main>\n</main>" in page
    assert "chip " not in page.partition("</style>")[2]


def test_a_line_below_a_table_tells_what_it_leaves_out():
    table = Table(title="T", header=["a"], rows=[["1"]], more="The first row is listed.")

    assert '<p class="more">The first row is listed.</p>' in html_page("T", "S", tables=[table])


def test_a_long_string_is_shortened_and_its_length_told():
    table = Table(title="T", header=["a"], rows=[["x" * 5_000_000]])

    page = html_page("T", "S", tables=[table])

    assert f"<td>{'x' * 1000}… (5,000,000 characters)</td>" in page
    assert len(page) < 20_000
