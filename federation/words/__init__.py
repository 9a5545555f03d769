"""The words and sentences of councils."""
