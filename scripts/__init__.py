"""Install, run, test and check Assembly with nothing but the standard library."""
