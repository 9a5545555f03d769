"""What assemblies of assemblies bring to the house."""

from assemblies.acts.declaring import acts_of
from assemblies.door.house import Brings
from assemblies.door.kinds import cards_of
from assemblies.door.shapes import (
    AssemblyPart,
    Countable,
    ItemPart,
    Rank,
    Stage,
    Step,
    delays_of,
    followers_of,
    guards_of,
    sections_in,
)
from assemblies.live.printing import panels_of
from federation.reading import state
from federation.records import demo, retention, scripts
from federation.screens import concerned, next_steps, own, panels, recall, sections, tools
from federation.services import (
    admitting,
    base,
    carrying,
    changing,
    huddles,
    joining,
    mandates,
    ratifying,
    recalls,
    referendum,
    referring,
    reports,
    scope,
    seats,
    sitting,
    supervising,
    travel,
    votes,
)
from federation.sheets import councils
from proposals.services.deciding import GROUNDS
from proposals.sheets.asking import ABSTAINING

SERVICES = (
    admitting, base, carrying, changing, huddles, joining, mandates, ratifying, recalls, referendum,
    referring, reports, scope, seats, sitting, supervising, travel, votes,
)  # fmt: skip


def brings() -> Brings:
    """Return all of it."""
    return Brings(
        app="federation",
        cards=cards_of(councils, *SERVICES),
        sheets=(councils.Councils,),
        acts=acts_of(*SERVICES),
        guards=guards_of(*SERVICES),
        followers=followers_of(concerned, *SERVICES),
        delays=delays_of(*SERVICES),
        freezing=(votes.frozen_with,),
        arrivals=(sitting.as_delegate,),
        countables={
            "recall": Countable(recalls.words_counted, recalls.counted_now, recalls.take_count)
        },
        state=(state.council_state,),
        panels=panels_of(panels, recall),
        mine=(own.my_unit, own.my_recall, own.my_huddle, own.my_scope, own.my_report),
        context=(tools.councils_known, tools.counted_for_recall),
        entered=(tools.recall_for_others,),
        next_steps=(
            Step(Rank.SCOPE, next_steps.next_of_scope),
            Step(Rank.RECALL, next_steps.next_of_recall),
        ),
        stages=(
            Stage(Rank.SCOPE, next_steps.stage_of_council),
            Stage(Rank.RECALL, next_steps.stage_of_recall),
        ),
        sections=sections_in(sections),
        waiting=(sections.answers_wanted, sections.invited),
        retention=(retention.answers_about_delegates,),
        forgotten=(joining.left_empty,),
        assembly_parts={"council": AssemblyPart(scripts.read, scripts.stage)},
        item_parts={"carried": ItemPart(scripts.read_carried, scripts.stage_carried)},
        assembly_arguments=frozenset({"council", "to_council", "unit", "units", "invite"}),
        gathering=(scripts.sent_here,),
        demo=(demo.with_a_council,),
        answers={
            GROUNDS: (changing.by_its_units,),
            ABSTAINING: (supervising.abstaining,),
            councils.SETTLED_BY: (
                ("huddle", huddles.time_over),
                ("item", ratifying.window_over),
                ("term", sitting.term_over),
            ),
        },
    )
