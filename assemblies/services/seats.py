"""A lost seat is given back."""

from django.db.models import Q
from django.utils.translation import gettext as _

from assemblies.door.journal import record
from assemblies.door.kinds import card, rows
from assemblies.models import Assembly, Meeting, Membership, Participant, Person
from assemblies.rules.errors import Refused
from assemblies.sheets import Roll
from assemblies.words import sentences


def give_back(meeting: Meeting, *, by: str, who: str) -> Person:
    """Return the person whose seat is given back, and write down who gave it.

    Whoever was entered by name without a phone becomes a person by it. People who carry more than
    a seat are refused: a greeter must not be able to become an organiser.
    """
    with record(meeting) as page:
        roll = page.sheet(Roll)
        page.actor, seat = roll.find(by), roll.find(who)
        if seat is None:
            raise Refused("unknown", _("Nobody of that name is in this meeting."))
        person = seat.person
        if person is None:
            person = Person.objects.create_user(name=seat.name)
            seat.person = person
            page.put(seat)
        elif carries_more(person, meeting.assembly):
            raise Refused(
                "not_your_role",
                _(
                    "%(name)s signs in with a sign-in name, or comes in anew with the code;"
                    " then the two seats are made one."
                )
                % {"name": seat.name},
            )
        page.note(SEAT_GIVEN_BACK, who=seat.key)
    return person


def carries_more(person: Person, assembly: Assembly) -> bool:
    """Say whether being somebody means more than having a seat in this assembly.

    Who belongs to another assembly would be given away there too.
    """
    belongs = Membership.objects.filter(person=person, left_at=None)
    return (
        person.is_staff
        or person.has_usable_password()
        or belongs.filter(Q(organiser=True) | ~Q(assembly=assembly)).exists()
    )


# --- the cards of the entries written here ---

SEAT_GIVEN_BACK = card(
    "assemblies.seat_given_back",
    "roll",
    minutes=sentences.seat_given_back,
    writes=(
        rows(Participant, key="who"),
        rows(Person),
    ),
)
