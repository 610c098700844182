"""Code that runs in an image. It imports nothing of kfpkit."""
