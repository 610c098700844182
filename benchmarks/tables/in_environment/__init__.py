"""Programs that run with the packages of an environment."""
