"""Random walks: what people might do with proposals, in whatever order."""

import random

from hypothesis import HealthCheck

from tests.proposals.stories import REASONS

FIXTURES = {"suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]}
PEOPLE = ("fay", "ana", "ben", "cem", "dan")


def something(dice: random.Random, n: int) -> tuple[str, str, dict]:
    """Return a random act that people do with proposals, sensible or not."""
    who = dice.choice(PEOPLE)
    others = ["reservations", "stand_aside", "block", "abstain", "disagree"]
    position = dice.choice(["agree"] * 6 + others)
    one_of = [
        ("fay", "present_proposal", {"proposal": "p1"}),
        ("fay", "set_phase", {"phase": dice.choice(["clarifying", "discussion", "concerns"])}),
        ("fay", "open_test", {}),
        ("fay", "close_test", {}),
        ("fay", "close_test", {}),
        ("fay", "adopt", {}),
        ("fay", "adopt", {}),
        ("fay", "hear_block", {"who": who}),
        ("fay", "open_vote", {}),
        ("fay", "close_vote", {}),
        ("fay", "open_check", {"seconds": 5}),
        ("fay", "postpone", {}) if dice.random() < 0.05 else ("fay", "open_test", {}),
        (who, "offer_amendment", {"amendment": f"a{n}", "text": f"Text {n}"}),
        ("ana", "accept_amendment", {"amendment": f"a{dice.randrange(max(1, n))}"}),
        (who, "withdraw_block", {}),
        (who, "stand_aside_instead", {}),
        (who, "judge_block", {"who": dice.choice(PEOPLE), "answer": "invalid"}),
        (who, "leave", {}) if who != "fay" else (who, "answer_check", {"level": "up"}),
        (who, "check_in", {}),
        *[(who, "take_position", {"position": position, **REASONS})] * 6,
        *[(who, "cast_ballot", {"choice": dice.choice(["for", "for", "against"])})] * 2,
    ]
    return dice.choice(one_of)
