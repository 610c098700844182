"""One environment with the libraries of all others, only to compare with: `python -m` locks it."""
