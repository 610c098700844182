"""Code that waits for the end of a run. It imports nothing of kfpkit."""
