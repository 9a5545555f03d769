"""The federation app."""

from django.apps import AppConfig


class FederationConfig(AppConfig):
    """Federation."""

    name = "federation"
    default_auto_field = "django.db.models.BigAutoField"
