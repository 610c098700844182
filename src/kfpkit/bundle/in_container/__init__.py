"""The code that runs a component in its container. It imports nothing of kfpkit."""
