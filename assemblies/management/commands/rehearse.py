"""manage.py rehearse FILE: play a script and say which expectations do not hold."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assemblies.records.rehearsal import Report, read_script, rehearse
from assemblies.rules.errors import NotAScript


class Command(BaseCommand):
    """Play a rehearsal script through the acts of the live room."""

    help = "Plays a rehearsal script (docs/rehearsals.md) and exits 0 only if all of it holds."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of ROOM.md 4."""
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument("--keep", action="store_true", help="keep the practice meetings")
        parser.add_argument("--watch", action="store_true", help="play in real time")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, play, report."""
        try:
            with open(options["file"], encoding="utf-8") as file:
                said = json.load(file)
        except OSError as wrong:
            raise CommandError(f"{options['file']} cannot be read: {wrong.strerror}.") from wrong
        except (ValueError, RecursionError) as wrong:
            raise CommandError(f"{options['file']} is not JSON: {wrong}") from wrong
        say = self.stderr.write if options["json"] else self.stdout.write
        watch = say if options["watch"] else None
        try:
            report = rehearse(read_script(said), keep=options["keep"], watch=watch)
        except NotAScript as wrong:
            if options["json"]:
                self.stdout.write(json.dumps({"ok": False, "not_a_script": str(wrong)}))
            raise CommandError(f"{options['file']} cannot be played. {wrong}") from wrong
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
        else:
            self.tell(report)
        if not report.ok:
            raise SystemExit(1)

    def tell(self, report: Report) -> None:
        """Print the report for people."""
        for note in report.notes:
            self.stdout.write(f"Note: {note}")
        for failure in report.failures:
            why = f" ({failure['why']})" if failure.get("why") else ""
            self.stdout.write(f"Step {failure['step']}: {failure['what']}{why}")
        for name, key in report.meetings.items():
            self.stdout.write(f"{name}: kept as /m/{key}/" if name else f"Kept as /m/{key}/")
        done = f"{report.steps} steps, {report.acts} acts"
        wrong = f"{len(report.failures)} do not hold" if report.failures else "all hold"
        self.stdout.write(f"{report.title}: {done}, {wrong}.")
