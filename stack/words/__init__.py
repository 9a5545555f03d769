"""How we say it: what the things of the floor are called."""
