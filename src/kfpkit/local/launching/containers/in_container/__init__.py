"""Code that runs in a task's container. It imports nothing of kfpkit."""
