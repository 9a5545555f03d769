"""How we say it: what tests, votes and decisions are called."""
