"""Plots of the floor, and what of it is deleted when."""
