"""What may be asked for, in which words, and by whom."""
