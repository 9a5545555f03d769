"""What may be done in a meeting; importing this registers every act of this app."""

from assemblies.services import agenda, people, phases, questions, roles, taking_back

__all__ = ["agenda", "people", "phases", "questions", "roles", "taking_back"]
