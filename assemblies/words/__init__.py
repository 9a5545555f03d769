"""Sentences and labels of this app."""
