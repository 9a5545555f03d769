"""What is kept at hand of councils during a meeting."""
