"""Who may look into which meeting: `place_or_404` is the only way to one.

Whether a meeting exists is nobody else's business, so every other answer is the same 404.
"""

from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.http import Http404, HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from assemblies.models import Assembly, Meeting, Membership, Participant, Person, Role

SCREENS = "screens"


@dataclass(frozen=True)
class Place:
    """Somebody's place in a meeting: a seat, a screen on the wall, or a member looking in."""

    meeting: Meeting
    person: Person | None
    participant: Participant | None
    session: str = ""
    screen: bool = False

    @property
    def actor(self) -> str:
        """Return the key under which this place acts, or "" where it cannot."""
        return self.participant.key if self.participant else ""

    def roles(self) -> list[str]:
        """Return the roles of this place, freshly looked up."""
        if self.participant is None:
            return []
        return list(
            Role.objects.filter(participant=self.participant).values_list("role", flat=True)
        )


def seat_in(meeting_key: str, person_id: Any) -> Participant | None:
    """Return somebody's seat in a meeting, followed to the seat it was merged into."""
    seat = (
        Participant.objects.filter(meeting__key=meeting_key, person_id=person_id)
        .select_related("meeting__assembly", "person", "merged_into")
        .first()
    )
    if seat is not None and seat.merged_into is not None:
        seat.merged_into.meeting = seat.meeting
        return seat.merged_into
    return seat


def place_or_404(request: HttpRequest, key: str) -> Place:
    """Return the place that a request has in a meeting; 404 for everybody without one."""
    session = request.session.session_key or ""
    if request.user.is_authenticated:
        person = request.user
        if seat := seat_in(key, person.pk):
            return Place(seat.meeting, person, seat, session, screen=on_wall(request, key))
        meeting = Meeting.objects.select_related("assembly").filter(key=key).first()
        if meeting is not None and is_member(meeting.assembly, person):
            return Place(meeting, person, None, session, screen=on_wall(request, key))
    if on_wall(request, key):
        meeting = Meeting.objects.select_related("assembly").filter(key=key).first()
        if meeting is not None:
            return Place(meeting, None, None, session, screen=True)
    raise Http404(_("There is nothing here for you."))


def on_wall(request: HttpRequest, key: str) -> bool:
    """Say whether this browser was let in as a wall screen."""
    return key in request.session.get(SCREENS, [])


def is_member(assembly: Assembly, person: Any) -> bool:
    """Say whether somebody belongs to an assembly."""
    return Membership.objects.filter(assembly=assembly, person=person, left_at=None).exists()


def assembly_or_404(request: HttpRequest, key: str, *, organiser: bool = False) -> Assembly:
    """Return an assembly that somebody belongs to (and organises, if asked)."""
    if request.user.is_authenticated:
        found = Membership.objects.filter(
            assembly__key=key, person=request.user, left_at=None
        ).select_related("assembly__journal")
        if organiser:
            found = found.filter(organiser=True)
        if membership := found.first():
            return membership.assembly
    raise Http404(_("There is nothing here for you."))


def place_of_socket(scope: dict[str, Any], key: str) -> Place | None:
    """Return the place of a socket by its session cookie, in two queries, or None."""
    session_key = cookie_of(scope, settings.SESSION_COOKIE_NAME)
    if not session_key:
        return None
    session = SessionStore(session_key).load()
    if not session:
        return None
    screen = key in session.get(SCREENS, [])
    if person_id := session.get(SESSION_KEY):
        seat = seat_in(key, person_id)
        if seat is not None:
            person = seat.person or Person.objects.filter(pk=person_id).first()
            if person is not None and still_signed_in(session, person):
                return Place(seat.meeting, person, seat, session_key, screen)
    if screen:
        meeting = Meeting.objects.select_related("assembly").filter(key=key).first()
        if meeting is not None:
            return Place(meeting, None, None, session_key, screen=True)
    return None


def still_signed_in(session: dict[str, Any], person: Person) -> bool:
    """Say whether a session is of this person's present password."""
    return person.is_active and constant_time_compare(
        session.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash()
    )


def cookie_of(scope: dict[str, Any], name: str) -> str:
    """Return a cookie of a socket's handshake."""
    for header, value in scope.get("headers", []):
        if header == b"cookie":
            jar: SimpleCookie = SimpleCookie()
            try:
                jar.load(value.decode("latin-1"))
            except Exception:
                return ""
            if name in jar:
                return jar[name].value
    return ""
