"""How we say it: the words of councils."""
