"""What the things of the floor are called on screens and in minutes."""

from django.utils.translation import gettext as _


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


def state_labels() -> dict[str, str]:
    """Return how the stack stands."""
    return {
        "open": "",
        "last_call": _("Last call: raise your hand now."),
        "closed": _("The stack is closed for this item."),
    }
