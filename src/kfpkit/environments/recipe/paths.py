"""The files that kfpkit brings for images, and their names in a project."""

from __future__ import annotations

from pathlib import Path

RUNTIME_FILE = "kfp-runtime.txt"
PACKAGED_RUNTIME = Path(__file__).with_name(RUNTIME_FILE)
PACKAGED_DOCKERFILE = Path(__file__).with_name("Dockerfile")
BUILD_SCRIPTS = Path(__file__).with_name("in_build")
