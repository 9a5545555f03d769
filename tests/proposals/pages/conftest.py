"""What the tests of pages share: the assembly of a room."""

import pytest

from assemblies.models import Assembly, Membership


@pytest.fixture
def body(room) -> Assembly:
    """The assembly of the room, whose members are members of it."""
    for name in ("ana", "ben", "cem"):
        Membership.objects.get_or_create(assembly=room.assembly, person=room.people[name].person)
    return room.assembly
