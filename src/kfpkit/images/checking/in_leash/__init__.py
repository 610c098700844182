"""Code of the process that a build's child hangs on. It imports nothing of kfpkit."""
