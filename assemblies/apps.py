"""The assemblies app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AssembliesConfig(AppConfig):
    """People, meetings, the journal, the room."""

    name = "assemblies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Find what the apps declare: acts in services, panels, sentences for the minutes."""
        autodiscover_modules(
            "services",
            "reading.state",
            "records.scripts",
            "words.ways",
            "screens.panels",
            "screens.own",
            "screens.next_steps",
            "screens.tools",
            "screens.concerned",
            "records.sentences",
            "screens.sections",
        )
