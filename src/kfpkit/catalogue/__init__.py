"""The catalogue of components as data: what each does, takes and produces, and where it runs.

Nothing is kept beside the code. Purpose, inputs and outputs are read from the components, and an
environment fits if it provides what the component's bundle imports, as when a pipeline is compiled.
"""

from __future__ import annotations

from kfpkit.catalogue.entries import Entry, Place, find_entry, list_entries

__all__ = ["Entry", "Place", "find_entry", "list_entries"]
