"""Code of the process between kfpkit and a command. It imports nothing of kfpkit."""
