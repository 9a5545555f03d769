"""What is so about proposals and decisions: read models for pages and screens."""
