"""What a live screen shows of a proposal, and what may come next."""
