"""The proposals app."""

from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    """Proposals."""

    name = "proposals"
    default_auto_field = "django.db.models.BigAutoField"
