"""The life of a proposal: its phases and the moves between them."""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Phase(StrEnum):
    """Where a proposal stands (DOMAIN.md 2.2). The values are stored and sent; they stay."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PRESENTED = "presented"
    CLARIFYING = "clarifying"
    DISCUSSION = "discussion"
    CONCERNS = "concerns"
    AMENDING = "amending"
    # Only shown while a check is open: the proposal stays in the phase where it was opened.
    TEMPERATURE_CHECK = "temperature_check"
    CALL_FOR_CONSENSUS = "call_for_consensus"
    BLOCK_REVIEW = "block_review"
    FALLBACK_VOTE = "fallback_vote"
    ADOPTED = "adopted"
    REFERRED = "referred"
    POSTPONED = "postponed"
    WITHDRAWN = "withdrawn"
    NOT_ADOPTED = "not_adopted"
    SUPERSEDED = "superseded"


Moves = Mapping[Phase, frozenset[Phase]]

LEVELS_OF_TALK = (Phase.CLARIFYING, Phase.DISCUSSION, Phase.CONCERNS, Phase.AMENDING)
LINE = (Phase.PRESENTED, *LEVELS_OF_TALK, Phase.CALL_FOR_CONSENSUS)
ENDS = frozenset(
    {
        Phase.ADOPTED,
        Phase.REFERRED,
        Phase.POSTPONED,
        Phase.WITHDRAWN,
        Phase.NOT_ADOPTED,
        Phase.SUPERSEDED,
    }
)
# Not before anybody yet, or over for good. A proposal in any other phase that a meeting left
# undecided can be put on another agenda, where it begins as submitted.
RESTS = frozenset({Phase.DRAFT, Phase.ADOPTED, Phase.WITHDRAWN, Phase.SUPERSEDED})

TALKED_ABOUT = frozenset({Phase.DISCUSSION, Phase.CONCERNS, Phase.AMENDING})

# --- the moves ------------------------------------------------------------------------------------

TALK = frozenset({*LEVELS_OF_TALK, Phase.REFERRED, Phase.POSTPONED, Phase.WITHDRAWN})
TO_CONSENSUS_OR_VOTE = frozenset({Phase.CALL_FOR_CONSENSUS, Phase.FALLBACK_VOTE})
SUBMIT_OR_WITHDRAW = frozenset({Phase.SUBMITTED, Phase.WITHDRAWN})

# From each phase, where a proposal may go (DOMAIN.md 2.2). The room may leave phases of
# the talk out and come back to them. A temperature check is no move.
LIFE: Moves = {
    Phase.DRAFT: SUBMIT_OR_WITHDRAW,
    Phase.SUBMITTED: frozenset({Phase.PRESENTED, Phase.REFERRED, Phase.POSTPONED, Phase.WITHDRAWN}),
    Phase.PRESENTED: TALK,
    Phase.CLARIFYING: TALK,
    Phase.DISCUSSION: TALK | TO_CONSENSUS_OR_VOTE,
    Phase.CONCERNS: TALK | TO_CONSENSUS_OR_VOTE,
    Phase.AMENDING: TALK | TO_CONSENSUS_OR_VOTE | {Phase.PRESENTED},
    Phase.CALL_FOR_CONSENSUS: TALK | {Phase.ADOPTED, Phase.BLOCK_REVIEW},
    Phase.BLOCK_REVIEW: TALK | TO_CONSENSUS_OR_VOTE,
    Phase.FALLBACK_VOTE: TALKED_ABOUT
    | {
        *(Phase.ADOPTED, Phase.NOT_ADOPTED),
        *(Phase.REFERRED, Phase.POSTPONED, Phase.BLOCK_REVIEW),
    },
    Phase.ADOPTED: frozenset({Phase.SUPERSEDED}),
    Phase.REFERRED: SUBMIT_OR_WITHDRAW,
    Phase.POSTPONED: SUBMIT_OR_WITHDRAW,
    Phase.NOT_ADOPTED: SUBMIT_OR_WITHDRAW,
    Phase.WITHDRAWN: frozenset(),
    Phase.SUPERSEDED: frozenset(),
}

# Between meetings: what was left undecided goes on another agenda, or its author takes it back.
BETWEEN_MEETINGS: Moves = {
    phase: frozenset() if phase in RESTS else SUBMIT_OR_WITHDRAW - {phase} for phase in LIFE
}

# What the units of a council do with a proposal from outside: they return what was agreed, it goes
# round again, or it turns out to be no shared matter and leaves the council.
BY_UNITS: Moves = {
    **{phase: frozenset({Phase.WITHDRAWN}) for phase in LIFE},
    Phase.ADOPTED: frozenset({Phase.REFERRED, Phase.WITHDRAWN}),
    Phase.REFERRED: frozenset({Phase.ADOPTED, Phase.WITHDRAWN}),
    Phase.DRAFT: frozenset(),
    Phase.WITHDRAWN: frozenset(),
    Phase.SUPERSEDED: frozenset(),
}

# A move that the room takes back: the table of moves, read backwards.
TAKEN_BACK: Moves = {
    phase: frozenset(before for before, after in LIFE.items() if phase in after) for phase in LIFE
}


class NoSuchMove(RuntimeError):
    """A fault of the program: it tried to move a proposal where the table does not lead.

    What people may ask for is refused before, by `FROM`.
    """


def check_move(here: str, there: str, moves: Moves = LIFE) -> None:
    """Raise NoSuchMove if `moves` does not lead from one phase to the other. Staying is no move."""
    if there != here and there not in moves.get(Phase(here), ()):
        raise NoSuchMove(f"A proposal does not go from {here} to {there}.")


ON_THE_TABLE = frozenset({Phase.SUBMITTED, *LINE, Phase.BLOCK_REVIEW, Phase.FALLBACK_VOTE})
# act -> from which phases it may be done; the service that does it says where it leads.
FROM: Mapping[str, frozenset[Phase]] = {
    "present_proposal": frozenset({Phase.SUBMITTED, Phase.AMENDING}),
    "set_phase": frozenset({*LINE, Phase.BLOCK_REVIEW}),
    "raise_concern": TALKED_ABOUT | {Phase.CALL_FOR_CONSENSUS, Phase.BLOCK_REVIEW},
    "offer_amendment": TALKED_ABOUT | {Phase.CALL_FOR_CONSENSUS, Phase.BLOCK_REVIEW},
    "open_check": frozenset({*LINE, Phase.BLOCK_REVIEW}),
    "open_test": TALKED_ABOUT | {Phase.BLOCK_REVIEW},
    "hear_block": frozenset({Phase.BLOCK_REVIEW, Phase.CALL_FOR_CONSENSUS}),
    "withdraw_block": frozenset({*LINE, Phase.BLOCK_REVIEW}),
    "open_vote": frozenset({Phase.BLOCK_REVIEW}),
    # The vote of open decisions: nobody blocks there, so no hearing comes before it.
    "ask_to_override": TALKED_ABOUT,
    "adopt": ON_THE_TABLE,
    "refer": ON_THE_TABLE,
    "postpone": ON_THE_TABLE,
    "withdraw_proposal": frozenset({Phase.DRAFT, Phase.SUBMITTED, *LINE, Phase.BLOCK_REVIEW}),
}

# outcome of a closed test -> the phase it leads to; None: back to where it came from
# (ROOM.md 5, 27).
AFTER: Mapping[str, Phase | None] = {
    "BLOCKED": Phase.BLOCK_REVIEW,
    "TOO_FEW_ANSWERS": None,
    "TOO_MANY_STAND_ASIDES": Phase.CONCERNS,
    "INSUFFICIENT_AGREEMENT": Phase.CONCERNS,
    "CONSENSUS": Phase.CALL_FOR_CONSENSUS,
    "NO_QUORUM": None,
}


def skipped(old: str, new: str, had: Iterable[str]) -> list[str]:
    """Return the phases between two that were never had (ROOM.md 5, 21)."""
    line: tuple[str, ...] = LINE
    if old not in line or new not in line:
        return []
    return [phase for phase in line[line.index(old) + 1 : line.index(new)] if phase not in set(had)]


def round_in(phase: str) -> str:
    """Return the name under which a proposal remembers that a go-round was held in a phase."""
    return f"round_in_{phase}"
