"""What is so between assemblies: read models for pages and screens."""
