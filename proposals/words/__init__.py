"""The words for tests, votes and decisions."""
