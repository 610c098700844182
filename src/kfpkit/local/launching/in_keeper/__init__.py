"""Code of the process between a run and a task. It imports nothing of kfpkit."""
