"""What may be done between assemblies."""
