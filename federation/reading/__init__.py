"""Read models of councils, for pages and screens."""
