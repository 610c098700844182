"""What component bodies call; it ships into containers and imports nothing but other helpers."""
