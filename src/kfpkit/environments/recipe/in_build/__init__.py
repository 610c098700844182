"""What the Dockerfile runs beside it: scripts for the Python of the base image.

Each one is a file of its own, with its contract in its docstring: standard library only, on every
Python that an environment may have. They lie in the build's folder as `in_build/`, count into the
content hash like the Dockerfile's text, and are in no image.
"""
