"""How we say it: sentences and labels."""
