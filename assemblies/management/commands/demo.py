"""manage.py demo: an assembly to look around in, and the links of this installation."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from assemblies.records.demo import ensure


class Command(BaseCommand):
    """Make the demo assembly where it is missing and print the links."""

    help = "Makes the demo assembly if it is missing, wakes it up, and prints the links."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--ensure", action="store_true", help="keep what is there (always so)")
        parser.add_argument("--json", action="store_true", help="print the links as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make, wake, print."""
        made = ensure()
        if options["json"]:
            self.stdout.write(json.dumps(made))
            return
        if made["setup"]:
            self.stdout.write(f"Set up (works once): {made['setup']}")
        for who, link in made["demo"].items():
            self.stdout.write(f"Demo, {who}: {link}")
