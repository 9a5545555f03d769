"""What is kept at hand of what is being decided."""
