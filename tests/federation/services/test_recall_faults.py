"""A recall is done once and whole, or not at all: faults, a killed process, acts sent again."""

import pytest
from django.apps import apps
from django.db import OperationalError, connection

from assemblies.acts.perform import perform
from proposals.models import Decision
from tests.federation.elsewhere import Elsewhere
from tests.federation.recalling import (
    act,
    asking,
    entries,
    holds,
    in_time,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]

OURS = ("assemblies", "stack", "proposals", "federation")


def everything() -> dict[str, list]:
    """Return all rows there are, by table."""
    models = [one for one in apps.get_models() if one._meta.app_label in OURS]
    return {one._meta.label: list(one.objects.order_by("pk").values()) for one in models}


def failing(at: int, left: list[int]):
    """Return a wrapper that has the database refuse one of the next writings."""
    left[0] = at

    def execute(do, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            left[0] -= 1
            if left[0] == 0:
                raise OperationalError("the disk is full")
        return do(sql, params, many, context)

    return connection.execute_wrapper(execute)


def test_a_fault_at_any_of_its_writings_leaves_nothing_of_a_recall():
    several, room = asking()
    room.done("a1", "take_position", position="agree")
    several.almost_recalled("A")
    assert room.state["proposal"]["test"]["positions"]["agree"] == 1
    before, recall = everything(), act("recall_delegate", several["A"], "a1")
    left, faults = [0], 0
    while True:
        with failing(faults + 1, left):
            answer = perform(several["A"].meeting, [recall], now=several.clock)[0]
        if left[0] > 0:
            break
        faults += 1
        assert answer.code == "not_saved"
        assert everything() == before, f"after the fault at writing {faults}"
        assert room.state["proposal"]["test"]["positions"]["agree"] == 1

    assert answer.accepted
    assert faults > 12
    assert room.state["proposal"]["test"]["positions"]["agree"] == 0
    assert holds(several)


@pytest.mark.parametrize("writing", [1, 6, 12])
def test_a_process_killed_in_the_middle_of_a_recall_leaves_nothing_of_it(writing):
    several, room = asking()
    room.done("a1", "take_position", position="agree")
    several.almost_recalled("A")
    before = everything()
    recall = {"do": "recall_delegate", "by": several["A"].key("a1"), "id": "once"}
    said = {"meeting": several["A"].meeting.key, "now": several.clock, "acts": [recall]}

    with Elsewhere() as there:
        assert there.ask(**said, die=writing) is None

    assert everything() == before
    assert holds(several)
    with Elsewhere() as again:
        assert again.ask(**said) == [""]
    assert (
        room.state["council"]["units"][several["A"].assembly.key]["seats"][0]["state"] == "vacant"
    )
    assert holds(several)


def test_a_recall_sent_again_is_done_once():
    several, room = asking()
    several.almost_recalled("A")
    base = several["A"]
    recall = act("recall_delegate", base, "a1")

    found = in_time([lambda: perform(base.meeting, [recall], now=several.clock)[0]] * 4)
    with Elsewhere() as there:
        same = {"do": "recall_delegate", "by": recall.actor, "id": recall.id}
        said = {"meeting": base.meeting.key, "now": several.clock}
        assert there.ask(**said, acts=[same]) == [""]
        assert there.ask(**said, acts=[{**same, "id": "another"}]) == ["not_open"]

    assert {(answer.code, answer.seq) for answer in found} == {("", found[0].seq)}
    assert Decision.objects.filter(title__startswith="Recall of").count() == 1
    assert len([one for one in entries(room) if one.kind == "federation.delegates_changed"]) == 1


def test_an_answer_sent_again_after_the_recall_is_told_what_became_of_it_and_counts_no_more():
    several, room = asking()
    answer = act("take_position", room, "a1", position="agree")
    first = perform(room.meeting, [answer], now=room.clock)[0]
    several.almost_recalled("A")
    several.act("A", "recall_delegate")

    again = perform(room.meeting, [answer], now=room.clock)[0]

    assert (again.code, again.seq) == ("", first.seq)
    assert room.state["proposal"]["test"]["positions"]["agree"] == 0
    new = perform(room.meeting, [act("take_position", room, "a1", position="agree")])[0]
    assert new.code == "does_not_count"
