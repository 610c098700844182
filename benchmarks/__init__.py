"""What `make bench` measures and `docs/performance.md` quotes.

Each module measures one thing and returns its figures; those with a bar say which. What is compared
is run side by side, in turn, and compared pair by pair, since a machine's speed drifts.
"""
