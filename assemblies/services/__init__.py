"""What may be done in a meeting, and around it."""
