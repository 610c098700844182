"""Code that runs with the auditing tools. It imports nothing of kfpkit."""
