"""The pages about how the floor was shared."""
