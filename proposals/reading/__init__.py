"""Read models of proposals and decisions, for pages and screens."""
