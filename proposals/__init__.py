"""Proposals, and how an assembly decides on them."""
