from kfpkit.helpers.reports import Picture, Table, html_page


def test_texts_are_escaped():
    table = Table(title="T", header=["<a>"], rows=[["<script>"]])

    page = html_page("A & B", "1 < 2", tables=[table])

    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "A &amp; B" in page


def test_pictures_are_part_of_the_page():
    page = html_page("T", "S", pictures=[Picture(title="P", png=b"abc")])

    assert 'src="data:image/png;base64,YWJj"' in page
