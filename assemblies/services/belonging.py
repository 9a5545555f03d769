"""How somebody comes to belong to an assembly (docs/decisions/0005-who-starts-who-belongs.md)."""

from assemblies.door.kinds import Silent, card, rows
from assemblies.models import Assembly, Membership, Person
from assemblies.services.founding import log


def belong(assembly: Assembly, person: Person) -> None:
    """Make somebody a member of an open assembly; being one already changes nothing."""
    row, new = Membership.objects.get_or_create(assembly=assembly, person=person)
    back = (
        not new
        and Membership.objects.filter(pk=row.pk).exclude(left_at=None).update(left_at=None) == 1
    )
    if new or back:
        log(assembly, MEMBER_JOINED, person)


def organises(assembly: Assembly, person: Person) -> bool:
    """Say whether somebody prepares the meetings of an assembly."""
    return Membership.objects.filter(
        assembly=assembly, person=person, left_at=None, organiser=True
    ).exists()


# --- the cards of the entries written here ---

MEMBER_JOINED = card(
    "assemblies.member_joined",
    minutes=Silent("Who belongs is on the roll of members, not in minutes."),
    writes=(rows(Membership),),
)
