"""For each act of this app: what happens before (by whom, what), then the act itself."""

from typing import Any

from assemblies.door.house import house
from assemblies.door.shelf import looking, shelf
from assemblies.models import Meeting
from proposals.models import Proposal, ProposalVersion, digest_of_text
from tests.rooms import Room

Steps = list[tuple[Any, ...]]
FORWARD = ("ana", "put_forward", {"proposal": "p1", "title": "A bench", "text": "We build it."})
PRESENTED = [FORWARD, ("fay", "present_proposal", {"proposal": "p1"})]
DISCUSSED = [*PRESENTED, ("fay", "set_phase", {"phase": "discussion"})]
TESTED = [*DISCUSSED, ("fay", "open_test", {})]
REASONS = {"reason": "The children play there.", "principle": "we ask the children first"}
AGREED = [
    *TESTED,
    *[(who, "take_position", {"position": "agree"}) for who in ("fay", "ana", "ben", "cem")],
]
STOPPED = [
    *TESTED,
    *[(who, "take_position", {"position": "agree"}) for who in ("fay", "ana", "cem")],
    ("ben", "take_position", {"position": "block", **REASONS}),
    ("fay", "close_test", {}),
]
HEARD = [*STOPPED, ("fay", "hear_block", {"who": "ben"})]
CONCERN = ("ben", "raise_concern", {"concern": "c1", "text": "Where do children play?"})
OFFERED = (
    "ben",
    "offer_amendment",
    {"amendment": "a1", "text": "We build it elsewhere.", "meets": ["c1"]},
)
PAPER = ("fay", "record_on_paper", {"decision": "d1", "title": "Keys", "text": "Ana has them."})

STORIES: dict[str, tuple[Steps, tuple[Any, ...]]] = {
    "put_forward": ([], FORWARD),
    "bring_proposal": (
        [("waiting", "waits", {})],
        ("fay", "bring_proposal", {"proposal": "waiting"}),
    ),
    "present_proposal": ([FORWARD], ("fay", "present_proposal", {"proposal": "p1"})),
    "set_phase": (PRESENTED, ("fay", "set_phase", {"phase": "concerns"})),
    "raise_concern": (DISCUSSED, CONCERN),
    "resolve_concern": ([*DISCUSSED, CONCERN], ("ben", "resolve_concern", {"concern": "c1"})),
    "offer_amendment": ([*DISCUSSED, CONCERN], OFFERED),
    "accept_amendment": (
        [*STOPPED, CONCERN, OFFERED],
        ("ana", "accept_amendment", {"amendment": "a1"}),
    ),
    "decline_amendment": (
        [*DISCUSSED, CONCERN, OFFERED],
        ("ana", "decline_amendment", {"amendment": "a1"}),
    ),
    "open_check": (PRESENTED, ("fay", "open_check", {"seconds": 30})),
    "answer_check": (
        [*PRESENTED, ("fay", "open_check", {"seconds": 30})],
        ("ben", "answer_check", {"level": "up"}),
    ),
    "close_check": (
        [
            *PRESENTED,
            ("fay", "open_check", {"seconds": 30}),
            ("ben", "answer_check", {"level": "up"}),
        ],
        ("fay", "close_check", {}),
    ),
    "open_test": (DISCUSSED, ("fay", "open_test", {})),
    "take_position": (TESTED, ("ben", "take_position", {"position": "stand_aside"})),
    "prepare_block": (TESTED, ("ben", "prepare_block", {})),
    "close_test": (AGREED, ("fay", "close_test", {})),
    "hear_block": (STOPPED, ("fay", "hear_block", {"who": "ben"})),
    "judge_block": (HEARD, ("cem", "judge_block", {"who": "ben", "answer": "invalid"})),
    "withdraw_block": (HEARD, ("ben", "withdraw_block", {"reason": "They were asked."})),
    "stand_aside_instead": (HEARD, ("ben", "stand_aside_instead", {})),
    "open_vote": (HEARD, ("fay", "open_vote", {})),
    "cast_ballot": (
        [*HEARD, ("fay", "open_vote", {})],
        ("ben", "cast_ballot", {"choice": "against"}),
    ),
    "close_vote": (
        [
            *HEARD,
            ("fay", "open_vote", {}),
            ("ana", "cast_ballot", {"choice": "for"}),
        ],
        ("fay", "close_vote", {}),
    ),
    "adopt": ([*AGREED, ("fay", "close_test", {})], ("fay", "adopt", {})),
    "refer": (DISCUSSED, ("fay", "refer", {"to": "the garden group"})),
    "postpone": (DISCUSSED, ("fay", "postpone", {"until": "May"})),
    "withdraw_proposal": (DISCUSSED, ("ana", "withdraw_proposal", {})),
    "add_task": ([], ("fay", "add_task", {"what": "Buy wood", "holder": "Ana"})),
    "record_on_paper": ([], PAPER),
    "confirm_paper": ([PAPER], ("ben", "confirm_paper", {"decision": "d1"})),
}
# How the assembly decides where the story needs more than full consensus.
RULES: dict[str, dict[str, Any]] = {
    "judge_block": {"block_validity": {"kind": "invalidate_if", "share": "1/3"}},
    "open_vote": {"fallback": {"threshold": "1/2"}},
    "cast_ballot": {"fallback": {"threshold": "1/2"}},
    "close_vote": {"fallback": {"threshold": "1/2"}},
}


def decide_by(room: Room, parameters: dict[str, Any]) -> None:
    """Have a meeting decide by other parameters than full consensus, as if from the beginning."""
    rule = {**house().ways[room.assembly.preset].rule, **room.assembly.rule, **parameters}
    Meeting.objects.filter(pk=room.meeting.pk).update(rule=rule)
    shelf.clear()
    looking.clear()


def a_waiting_proposal(room: Room, key: str) -> Proposal:
    """Return a proposal that was submitted before the meeting and stands on no agenda."""
    row = Proposal.objects.create(
        assembly=room.assembly, key=key, title="A shed", phase="submitted", by=room.key("ana")
    )
    text = "We build a shed."
    ProposalVersion.objects.create(
        proposal=row, n=1, text=text, digest=digest_of_text(text), at=row.created_at
    )
    return row


def play(room: Room, steps: Steps) -> None:
    """Do the steps of a story."""
    for who, do, args in steps:
        room.done(who, do, **args)
