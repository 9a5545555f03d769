"""How does anything change? Only through the door: one lock, one transaction, rows and entries."""
