"""What `make bench-tables` measures: tables that are larger than memory.

Too long for `make bench`: 20 million rows take half an hour and 8 GB of disk.

Each component runs as a task of a local run does, with its peak memory as the run records it. Its
reference is a program of a page in the same environment, without kfpkit: what a user would write
who knows the library. Component and reference run in turn.
"""
