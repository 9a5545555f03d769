"""What a base tells its delegates to say, by a decision of its own (DOMAIN.md 5.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from assemblies.acts.arguments import OneOf, Reader, Text, text_within
from assemblies.acts.declaring import SITTING, act
from assemblies.door.kinds import card, rows
from assemblies.door.page import Page
from assemblies.models import Participant
from assemblies.rules.errors import Refused
from federation import rules
from federation.models import CouncilItem, Debate, Mandate
from federation.services.base import (
    Base,
    Basis,
    CouncilAbove,
    Going,
    acting,
    council_of,
    doors_above,
    tell_council,
    the_council,
)
from federation.sheets.seen import Seen
from federation.words import sentences
from proposals.models import Decision
from proposals.services.decisions import Day

# Other texts to which a mandate says the same.
TEXTS_AT_MOST = 6
SAYABLE = ("agree", "stand_aside", "disagree", "abstain", "yes", "no")


class Sentences(Reader):
    """A list of at most 20 sentences, such as the conditions of a mandate."""

    def read(self, page: Page, by: Participant, value: Any) -> list[str]:
        given = value.splitlines() if isinstance(value, str) else value
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            raise Refused("unknown", _("That is not a list of sentences."))
        lines = [line.strip() for line in given if line.strip()]
        if len(lines) > 20 or any("\x00" in line for line in lines):
            raise Refused("too_long", _("At most 20 sentences."))
        return [text_within(line, 1000) for line in lines]


class Texts(Reader):
    """Whole texts, one or several; lines within a text stay."""

    def read(self, page: Page, by: Participant, value: Any) -> list[str]:
        given = [value] if isinstance(value, str) else value
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            raise Refused("unknown", _("That is not a list of texts."))
        texts = [one.strip().replace("\r\n", "\n") for one in given if one.strip()]
        if len(texts) > TEXTS_AT_MOST:
            raise Refused("too_long", _("At most %(n)s texts.") % {"n": TEXTS_AT_MOST})
        if any("\x00" in text for text in texts):
            raise Refused("unknown", _("That is not a list of texts."))
        return [text_within(text, 40_000) for text in texts]


@dataclass(frozen=True, slots=True)
class Limits(Reader):
    """What a text may say at most or at least: [{"most": "5 % of dues"}], or "most 5 % of dues"."""

    def read(self, page: Page, by: Participant, value: Any) -> list[dict[str, str]]:
        given = value.splitlines() if isinstance(value, str) else value
        given = [given] if isinstance(given, Mapping) else given
        if not isinstance(given, list) or len(given) > 20:
            raise Refused("unknown", _("Write a limit as “most 5 % of dues”."))
        return [self.one(line) for line in given if line]

    def one(self, line: Any) -> dict[str, str]:
        """Return one limit, or refuse it in a sentence."""
        if isinstance(line, str):
            word, _space, bound = line.strip().partition(" ")
            line = {word: bound}
        fine = isinstance(line, Mapping) and len(line) == 1
        if fine:
            ((word, bound),) = line.items()
            number, words = rules.number_and_words(bound) if isinstance(bound, str) else (None, "")
            if word in ("most", "least") and number is not None and words:
                return {word: " ".join(bound.split())[:200]}
        raise Refused("unknown", _("Write a limit as “most 5 % of dues”."))


@act(
    "give_mandate",
    roles=["facilitator"],
    phases=SITTING,
    beyond=doors_above,
    council=CouncilAbove(None),
    item=Going(None),
    position=OneOf("", words=SAYABLE),
    text=Text(""),
    conditions=Sentences([]),
    limits=Limits([]),
    amendments=Texts([]),
    expires=Day(None),
    decision=Basis(None),
    more={"kind": OneOf("imperative", words=tuple(Mandate.Kind.values))},
)
def give_mandate(
    page: Page,
    *,
    by: Participant,
    council: Seen | None,
    item: CouncilItem | None,
    position: str,
    text: str,
    conditions: list[str],
    limits: list[dict[str, str]],
    amendments: list[str],
    expires: Any,
    decision: Decision | None,
    **more: str,
) -> None:
    """Tell our delegates what to say on an item; another mandate on it ends the one before.

    `imperative`: this position and no other. `bounded`: it (agree, if none is said) while the text
    is this version, one of `amendments` (whole texts), or within `limits`. `exploratory`: speak
    and report.
    """
    seen = council_of(page, item) if item is not None else the_council(page, council)
    what, text = more["kind"], text_within(text, 8000, needed=False)
    if what == "imperative" and not position:
        raise Refused("reason_required", _("An imperative mandate says which position."))
    if what == "exploratory" and position:
        raise Refused("unknown", _("An exploratory mandate takes no position."))
    if what != "bounded" and (limits or amendments):
        raise Refused(
            "unknown", _("Limits and other texts belong to a bounded mandate: choose it.")
        )
    for broken in (row for one in amendments for row in rules.beyond_limits(one, limits)):
        raise Refused(
            "unknown",
            _("One of the other texts goes beyond your own limit: %(limit)s.") % {"limit": broken},
        )
    base = acting(page, decision)
    until = datetime.combine(expires, time.max, tzinfo=UTC) if expires is not None else None
    mandate = instruct(
        base,
        seen,
        item,
        kind=what,
        position=position or ("agree" if what == "bounded" else ""),
        text=text or (base.decision.text[:8000] if base.decision is not None else ""),
        conditions=conditions,
        limits=limits,
        amendments=[{"text": one} for one in amendments],
        expires_at=until,
    )
    if item is not None:
        debated(base, item)
    about: dict[str, Any] = {"item": item.key, "title": item.title} if item is not None else {}
    bounds = {"limits": limits, "conditions": conditions, "texts": len(amendments)}
    told: dict[str, Any] = {
        "as_": what,
        "position": mandate.position,
        **about,
        **{name: of for name, of in bounds.items() if of},
    }
    base.note(
        MANDATE_GIVEN, council=seen.key, name=seen.council.assembly.name, key=mandate.key, **told
    )
    tell_council(seen.council, base, MANDATE_KNOWN, **told)


def instruct(base: Base, seen: Seen, item: CouncilItem | None, **more: Any) -> Mandate:
    """Write a mandate in the place of the one before."""
    Mandate.objects.filter(
        unit=base.assembly, council=seen.council, item=item, ended_at=None
    ).update(ended_at=base.now)
    return Mandate.objects.create(
        council=seen.council,
        unit=base.assembly,
        item=item,
        version=item.proposal.version if item is not None and item.proposal else 1,
        decision=base.decision,
        given_at=base.now,
        **more,
    )


def debated(base: Base, item: CouncilItem) -> None:
    """Write that a unit has had an item: who gives a mandate on it has talked about it."""
    row, _new = Debate.objects.get_or_create(
        item=item, unit=base.assembly, version=item.version, defaults={"debated_at": base.now}
    )
    if row.debated_at is None:
        row.debated_at = base.now
        row.save(update_fields=["debated_at"])


@act(
    "end_mandate",
    roles=["facilitator"],
    phases=SITTING,
    beyond=doors_above,
    item=Going(),
    decision=Basis(None),
)
def end_mandate(
    page: Page, *, by: Participant, item: CouncilItem, decision: Decision | None
) -> None:
    """Take a mandate back: on this item our delegates are told nothing any more."""
    seen = council_of(page, item)
    if (page.meeting.assembly_id, item.pk) not in seen.mandates:
        raise Refused("already_done", _("There is no mandate on it."))
    base = acting(page, decision)
    Mandate.objects.filter(unit=base.assembly, item=item, ended_at=None).update(ended_at=base.now)
    about = {"item": item.key, "title": item.title}
    base.note(MANDATE_ENDED, council=seen.key, name=seen.council.assembly.name, **about)
    tell_council(seen.council, base, MANDATE_KNOWN, as_="ended", position="", **about)


def told_by(mandate: Mandate) -> rules.Told:
    """Return a mandate as the rules know it."""
    return rules.Told(
        mandate.kind,
        mandate.position,
        mandate.version,
        tuple(mandate.limits),
        tuple(one for one in mandate.amendments if isinstance(one, str)),
        tuple(mandate.texts),
    )


# --- the cards of the entries written here ---

MANDATE_GIVEN = card(
    "federation.mandate_given",
    "council",
    minutes=sentences.mandate_given,
    writes=(
        rows(Mandate, key="key"),
        rows(Debate),
    ),
)
MANDATE_ENDED = card(
    "federation.mandate_ended", "council", minutes=sentences.mandate_ended, writes=(rows(Mandate),)
)
MANDATE_KNOWN = card("federation.mandate_known", "council", "test", minutes=sentences.mandate_known)
