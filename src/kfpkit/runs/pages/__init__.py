"""The page of a run: one HTML file that shows the record, and asks nothing of a network.

What goes in: the record, and from the run's folder the ends of logs and the reports. What comes
out: `page.html` in that folder, made of a template, a stylesheet, scripts and two vendored
libraries. The browser draws everything from the record's public form, so the page of a run that
ran elsewhere is the same page; what a record does not hold is missing there.

Records, logs and reports are strings of users. They reach the page as JSON without `<`, the
scripts insert them as text only, reports are in frames without access to the page, and the page's
policy forbids every request.
"""

from __future__ import annotations

from kfpkit.runs.pages.page import NAME, write_page

__all__ = ["NAME", "write_page"]
