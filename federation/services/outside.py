"""What a base does about councils outside of its meetings: it carries out a decision it has made.

An organiser writes it down, as with a change of the rule; the decision is the assembly's.
"""

from datetime import datetime

from django.utils import timezone

from assemblies.door.journal import together
from assemblies.models import Assembly, Person
from federation.models import Council
from federation.services.base import Base, notify, settled
from federation.services.founding import create_council
from federation.services.joining import join
from federation.sheets.councils import COUNCIL_CHANGED, meetings_of, tell_meetings
from proposals.models import Decision


def base_of(body: Assembly, by: Person, decision: Decision | None, now: datetime) -> Base:
    """Return the base that acts outside of a meeting. Raises Refused: `no_decision`."""
    return Base(body, by, now, settled(decision))


def doors_of(*bodies: Assembly) -> list[object]:
    """Return the journals of assemblies and of their meetings that have not ended."""
    return [
        *(body.journal_id for body in bodies),
        *(meeting.journal_id for body in bodies for meeting in meetings_of(body)),
    ]


def found_outside(
    body: Assembly,
    by: Person,
    decision: Decision | None,
    *,
    name: str,
    preset: str,
    seats: int | None,
    level: str,
    admission: str,
    invite: list[Assembly],
) -> Council:
    """Found a council by a decision of this assembly, and invite others to it."""
    base = base_of(body, by, decision, timezone.now())
    with together(doors_of(body)):
        made = create_council(
            base, name=name, preset=preset, seats=seats, level=level, admission=admission
        )
        tell_meetings(body, COUNCIL_CHANGED, base.now, council=made.assembly.key)
        if invite:
            notify(made, invite, "invited", base.now, name=name, by=body.name)
    return made


def join_outside(
    body: Assembly,
    by: Person,
    decision: Decision | None,
    council: Council,
    *,
    kind: str,
    territorial: bool,
) -> bool:
    """Join a council by a decision of this assembly; False where it has applied and waits."""
    base = base_of(body, by, decision, timezone.now())
    with together(doors_of(body, council.assembly)):
        joined = join(base, council, kind=kind, territorial=territorial)
        tell_meetings(body, COUNCIL_CHANGED, base.now, council=council.assembly.key)
    return joined is not None
