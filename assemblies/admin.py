"""Admin pages on which an operator may look, but change nothing: meetings change by the door."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from assemblies.models import Assembly, Entry, Meeting


class OnlyLooking(admin.ModelAdmin):
    """An admin page without a button that changes something."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False


@admin.register(Assembly)
class AssemblyAdmin(OnlyLooking):
    """Assemblies of this installation."""

    list_display = ("name", "kind", "preset", "admission", "practice", "created_at")


@admin.register(Meeting)
class MeetingAdmin(OnlyLooking):
    """Meetings, without what lets people in."""

    list_display = ("title", "assembly", "starts_at", "phase", "ended_at", "forgotten_at")
    exclude = ("code", "secret", "wifi_name", "wifi_password")


@admin.register(Entry)
class EntryAdmin(OnlyLooking):
    """Entries of journals, as they were written."""

    list_display = ("seq", "kind", "at", "journal")
    list_filter = ("kind",)
    list_select_related = ("journal",)
    exclude = ("salt",)
