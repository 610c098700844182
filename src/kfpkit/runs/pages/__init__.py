"""Pages of runs: HTML files that show records, and ask nothing of a network.

What goes in: the record, and from the run's folder the ends of logs and the reports. What comes
out: `page.html` in that folder, made of a template, a stylesheet, scripts and two vendored
libraries. The browser draws everything from the record's public form, so the page of a run that
ran elsewhere is the same page; what a record does not hold is missing there. The page of a
comparison is made in the same way, of what the comparison found.

Records, logs and reports are strings of users. They reach the page as JSON without `<`, the
scripts insert them as text only, reports are in frames without access to the page, and the page's
policy forbids every request.
"""

from __future__ import annotations

from kfpkit.runs.pages.comparison import write_comparison
from kfpkit.runs.pages.page import NAME, write_page

__all__ = ["NAME", "write_comparison", "write_page"]
