"""What the floor brings to the house."""

from assemblies.acts.declaring import acts_of
from assemblies.door.house import Brings
from assemblies.door.kinds import cards_of
from assemblies.door.shapes import Rank, Step
from assemblies.live.printing import panels_of
from assemblies.services import agenda, people, phases
from assemblies.sheets.agenda import HALF_OVER
from assemblies.sheets.service import BREAK_TAKEN
from stack.reading import state
from stack.records import retention
from stack.screens import panels
from stack.services import clock, hands, orders, signals, turns
from stack.sheets import floor
from stack.sheets import signals as shown


def brings() -> Brings:
    """Return all of it."""
    return Brings(
        app="stack",
        cards=cards_of(floor, shown, clock, orders, hands, signals, turns),
        sheets=(floor.Floor, shown.Signals),
        touched={
            "floor": (
                *(agenda.TAKEN_UP, agenda.FINISHED, agenda.ITEM_REOPENED, HALF_OVER),
                *(phases.RESUMED, phases.ENDED, phases.REOPENED, BREAK_TAKEN),
                *(people.MERGED, people.LEFT),
            ),
            "signals": (
                *(agenda.TAKEN_UP, agenda.FINISHED, agenda.ITEM_REOPENED),
                *(phases.ENDED, phases.REOPENED),
                *(people.HEADS_COUNTED, people.COUNTED_OUT, people.MERGED, people.LEFT),
            ),
        },
        acts=acts_of(clock, orders, hands, signals, turns),
        state=(state.floor_state,),
        panels=panels_of(panels),
        panel_reads={"now": {"": ("floor",)}},
        mine=(panels.my_hands, panels.asked_quietly, panels.my_nudge, panels.my_neutrality),
        pad=(panels.pad,),
        context=(panels.orders, panels.may_be_given_a_turn, panels.count_forms),
        next_steps=(Step(Rank.FLOOR, panels.call_first),),
        retention=(retention.hands_and_signals, retention.time_allotted),
    )
