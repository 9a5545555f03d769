"""The assemblies app."""

from django.apps import AppConfig


class AssembliesConfig(AppConfig):
    """People, meetings, the journal, the room."""

    name = "assemblies"
    default_auto_field = "django.db.models.BigAutoField"
