"""manage.py verify MEETING: whether its journal is what was written."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assemblies.models import Meeting
from assemblies.verifying import finding_of


class Command(BaseCommand):
    """Walk the chain of a meeting's journal; exit 1 and name the first wrong entry."""

    help = "Checks the record of a meeting; exits 1 and names the first entry that is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("meeting", metavar="MEETING", help="the key in its address, /m/<key>/")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and say what was found."""
        key = options["meeting"].strip("/").rpartition("/")[2]
        meeting = Meeting.objects.filter(key=key).select_related("journal").first()
        if meeting is None:
            raise CommandError(f"There is no meeting {key!r}.")
        finding = finding_of(meeting.journal)
        if not finding.ok:
            raise CommandError(
                f"{meeting.title}: the record does not hold from entry {finding.seq} on:"
                f" {finding.why}."
            )
        erased = f", {finding.erased} of them erased as promised" if finding.erased else ""
        self.stdout.write(
            f"{meeting.title}: the record holds. {finding.seq} entries{erased}. Head {finding.head}"
        )
