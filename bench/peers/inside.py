"""Prepare the textbook's database: `python -m bench.peers.inside migrate | gather SEATS ABOUT`."""

import json
import sys
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django must be set up first
from django.contrib.auth import (  # noqa: E402
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
)
from django.contrib.auth.models import User  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402
from django.utils.crypto import get_random_string  # noqa: E402

from bench.peers.models import Meeting  # noqa: E402


def gather(seats: int, about: str) -> dict[str, Any]:
    """Return a meeting, and people who are signed in."""
    meeting = Meeting.objects.create(
        key=get_random_string(8), title="A full hall", asks=about == "test"
    )
    people = User.objects.bulk_create(
        [User(username=f"person{place:04}", password="!") for place in range(seats)],
        batch_size=500,
    )
    store, expires = SessionStore(), timezone.now() + timedelta(days=1)
    sessions = Session.objects.bulk_create(
        [
            Session(
                session_key=get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789"),
                session_data=store.encode(
                    {
                        SESSION_KEY: str(person.pk),
                        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                        HASH_SESSION_KEY: person.get_session_auth_hash(),
                    }
                ),
                expire_date=expires,
            )
            for person in people
        ],
        batch_size=500,
    )
    return {
        "meeting": meeting.key,
        "cookie": settings.SESSION_COOKIE_NAME,
        "seats": [(str(p.pk), s.session_key) for p, s in zip(people, sessions, strict=True)],
    }


if __name__ == "__main__":
    what, *words = sys.argv[1:]
    if what == "migrate":
        call_command("migrate", run_syncdb=True, verbosity=0)
    else:
        print(json.dumps(gather(int(words[0]), words[1])))
