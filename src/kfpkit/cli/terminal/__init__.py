"""What the command line shows on a terminal, and how it ends there."""
