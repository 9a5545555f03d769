"""The panel of a recall: what is asked, who is heard, how it stands."""

from typing import Any

from django.utils.translation import gettext as _

from assemblies.door.page import Page
from assemblies.live.printing import FACILITATOR, panel
from assemblies.screens.shown import ms
from assemblies.screens.tools import for_everyone_else
from assemblies.sheets import Roll
from federation.models import Recall
from federation.reading.state import may_be_decided, tally
from federation.screens import tools
from federation.screens.clocks import clock
from federation.screens.next_steps import answered_words, recall_here, recall_moves
from federation.screens.panels import INSIDE
from federation.sheets.councils import Councils, participant_of
from proposals.screens.asked import counted_by
from proposals.words.amounts import share_words


@panel("recall", "federation/_recall.html", "council", "roll", "meeting")
def recall_panel(page: Page, audience: str) -> dict[str, Any]:
    """The recall that is being decided here: what is asked, who is heard, how it stands."""
    found, steers = recall_here(page), audience == FACILITATOR
    if found is None:
        return {"recall": None, "closed": last_recall(page)}
    recall, seen = found
    counts, here = tally(page, recall), page.sheet(Roll).votes(page.meeting)
    who = participant_of(page, recall.term.person_id)
    since = may_be_decided(recall, seen)
    answers = tools.recall_labels()
    return {
        "recall": {
            "of": str(recall.pk),
            "who": who.key if who is not None else "",
            "name": recall.term.person.name,
            "council": seen.council.assembly.name,
            "reason": recall.reason if audience in INSIDE else "",
            "heard": recall.heard_at is not None,
            "from": clock(page, since),
            "since": ms(since),
            "answers": [
                {
                    "code": code,
                    "label": label,
                    "n": counts[code],
                    "share": round(100 * counts[code] / max(1, here)),
                }
                for code, label in answers.items()
            ],
            "sentence": answered_words(page, recall),
            "needs": _("More than %(share)s of those who say for or against recall.")
            % {"share": share_words(seen.rule.recall_share)},
            "counted": counted_by(page, recall.counted, recall.counted_by),
            "numbers": recall.counted,
        },
        "moves": recall_moves(page, recall, seen) if steers else [],
        "everyone_else": for_everyone_else(page, "answer_recall", "answer", list(answers.items()))
        if steers
        else None,
    }


def last_recall(page: Page) -> str:
    """Return how the last recall of this meeting came out, as a sentence."""
    done: list[Recall] = [row for row in page.sheet(Councils).recalls if row.closed_at is not None]
    if not done or page.meeting.phase == "ended":
        return ""
    last = done[-1]
    words = (
        _("%(name)s was recalled at %(at)s: %(yes)s for, %(no)s against.")
        if last.recalled
        else _("%(name)s was not recalled: %(yes)s for, %(no)s against.")
    )
    return words % {
        "name": last.term.person.name,
        "at": clock(page, last.closed_at) if last.closed_at else "",
        "yes": last.counts.get("for", 0),
        "no": last.counts.get("against", 0),
    }
