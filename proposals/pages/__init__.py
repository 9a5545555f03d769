"""The pages around decisions; the live room is in panels."""
