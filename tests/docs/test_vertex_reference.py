"""The reference of Vertex AI's emulator has the methods that the emulator serves."""

from __future__ import annotations

import os
import re
from pathlib import Path

from docs import vertex_reference
from kfpkit.emulators.servers.vertex.methods_table import list_rows

ROOT = Path(__file__).parents[2]


def test_the_reference_has_every_method(document):
    page = document("docs/reference/vertex-emulator.md")
    generated = re.compile(r"(?<=<!-- methods -->\n\n).*(?=\n*<!-- /methods -->)", re.DOTALL)
    tables = f"{vertex_reference.write_reference()}\n\n"

    if os.environ.get("UPDATE_GOLDEN"):
        page.file.write_text(generated.sub(lambda _: tables, page.text), encoding="utf-8")

    assert generated.search(page.text)[0] == tables


def test_tests_with_the_official_client_exist_for_methods_that_are_served():
    served = {row.name for row in list_rows() if row.is_served}
    assert set(vertex_reference.OFFICIAL) <= served
    assert all((ROOT / test).is_file() for test in vertex_reference.OFFICIAL.values())
