"""What is so on the floor: read models for pages and screens."""
