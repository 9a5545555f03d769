"""The rule by which a meeting decides."""

import json
from functools import lru_cache

from assemblies.models import Meeting
from proposals import rules


def rule_of(meeting: Meeting) -> rules.Rule:
    """Return the rule by which a meeting decides, frozen since doors opened."""
    return rule_written(json.dumps(meeting.rule, sort_keys=True))


@lru_cache(maxsize=64)
def rule_written(text: str) -> rules.Rule:
    """Return the rule that a JSON text describes; kept, for every answer asks for it again."""
    return rules.read_rule(json.loads(text))
