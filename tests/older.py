"""What a test has done with an older version's data, in a process of its own."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assembly_site.settings")
django.setup()

from django.test import Client
from django.urls import reverse

from assemblies.acts.declaring import Act
from assemblies.acts.perform import perform
from assemblies.models import Assembly, Meeting, Membership, Participant, Role


def goes_on() -> None:
    """Go on with the meeting in session: a hand, a call, its undo, the call again, a signal."""

    meeting = Meeting.objects.get(phase="in_session")
    keys = {one.name: one.key for one in Participant.objects.filter(meeting=meeting)}
    facilitator = Role.objects.get(participant__meeting=meeting, role="facilitator").participant.key
    before = meeting.journal.seq
    script = [
        (keys["Wim"], "raise_hand", {}),
        (facilitator, "call_next", {}),
        (facilitator, "undo", {}),
        (facilitator, "call_next", {}),
        (keys["Vera"], "show_signal", {"signal": "agree"}),
    ]
    last = before
    for who, do, args in script:
        given = {"seq": last} if do == "undo" else args
        (answer,) = perform(meeting, [Act(do, given, who)])
        assert answer.seq is not None, (do, answer)
        last = answer.seq
    meeting.journal.refresh_from_db()
    assert meeting.journal.seq >= before + len(script)


def opens() -> None:
    """Open the pages of every assembly and meeting as each of their members."""

    assert Assembly.objects.count() == 4
    assert Meeting.objects.count() == 2
    for membership in Membership.objects.filter(left_at=None).select_related("assembly", "person"):
        client = Client(headers={"host": "localhost"})
        client.force_login(membership.person)
        assert client.get(reverse("assemblies:home")).status_code == 200
        assert (
            client.get(reverse("assemblies:assembly", args=[membership.assembly.key])).status_code
            == 200
        )
        for meeting in Meeting.objects.filter(assembly=membership.assembly):
            for page in ("minutes", "record"):
                answer = client.get(reverse(f"assemblies:{page}", args=[meeting.key]))
                assert answer.status_code == 200, (page, meeting, membership.person)


if __name__ == "__main__":
    {"goes_on": goes_on, "opens": opens}[sys.argv[1]]()
