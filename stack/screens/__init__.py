"""Panels and personal parts of the floor."""
