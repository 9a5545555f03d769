"""What deciding brings to the house."""

from assemblies.acts.declaring import acts_of
from assemblies.door.house import Brings
from assemblies.door.kinds import cards_of
from assemblies.door.shapes import AssemblyPart, ItemPart, Rank, Stage, Step, sections_in
from assemblies.live.printing import FACILITATOR, panels_of
from assemblies.services import people
from proposals import rules
from proposals.reading import state
from proposals.records import retention, scripts
from proposals.screens import asked, next_steps, own, proposal, sections, stages
from proposals.services import (
    blocks,
    bringing,
    checks,
    concerns,
    deciding,
    decisions,
    drafts,
    holding,
    life,
    tests,
    votes,
)
from proposals.sheets import asking, table
from proposals.words.ways import WAYS


def brings() -> Brings:
    """Return everything that this app brings."""
    return Brings(
        app="proposals",
        cards=cards_of(
            asking,
            table,
            blocks,
            checks,
            concerns,
            deciding,
            decisions,
            drafts,
            holding,
            bringing,
            life,
            tests,
            votes,
        ),
        sheets=(table.Proposals, asking.Asking),
        touched={
            "test": (people.HEADS_COUNTED, people.COUNTED_OUT, people.MERGED, people.LEFT),
            "proposal": (people.MERGED,),
        },
        acts=acts_of(blocks, checks, concerns, decisions, bringing, life, tests, votes),
        holds=(life.only_questions,),
        recounts=(blocks.look_again,),
        countables={
            "check": checks.CHECK_COUNTED,
            "test": tests.TEST_COUNTED,
            "vote": votes.VOTE_COUNTED,
        },
        ways=WAYS,
        state=(state.proposal_state,),
        veils=(state.hide_blockers,),
        panels=panels_of(proposal, asked),
        # Only the most likely next act follows each answer to a test.
        panel_reads={
            "now": {"": ("proposal",), FACILITATOR: ("test",)},
            "question": {"": ("proposal",)},
        },
        mine=(own.my_position,),
        context=(own.asked_of_all, own.numbers_counted_last),
        entered=(own.answers_for_others,),
        next_steps=(
            Step(Rank.ANSWERED, next_steps.at_once),
            Step(Rank.PROPOSAL, next_steps.propose),
        ),
        stages=(Stage(Rank.PROPOSAL, stages.stage_of),),
        sections=sections_in(sections),
        waiting=(sections.tasks_of,),
        retention=(retention.positions_and_ballots,),
        assembly_parts={"decisions": AssemblyPart(scripts.read_decided, scripts.stage_decided)},
        item_parts={"proposal": ItemPart(scripts.read, scripts.stage)},
        rule_readers=(rules.read_rule,),
    )
