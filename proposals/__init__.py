"""Proposals and how they are decided: so far the ways of deciding an assembly can choose."""
