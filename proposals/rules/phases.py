"""The life of a proposal: its phases and the moves between them."""

from collections.abc import Iterable, Mapping

# --- the life of a proposal (2.2) -----------------------------------------------------------------

LEVELS_OF_TALK = ("clarifying", "discussion", "concerns", "amending")
LINE = ("presented", *LEVELS_OF_TALK, "call_for_consensus")
ENDS = frozenset({"adopted", "referred", "postponed", "withdrawn", "not_adopted", "superseded"})

# From each phase, where a proposal may go. The room may leave phases of the talk out and come back
# to them; a temperature check is no move, it leads back to where it was called. What is still to
# come has its place: resolution_period after block_review, adopted_provisional before adopted.
TALK = (*LEVELS_OF_TALK, "referred", "postponed", "withdrawn")
LIFE: Mapping[str, tuple[str, ...]] = {
    "draft": ("submitted", "withdrawn"),
    "submitted": ("presented", "referred", "postponed", "withdrawn"),
    "presented": TALK,
    "clarifying": TALK,
    "discussion": (*TALK, "call_for_consensus", "fallback_vote"),
    "concerns": (*TALK, "call_for_consensus", "fallback_vote"),
    "amending": (*TALK, "call_for_consensus", "presented", "fallback_vote"),
    "call_for_consensus": (*TALK, "adopted", "block_review"),
    "block_review": (*TALK, "call_for_consensus", "fallback_vote"),
    "fallback_vote": (
        *("adopted", "not_adopted", "referred", "postponed"),
        *("block_review", "discussion", "concerns", "amending"),
    ),
    "adopted": ("superseded",),
    "referred": ("submitted", "withdrawn"),
    "postponed": ("submitted", "withdrawn"),
    "not_adopted": ("submitted", "withdrawn"),
    "withdrawn": (),
    "superseded": (),
}
# What is on no agenda to come: not yet before anybody, or over for good. All else that a meeting
# left undecided can be put on another agenda, where it begins as submitted.
RESTS = frozenset({"draft", "adopted", "withdrawn", "superseded"})

# act -> from which phases it may be done; where it leads is said by the service that does it.
FROM: Mapping[str, frozenset[str]] = {
    "present_proposal": frozenset({"submitted", "amending"}),
    "set_phase": frozenset({*LINE, "block_review"}),
    "raise_concern": frozenset(
        {"discussion", "concerns", "amending", "call_for_consensus", "block_review"}
    ),
    "offer_amendment": frozenset(
        {"discussion", "concerns", "amending", "call_for_consensus", "block_review"}
    ),
    "open_check": frozenset({*LINE, "block_review"}),
    "open_test": frozenset({"discussion", "concerns", "amending", "block_review"}),
    "hear_block": frozenset({"block_review", "call_for_consensus"}),
    "withdraw_block": frozenset({*LINE, "block_review"}),
    "open_vote": frozenset({"block_review"}),
    # The vote of open decisions: nobody blocks there, so no hearing comes before it.
    "ask_to_override": frozenset({"discussion", "concerns", "amending"}),
    "adopt": frozenset({"submitted", *LINE, "block_review", "fallback_vote"}),
    "refer": frozenset({"submitted", *LINE, "block_review", "fallback_vote"}),
    "postpone": frozenset({"submitted", *LINE, "block_review", "fallback_vote"}),
    "withdraw_proposal": frozenset({"draft", "submitted", *LINE, "block_review"}),
}

# Where a closed test leads; None: back to where it came from (ROOM.md 5, 27).
AFTER: Mapping[str, str | None] = {
    "BLOCKED": "block_review",
    "TOO_FEW_ANSWERS": None,
    "TOO_MANY_STAND_ASIDES": "concerns",
    "INSUFFICIENT_AGREEMENT": "concerns",
    "CONSENSUS": "call_for_consensus",
    "NO_QUORUM": None,
}


def skipped(old: str, new: str, had: Iterable[str]) -> list[str]:
    """Return the phases between two that were never had (ROOM.md 5, 21)."""
    if old not in LINE or new not in LINE:
        return []
    return [phase for phase in LINE[LINE.index(old) + 1 : LINE.index(new)] if phase not in set(had)]


def round_in(phase: str) -> str:
    """Return the name under which a proposal remembers that a go-round was held in a phase."""
    return f"round_in_{phase}"
