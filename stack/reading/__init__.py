"""Read models of the floor for pages and screens."""
