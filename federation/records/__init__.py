"""What is written down and kept of councils."""
