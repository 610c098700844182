"""Code that keeps emulators running in the background."""
