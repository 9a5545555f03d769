"""What members say of themselves: kept with their membership, copied to their places.

Groups, twice the time, standing by name: self-described, optional, deletable at any time. No
journal holds what somebody said, only that something was said, and a day later not even that.
"""

from assemblies.door.journal import record
from assemblies.models import Membership, Participant
from assemblies.services.people import DESCRIBED
from assemblies.sheets import Roll


def describe(
    membership: Membership, *, groups: list[str], double_time: bool, in_rota: bool, named: bool
) -> None:
    """Keep what a member says of themselves, in every meeting of the assembly at once."""
    membership.groups, membership.double_time = groups, double_time
    membership.in_rota, membership.named = in_rota, named
    membership.save(update_fields=["groups", "double_time", "in_rota", "named"])
    seats = Participant.objects.filter(
        person=membership.person, meeting__assembly=membership.assembly
    )
    for seat in seats.select_related("meeting"):
        take_over(seat, membership)


def take_over(seat: Participant, membership: Membership) -> None:
    """Have a seat say what its member says, by the door of its meeting."""
    with record(seat.meeting) as page:
        person = page.sheet(Roll).by_id[seat.pk]
        before = person.groups, person.double_time, person.named
        if page.meeting.phase == "ended":
            take_back(person, membership)
        else:
            as_member(person, membership)
        if (person.groups, person.double_time, person.named) == before:
            return
        page.put(person)
        page.actor = person
        if page.meeting.forgotten_at is not None:
            # This entry is to be forgotten as well.
            page.meeting.forgotten_at = None
            page.put(page.meeting)
        page.note(DESCRIBED)


def as_member(seat: Participant, membership: Membership | None) -> None:
    """Give a seat what its member said, if they belong to the assembly."""
    if membership is not None:
        seat.groups = list(membership.groups)
        seat.double_time, seat.named = membership.double_time, membership.named


def take_back(seat: Participant, membership: Membership) -> None:
    """Take from the seat of a meeting that is over what its member takes back; nothing is added."""
    seat.groups = [word for word in seat.groups if word in membership.groups]
    seat.double_time = seat.double_time and membership.double_time
    seat.named = seat.named and membership.named
