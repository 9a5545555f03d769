"""The stack app."""

from django.apps import AppConfig


class StackConfig(AppConfig):
    """The floor of a meeting."""

    name = "stack"
    default_auto_field = "django.db.models.BigAutoField"
