"""The admin pages of the floor: who spoke for how long, never who showed which signal."""

from django.contrib import admin

from assemblies.admin import OnlyLooking
from stack.models import Turn


@admin.register(Turn)
class TurnAdmin(OnlyLooking):
    """Turns, as they were taken."""

    list_display = ("participant", "kind", "started_at", "ended_at", "how")
    list_select_related = ("participant",)
