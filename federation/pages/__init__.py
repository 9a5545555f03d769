"""The pages of councils; the live room is in panels."""
