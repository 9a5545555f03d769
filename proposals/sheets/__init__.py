"""The sheets of a page that hold proposals, and tests and votes."""
