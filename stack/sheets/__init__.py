"""The floor and the signals of a meeting, loaded once and kept while it runs."""
