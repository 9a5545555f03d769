"""The labels and sentences of the floor."""
