"""Minutes, posters, rehearsals, and how long things are kept."""
