"""Times, measured: a hall full of phones against the real server. Correctness is tests/' affair."""
