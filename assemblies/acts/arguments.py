"""Readers of the arguments of acts, and the limits of texts."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assemblies.door.page import Page
from assemblies.models import Participant
from assemblies.rules.errors import Refused
from assemblies.sheets import Agenda, Roll

MANY_AT_MOST = 500


# --- what arguments may be -----------------------------------------------------------------------

MISSING: Any = object()


@dataclass(frozen=True, slots=True)
class Reader:
    """How one argument is read; `default` is used where it is left out."""

    default: Any = MISSING

    def read(self, page: Page, by: Participant, value: Any) -> Any:
        """Return the value as the service wants it, or raise Refused("unknown", ...)."""
        raise NotImplementedError


class Text(Reader):
    """Words; services check their length (`text_within`) once the person may speak."""

    def read(self, page: Page, by: Participant, value: Any) -> str:
        if not isinstance(value, str) or "\x00" in value:
            raise Refused("unknown", _("That is not a text."))
        return value.strip()


@dataclass(frozen=True, slots=True)
class Whole(Reader):
    """A whole number between two bounds."""

    least: int = 0
    most: int = 1_000_000

    def read(self, page: Page, by: Participant, value: Any) -> int:
        if isinstance(value, str) and value.strip().lstrip("-").isascii():
            try:
                value = int(value.strip()[:20])
            except ValueError:
                value = None
        if isinstance(value, bool) or not isinstance(value, int):
            raise Refused("unknown", _("That is not a whole number."))
        if not self.least <= value <= self.most:
            raise Refused(
                "unknown",
                _("The number must lie between %(least)s and %(most)s.")
                % {"least": self.least, "most": self.most},
            )
        return value


class Flag(Reader):
    """Yes or no."""

    def read(self, page: Page, by: Participant, value: Any) -> bool:
        if isinstance(value, str) and value.lower() in ("true", "1", "on", "yes"):
            return True
        if isinstance(value, str) and value.lower() in ("false", "0", "off", "no", ""):
            return False
        if not isinstance(value, bool):
            raise Refused("unknown", _("Say true or false."))
        return value


@dataclass(frozen=True, slots=True)
class OneOf(Reader):
    """One of a few words."""

    words: tuple[str, ...] = ()

    def read(self, page: Page, by: Participant, value: Any) -> str:
        if not isinstance(value, str) or value not in self.words:
            raise Refused(
                "unknown", _("Choose one of: %(words)s.") % {"words": ", ".join(self.words)}
            )
        return value


class Words(Reader):
    """A short list of words."""

    def read(self, page: Page, by: Participant, value: Any) -> list[str]:
        given = [value] if isinstance(value, str) else value
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            raise Refused("unknown", _("That is not a short list of words."))
        parts = (part.strip() for one in given for part in one.split(","))
        words = list(dict.fromkeys(part for part in parts if part))
        if len(words) > 20 or any(len(word) > 60 for word in words):
            raise Refused("unknown", _("That is not a short list of words."))
        return words


class Who(Reader):
    """Somebody in this meeting, by key."""

    def read(self, page: Page, by: Participant, value: Any) -> Participant:
        person = page.sheet(Roll).find(value) if isinstance(value, str) else None
        if person is None:
            raise Refused("unknown", _("Nobody of that name is in this meeting."))
        return person


class Several(Reader):
    """One person or a list of people in this meeting."""

    def read(self, page: Page, by: Participant, value: Any) -> list[Participant]:
        keys = [value] if isinstance(value, str) else value
        if not isinstance(keys, list) or not 0 < len(keys) <= MANY_AT_MOST:
            raise Refused("unknown", _("Name one person or a list of at most 500."))
        return [Who().read(page, by, key) for key in keys]


class Item(Reader):
    """An item of this agenda, by key."""

    def read(self, page: Page, by: Participant, value: Any) -> Any:
        item = page.sheet(Agenda).find(value) if isinstance(value, str) else None
        if item is None:
            raise Refused("unknown", _("There is no such item on the agenda."))
        return item


def text_within(text: str, at_most: int, *, needed: bool = True) -> str:
    """Return a text within its bounds, or refuse it in a sentence."""
    if needed and not text:
        raise Refused("reason_required", _("Please say it in words."))
    if len(text) > at_most:
        raise Refused(
            "too_long",
            _("That is too long: %(length)s characters, at most %(most)s.")
            % {"length": len(text), "most": at_most},
        )
    return text


def named(text: str, at_most: int = 40) -> str:
    """Return the name that a new thing shall go by, "" where none is given.

    It stands in addresses of pages, so what cannot stand there is refused.
    """
    if "/" in text or (text and not text.strip(".")):
        raise Refused("unknown", _("A name has no slash, and not only dots."))
    return text_within(text, at_most, needed=False)
