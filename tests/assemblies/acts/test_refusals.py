"""A refused act leaves the page untouched; where it did not, only that act fails."""

import pytest

from assemblies.acts import untouched
from assemblies.acts.declaring import Act, Doing
from assemblies.acts.perform import perform
from assemblies.acts.untouched import Before
from assemblies.door import journal
from assemblies.door.shapes import Follower, Guard
from assemblies.models import Entry, Meeting, Participant, Receipt
from assemblies.rules.errors import Refused
from assemblies.sheets import Roll
from stack.sheets.floor import Floor
from tests.houses import furnish
from tests.rooms import Room

NOTED = "assemblies.note_written"


def notes(page, *, by):
    """Note, then refuse."""
    page.note(NOTED, text="never")
    raise Refused("unknown", "Too late.")


def puts(page, *, by):
    """Put a row, then refuse."""
    by.name = "Never"
    page.put(by)
    raise Refused("unknown", "Too late.")


def drops(page, *, by):
    """Drop a row, then refuse."""
    page.drop(next(iter(page.sheet(Roll).rows.values())))
    raise Refused("unknown", "Too late.")


def concerns(page, *, by):
    """Have somebody told, then refuse."""
    page.concern(by)
    raise Refused("unknown", "Too late.")


def puts_off(page, *, by):
    """Leave work for after the commit, then refuse."""
    journal.after_commit(lambda: None)
    raise Refused("unknown", "Too late.")


CHEAPLY_FOUND = (notes, puts, drops, concerns, puts_off)


def changes_a_row(page, *, by):
    """Change a row on a sheet and leave it there, then refuse."""
    by.name = "Never"
    raise Refused("unknown", "Too late.")


def changes_a_list(page, *, by):
    """Change a list in a row, then refuse."""
    by.groups.append("never")
    raise Refused("unknown", "Too late.")


def changes_a_sheet(page, *, by):
    """Change a dict of a sheet, then refuse."""
    page.sheet(Floor).hands.clear()
    raise Refused("unknown", "Too late.")


def writes_at_once(page, *, by):
    """Write to the database at once, then refuse."""
    Meeting.objects.filter(pk=page.meeting.pk).update(title="Never")
    raise Refused("unknown", "Too late.")


def changes_nothing(page, *, by):
    """Read what can be read, then refuse."""
    roll = page.sheet(Roll)
    page.every_sheet()
    roll.counting(page.meeting), roll.seat_of(by.person_id), roll.speaking("")
    page.concern(None)
    raise Refused("unknown", "In time.")


def handful_around(room: Room, settings, service, **more):
    """Do three acts of which the second calls a service, and return the codes of the answers."""
    furnish(settings, acts=(Doing("try", service),), **more)
    handful = [
        Act("raise_hand", {}, room.key("ana"), "a"),
        Act("try", {}, room.key("ben"), "b"),
        Act("raise_hand", {}, room.key("cem"), "c"),
    ]
    return [answer.code for answer in perform(room.meeting, handful)]


def nothing_kept(room: Room) -> bool:
    """Say whether of the three acts only the two others left something."""
    ben = Participant.objects.get(meeting=room.meeting, key=room.key("ben"))
    room.meeting.refresh_from_db()
    return (
        room.state["floor"]["stack"] == ["ana", "cem"]
        and (ben.name, ben.groups, room.meeting.title) == ("Ben", [], "Monday meeting")
        and room.state["roles"]["facilitator"] == ["fay"]
        and not Entry.objects.filter(kind=NOTED).exists()
        and not Receipt.objects.filter(act="b").exists()
    )


@pytest.mark.parametrize("service", CHEAPLY_FOUND)
def test_what_refuses_after_it_changed_the_page_fails_alone_and_leaves_nothing(
    room, settings, late_refusals, service
):
    assert handful_around(room, settings, service) == ["", "failed", ""]
    late_refusals.clear()
    assert nothing_kept(room)


@pytest.mark.parametrize(
    "service", [changes_a_row, changes_a_list, changes_a_sheet, writes_at_once]
)
def test_what_changes_a_row_and_refuses_is_found_in_every_test(
    room, settings, late_refusals, service
):
    assert handful_around(room, settings, service) == ["", "failed", ""]
    assert late_refusals
    late_refusals.clear()
    assert nothing_kept(room)


def test_what_reads_and_refuses_is_refused(room, settings):
    assert handful_around(room, settings, changes_nothing) == ["", "unknown", ""]


def test_a_follower_that_refuses_fails_with_its_act(room, settings, late_refusals):
    def note(page, *, by):
        page.note(NOTED, text="never")

    def follow(page, entry):
        raise Refused("unknown", "Too late.")

    codes = handful_around(room, settings, note, followers=(Follower((NOTED,), follow),))

    assert codes == ["", "failed", ""]
    late_refusals.clear()
    assert nothing_kept(room)


def test_a_guard_that_notes_and_refuses_fails_with_its_act(room, settings, late_refusals):
    def ask(page, person, args):
        page.note(NOTED, text="never")
        raise Refused("unknown", "Too late.")

    codes = handful_around(room, settings, lambda page, by: None, guards=(Guard(("try",), ask),))

    assert codes == ["", "failed", ""]
    late_refusals.clear()
    assert nothing_kept(room)


def test_what_shall_stay_goes_along_with_the_refusal(room, settings):
    def refuse(page, *, by):
        raise Refused("unknown", "No.", write_down=lambda page: page.note(NOTED, text="tried"))

    assert handful_around(room, settings, refuse) == ["", "unknown", ""]
    entry = Entry.objects.get(kind=NOTED)
    assert (entry.actor, entry.facts) == (room.key("ben"), {"text": "tried"})


def test_what_a_guard_notices_is_written_down_only_if_the_act_is_done(room, settings):
    def ask(page, person, args):
        return lambda page: page.note(NOTED, text="noticed")

    guard = Guard(("try", "lower_hand"), ask)
    assert handful_around(room, settings, changes_nothing, guards=(guard,)) == ["", "unknown", ""]
    assert not Entry.objects.filter(kind=NOTED).exists()

    room.done("ana", "lower_hand")
    assert Entry.objects.get(kind=NOTED).actor == room.key("ana")


def test_what_fell_due_is_settled_though_the_act_is_refused(room, settings):
    def settle(page, args):
        page.note(NOTED, text="due")

    furnish(settings, acts=(Doing("try", changes_nothing, settles=settle),))

    assert room.refused("ben", "try") == "unknown"
    assert Entry.objects.get(kind=NOTED).facts == {"text": "due"}


def test_of_several_people_each_is_refused_before_anything_changed(room, settings, late_refusals):
    """Entered for several: whoever is refused too late takes the whole act along."""

    def only_ben(page, *, by):
        page.note(NOTED, text="never")
        if by.name != "Ben":
            raise Refused("unknown", "Too late.")

    furnish(settings, acts=(Doing("try", only_ben, entered="anyone"),))
    answer = room.act("fay", "try", entered_for=("ben", "ana"))

    assert answer.code == "failed"
    late_refusals.clear()
    assert not Entry.objects.filter(kind=NOTED).exists()


@pytest.mark.parametrize("service", CHEAPLY_FOUND)
def test_a_running_house_finds_what_costs_nothing(room, settings, monkeypatch, service):
    """Without the guard of the tests."""
    monkeypatch.setattr(untouched, "Before", Before)

    assert handful_around(room, settings, service) == ["", "failed", ""]
    assert nothing_kept(room)
