"""Completed and current runs, on any target: their records, pages and comparisons."""
