"""Code that runs in another interpreter. It imports nothing of kfpkit."""
