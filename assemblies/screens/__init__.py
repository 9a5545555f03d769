"""Panels of people, agenda and questions, and the personal parts of a screen."""
