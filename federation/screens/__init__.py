"""What a live screen shows of councils."""
