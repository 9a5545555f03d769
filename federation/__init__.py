"""Assemblies of assemblies: the place of councils, delegates and mandates."""
