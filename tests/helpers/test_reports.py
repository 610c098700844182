from kfpkit.helpers.reports import Matrix, Picture, Table, html_page


def test_texts_are_escaped():
    table = Table(title="T", header=["<a>"], rows=[["<script>"]])

    page = html_page("A & B", "1 < 2", tables=[table])

    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "A &amp; B" in page


def test_a_matrix_has_header_cells_and_darker_cells_for_larger_counts():
    matrix = Matrix(title="M", rows=["<r>", "s"], columns=["c", "d"], counts=[[200, 0], [50, 100]])

    page = html_page("T", "S", matrices=[matrix])

    assert '<th scope="row">&lt;r&gt;</th>' in page
    assert '<th scope="col">d</th>' in page
    assert '/ 100%); color: #fff">200</td>' in page
    assert '/ 25%); color: #222">50</td>' in page


def test_a_matrix_of_nothing_is_white():
    matrix = Matrix(title="M", rows=["r"], columns=["c"], counts=[[0]])

    assert '/ 0%); color: #222">0</td>' in html_page("T", "S", matrices=[matrix])


def test_pictures_are_part_of_the_page():
    page = html_page("T", "S", pictures=[Picture(title="P & Q", svg="<svg></svg>")])

    assert "<figcaption>P &amp; Q</figcaption>\n<svg></svg>" in page
