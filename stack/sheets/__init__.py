"""What is kept at hand of the floor during a meeting."""
