"""Labels of the floor, for screens and minutes."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stack.rules.orders import Reason


def order_labels() -> dict[str, str]:
    """Return what the speaking orders are called (DOMAIN.md 3.2)."""
    return {
        "plain": _("In the order of raising"),
        "first_time": _("Not yet heard first"),
        "balanced": _("Fewest turns first"),
        "step_up": _("Step up: not yet heard, and groups we prioritise, move up"),
        "zipper": _("Two lists in turn"),
        "representation": _("As people are represented"),
        "round": _("Go-round: everybody once"),
        "manual": _("As the stack taker keeps it"),
    }


def order_label(code: str, settings: Mapping[str, Any]) -> str:
    """Return what an order is called as it is set."""
    if code == "balanced" and settings.get("measure") == "seconds":
        return _("Least talking time first")
    return order_labels()[code]


def state_labels() -> dict[str, str]:
    """Return how the stack stands."""
    return {
        "open": "",
        "last_call": _("Last call: raise your hand now."),
        "closed": _("The stack is closed for this item."),
    }


def about_labels() -> dict[str, str]:
    """Return what technical points are about (DOMAIN.md 3.2)."""
    return {
        "procedure": _("procedure"),
        "time": _("time"),
        "logistics": _("logistics"),
        "hear": _("cannot hear"),
        "access": _("access"),
    }


def reason_words(reason: Reason) -> str:
    """Return a reason for somebody's place, in words."""
    n = reason.number
    match reason.code:
        case "raised":
            return _("raised as number %(n)s") % {"n": n}
        case "overtaken":
            said = ngettext(
                "waited long: %(n)s who came later was called before",
                "waited long: %(n)s who came later were called before",
                n,
            )
            return said % {"n": n}
        case "not_heard":
            return _("not yet heard on this item")
        case "heard" | "turns":
            return ngettext("%(n)s turn so far", "%(n)s turns so far", n) % {"n": n}
        case "seconds":
            return ngettext("%(n)s second so far", "%(n)s seconds so far", n) % {"n": n}
        case "up":
            said = ngettext(
                "moves up %(n)s place: not yet heard", "moves up %(n)s places: not yet heard", n
            )
            return said % {"n": n}
        case "alternate":
            return _("as the two lists alternate")
        case "represented":
            return _("as this order keeps everybody represented")
        case "round":
            return _("number %(n)s of the round") % {"n": n}
        case "round_again":
            return _("passed, and is asked once more")
        case "after_round":
            return _("after the round")
    return ""  # "moved" stands beside it with its own sentence


def percent(share: Fraction) -> str:
    """Return a share as people read it, to a tenth where there is one."""
    tenths = round(share * 1000)
    number = number_format(Decimal(tenths) / 10, decimal_pos=1 if tenths % 10 else 0)
    return _("%(n)s %%") % {"n": number}


def minutes_label(minutes: int) -> str:
    """Return a number of minutes in words."""
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
