"""What is written down and kept: minutes, posters, rehearsals, retention."""
