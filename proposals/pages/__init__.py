"""The pages around decisions: everything but the live room."""
