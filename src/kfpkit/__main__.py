"""`python -m kfpkit`: the command line."""

from kfpkit.cli import main

main()
