"""What the pipelines of my-project have in common."""
