"""What is written down and kept of proposals and decisions."""
