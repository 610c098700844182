"""What `make mutants` does: put small faults into the code, and see which of them tests catch.

mutmut's operators make the faults (`faults.py`): a comparison turned round, an argument left out, a
text changed. A seeded sample takes lines first and then one fault of each line (`sample.py`), so a
line that can be broken in twenty ways counts as much as any other; a larger sample holds the
smaller one. `equivalents.toml` lists drawn faults that change nothing that anybody could see, each
with its reason.

The suite runs once under coverage.py, which notes for each line the tests that reach it, also from
the processes that tests start (`measuring.py`). Later only test files that have changed are
measured again; lines that moved since then are followed (`coverage_map.py`). A trial (`trial.py`)
puts one fault into a copy of the repository (`copy.py`) and runs the tests of its line there, those
near the module and the quick ones first, until one fails. Code that another interpreter runs, or
that is sent as text, is not seen by coverage: there the tests that mirror the module run.

Nothing is written to the repository but `.kfpkit/mutants`.
"""
