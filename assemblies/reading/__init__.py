"""What is so: read models for pages and screens. Nothing here writes."""
