"""What assemblies, their councils and delegates may do."""
