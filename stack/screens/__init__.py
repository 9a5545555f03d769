"""What a live screen shows of the floor."""
