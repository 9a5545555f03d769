"""Browsers that are signed in as somebody, and how they are let go."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from assemblies.live.hub import hub
from assemblies.models import Person, PersonalLink


def sessions_of(person: Person) -> list[str]:
    """Return the session keys of every browser that is signed in as somebody."""
    there = Session.objects.filter(expire_date__gt=timezone.now())
    return [
        session.session_key
        for session in there.iterator()
        if session.get_decoded().get(SESSION_KEY) == str(person.pk)
    ]


def end_sessions(person: Person, *, but: str | None = None) -> int:
    """Sign somebody out in every browser (but one), close the sockets, void unused links."""
    ended = [key for key in sessions_of(person) if key != but]
    Session.objects.filter(session_key__in=ended).delete()
    PersonalLink.objects.filter(person=person).delete()
    for key in ended:
        hub.signed_out(key)
    return len(ended)
