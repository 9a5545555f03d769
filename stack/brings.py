"""Everything that the floor adds to the house."""

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
from stack.screens import mine, panels
from stack.screens import signals as signal_screens
from stack.services import clock, hands, orders, signals, turns
from stack.sheets import floor
from stack.sheets import signals as signal_sheet
from stack.words.signals import optional_signals


def brings() -> Brings:
    """Return everything that the house learns of this app."""
    return Brings(
        app="stack",
        optional_signals=optional_signals(),
        cards=cards_of(floor, signal_sheet, clock, orders, hands, signals, turns),
        sheets=(floor.Floor, signal_sheet.Signals),
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
        panels=panels_of(panels, signal_screens),
        panel_reads={"now": {"": ("floor",)}},
        mine=(mine.my_hands, signal_screens.asked_quietly, mine.my_nudge, mine.my_neutrality),
        pad=(signal_screens.pad,),
        context=(panels.orders, panels.may_be_given_a_turn, signal_screens.count_forms),
        next_steps=(Step(Rank.FLOOR, panels.call_first),),
        retention=(retention.hands_and_signals, retention.time_allotted),
    )
