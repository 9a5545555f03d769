"""Read models for pages and screens. Nothing here writes."""
