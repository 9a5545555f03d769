"""A database is looked at before it is changed."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from scripts import serving

pytestmark = pytest.mark.django_db


def database_state():
    """Return what checkdatabase says."""
    out = io.StringIO()
    call_command("checkdatabase", stdout=out)
    return out.getvalue().strip()


def test_a_database_without_a_step_is_of_an_older_version():
    assert database_state() == "The database is up to date."
    last = max(
        name for app, name in MigrationRecorder(connection).applied_migrations() if app == "stack"
    )
    MigrationRecorder(connection).record_unapplied("stack", last)
    assert database_state() == "The database is of an older version."


def test_a_database_with_an_unknown_step_is_of_a_newer_version():
    MigrationRecorder(connection).record_applied("stack", "9999_what_comes_later")
    with pytest.raises(CommandError, match="newer version"):
        database_state()


@pytest.mark.parametrize(
    ("state", "elsewhere", "copies"),
    [
        ("of an older version", "", 1),
        ("up to date", "", 0),
        ("new", "", 0),
        ("of an older version", "postgresql://somewhere/assembly", 0),
    ],
)
def test_an_upgrade_begins_with_a_copy(monkeypatch, tmp_path, state, elsewhere, copies):
    made = []
    answers = {"checkdatabase": f"The database is {state}.\n", "demo": '{"setup": null}'}
    monkeypatch.setattr(serving, "manage", lambda choices, name, *rest: answers.get(name, ""))
    monkeypatch.setattr(serving, "back_up", lambda data: made.append(data) or data)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", elsewhere)
    assert serving.prepare(serving.Choices()) == {"setup": None}
    assert made == [tmp_path] * copies


def test_after_a_restore_phones_are_told_once(monkeypatch, tmp_path):
    asked = []
    answers = {"demo": '{"setup": null}'}
    monkeypatch.setattr(
        serving, "manage", lambda choices, name, *rest: asked.append(name) or answers.get(name, "")
    )
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    (tmp_path / "restored").touch()
    serving.prepare(serving.Choices())
    serving.prepare(serving.Choices())
    assert asked.count("restored") == 1
    assert asked.index("migrate") < asked.index("restored")
