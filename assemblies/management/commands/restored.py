"""manage.py restored: to be run once after a backup was put back."""

import uuid
from typing import Any

from django.core.management.base import BaseCommand

from assemblies.models import Installation


class Command(BaseCommand):
    """Begin a new epoch, so that phones compare what they kept with what is here now."""

    help = "Begins a new epoch after a backup was restored: phones look again and tell."

    def handle(self, *args: Any, **options: Any) -> None:
        """Change the epoch of this database."""
        here = Installation.here()
        here.epoch = str(uuid.uuid4())
        here.save(update_fields=["epoch"])
        self.stdout.write(
            f"New epoch {here.epoch}. Phones that were here before compare and tell what is gone."
        )
