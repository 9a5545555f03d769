"""Panels: parts of a screen, printed once for each audience, never for each person.

An app declares its panels with the sheets they read; what an entry touches says which are printed
again. A print holds nothing personal and no token, so it is the same bytes for a whole audience.
"""

import logging
import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import lru_cache
from types import ModuleType
from typing import Any, TypeVar

from django.template.loader import get_template
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from assemblies.door.house import house
from assemblies.door.kinds import EVERYTHING
from assemblies.door.page import Page
from assemblies.door.shapes import Panel, marked

MEMBER, FACILITATOR, OBSERVER, PROJECTOR = "member", "facilitator", "observer", "projector"
CLASSES = (MEMBER, FACILITATOR, OBSERVER, PROJECTOR)
Context = Callable[[Page, str], dict[str, Any]]


def is_touched(one: Panel, page: Page, touched: frozenset[str], kind: str) -> bool:
    """Say whether a panel reads something touched, as a class of audience sees it."""
    if touched == EVERYTHING:
        return True
    read = house().panel_reads[one.id, kind]
    return bool(read & touched) or (one.more is not None and bool(one.more(page) & touched))


def panels_of(*modules: ModuleType) -> tuple[Panel, ...]:
    """Return the panels of these modules, in the order in which they are written."""
    return marked("panel", *modules)


BETWEEN_TAGS = re.compile(r">\s+<")
PARTS_KEPT = 4096
T = TypeVar("T")
log = logging.getLogger(__name__)


def panel(
    name: str,
    template: str,
    *reads: str,
    audiences: Iterable[str] = CLASSES,
    also: Mapping[str, Iterable[str]] | None = None,
    more: Callable[[Page], frozenset[str]] | None = None,
) -> Callable[[Context], Context]:
    """Declare a panel; the function returns what its template shows for an audience.

    `also`: the sheets that it reads for some audiences alone, so that all others are spared.
    `more`: those that it reads in some meetings alone.
    """
    others = {kind: frozenset(sheets) for kind, sheets in (also or {}).items()}

    def register(context: Context) -> Context:
        """Mark the function as a panel."""
        context.panel = Panel(  # type: ignore[attr-defined]
            name, template, frozenset(reads), frozenset(audiences), context, others, more
        )
        return context

    return register


def audience(kind: str, language: str) -> str:
    """Return the name of an audience: role class x language."""
    return f"{kind}.{language}"


def print_panels(page: Page, audience: str, touched: frozenset[str] = EVERYTHING) -> dict[str, str]:
    """Return the HTML of every panel of an audience that reads something touched."""
    kind, _dot, language = audience.partition(".")
    prints = {}
    with translation.override(language or "en"):
        for one in house().panels.values():
            if kind not in one.audiences or not is_touched(one, page, touched, kind):
                continue
            try:
                prints[one.id] = print_panel(one, page, kind)
            except Exception:
                # One panel that cannot be printed must not take the room along.
                log.exception("Panel %s cannot be printed for %s", one.id, audience)
    return prints


def print_panel(one: Panel, page: Page, kind: str) -> str:
    """Return the HTML of one panel."""
    context = {**one.context(page, kind), "audience": kind, "meeting_key": page.meeting.key}
    return printed(one.template, context)


def once(page: Page, name: str, work_out: Callable[[], T]) -> T:
    """Return a value that several screens show alike; it is worked out once for each language."""
    about = name, translation.get_language()
    if about not in page.worked_out:
        page.worked_out[about] = work_out()
    found: T = page.worked_out[about]
    return found


def printed(template: str, context: dict[str, Any]) -> str:
    """Return a template as HTML without the blanks between its tags."""
    return BETWEEN_TAGS.sub("> <", get_template(template).render(context).strip())


def print_parts(template: str, parts: Iterable[Hashable]) -> SafeString:
    """Return parts of a panel that are alike, one after the other, each `one` in its template.

    A part is compared with those printed before: what is equal to one of them is not printed again.
    So its template may show nothing but the part, in the language of the reader.
    """
    language = translation.get_language()
    return mark_safe("".join(print_part(template, language, one) for one in parts))  # noqa: S308


@lru_cache(maxsize=PARTS_KEPT)
def print_part(template: str, _language: str | None, one: Hashable) -> str:
    """Return the HTML of one part of a panel."""
    return printed(template, {"one": one})
