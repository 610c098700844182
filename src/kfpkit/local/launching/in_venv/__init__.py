"""Code that is copied into virtual environments. It imports nothing of kfpkit."""
