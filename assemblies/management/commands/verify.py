"""manage.py verify KEY: whether the journal of a meeting or of an assembly is what was written."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assemblies.door.verifying import finding_of
from assemblies.models import Assembly, Journal, Meeting


class Command(BaseCommand):
    """Walk the chains of journals; exit 1 and name the first wrong entry of each."""

    help = (
        "Checks the record of a meeting, of an assembly with all its meetings, or of everything;"
        " exits 1 and names the first entry that is wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "key",
            nargs="?",
            metavar="KEY",
            help="the key in the address of a meeting, /m/<key>/, or of an assembly, /a/<key>/",
        )
        parser.add_argument("--all", action="store_true", help="check every record there is")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and say what was found."""
        if bool(options["key"]) == options["all"]:
            raise CommandError("Say which record to check by its key, or --all.")
        wrong = [said for said in map(self.problem_of, self.meant(options["key"])) if said]
        if wrong:
            raise CommandError("\n".join(wrong))

    def meant(self, said: str | None) -> list[tuple[str, Journal]]:
        """Return the journals that a key means, each with the name of its meeting or assembly."""
        meetings = Meeting.objects.select_related("journal").order_by("starts_at")
        bodies = Assembly.objects.select_related("journal").order_by("created_at")
        if said is not None:
            key = said.strip("/").rpartition("/")[2]
            meeting = meetings.filter(key=key).first()
            if meeting is not None:
                return [(meeting.title, meeting.journal)]
            bodies, meetings = bodies.filter(key=key), meetings.filter(assembly__key=key)
            if not bodies:
                raise CommandError(f"There is no meeting or assembly {key!r}.")
        return [(one.name, one.journal) for one in bodies] + [
            (one.title, one.journal) for one in meetings
        ]

    def problem_of(self, one: tuple[str, Journal]) -> str:
        """Return what is wrong with a journal; print that it holds, and return "", if it does."""
        name, journal = one
        finding = finding_of(journal)
        if not finding.ok:
            return f"{name}: the record does not hold from entry {finding.seq} on: {finding.why}."
        erased = f", {finding.erased} of them erased as promised" if finding.erased else ""
        entries = f"{finding.seq} entries" if finding.seq != 1 else "1 entry"
        self.stdout.write(f"{name}: the record holds. {entries}{erased}. Head {finding.head}")
        return ""
