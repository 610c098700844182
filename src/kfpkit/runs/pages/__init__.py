"""Pages of runs: HTML files that show records without access to a network.

What goes in: the record, and from the run's folder the ends of logs and the reports. What comes
out: `page.html` in that folder, made from a template, a stylesheet, scripts and two vendored
libraries. The browser draws everything from the record's public form. A run that ran elsewhere
therefore gets the same page, without whatever its record lacks. The page of a comparison is made in
the same way, from the result of the comparison.

Records, logs and reports contain strings from users. They reach the page as JSON without `<`, the
scripts insert them as text only, reports are in frames without access to the page, and the page's
policy forbids every request.
"""

from __future__ import annotations

from kfpkit.runs.pages.additions import REPORT, REPORTS
from kfpkit.runs.pages.comparison import write_comparison
from kfpkit.runs.pages.page import NAME, write_page

__all__ = ["NAME", "REPORT", "REPORTS", "write_comparison", "write_page"]
