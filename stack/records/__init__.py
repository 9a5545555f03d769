"""What is written down and kept of the floor."""
