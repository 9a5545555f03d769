"""Say in a sentence how old the database is, or why it cannot be used, and change nothing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


class Command(BaseCommand):
    """Refuse a database that does not answer or that a newer version has changed."""

    help = "Check that the database answers and was not made by a newer version of Assembly."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the state of the database, or exit with a sentence where it does not fit."""
        try:
            applied = set(MigrationRecorder(connection).applied_migrations())
            executor = MigrationExecutor(connection)
            to_do = executor.migration_plan(executor.loader.graph.leaf_nodes())
        except DatabaseError as wrong:
            words = str(wrong).strip().splitlines() or ["no reason given"]
            raise CommandError(f"The database cannot be used: {words[0].rstrip('.')}.") from wrong
        if unknown := sorted(applied - known_migrations()):
            app, name = unknown[-1]
            raise CommandError(
                f"This database was made by a newer version of Assembly ({app}.{name} is unknown"
                " here). Start that version, or restore the backup from before the upgrade."
            )
        behind = "of an older version" if to_do else "up to date"
        self.stdout.write(f"The database is {behind if applied else 'new'}.")


def known_migrations() -> set[tuple[str, str]]:
    """Return every migration that this code has, or had before it was squashed."""
    on_disk = MigrationLoader(None).disk_migrations
    replaced = {old for migration in on_disk.values() for old in migration.replaces}
    return set(on_disk) | replaced
