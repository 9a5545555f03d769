"""Forms for what members say of themselves, and for the settings of an assembly."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from assemblies import rules
from assemblies.door.house import house
from assemblies.models import AgendaItem, Assembly, Membership

WORDS_AT_MOST = 10
WORD_AT_MOST = 40  # characters
GROUPS_AT_MOST = 20
PRINCIPLES_AT_MOST = 30
PRINCIPLE_AT_MOST = 200  # characters
SHORTEST_TURN, LONGEST_TURN = 10, 3600  # seconds


def few_short(words: list[str], *, many: int, long: int) -> list[str]:
    """Return words that are few and short enough, or say what does not fit."""
    if len(words) > many:
        raise forms.ValidationError(_("At most %(many)s, please.") % {"many": many})
    if any(len(word) > long for word in words):
        raise forms.ValidationError(_("At most %(long)s characters each.") % {"long": long})
    return words


class AboutMeForm(forms.Form):
    """The form in which members say which groups they belong to, and what they need."""

    offered = forms.MultipleChoiceField(
        label=_lazy("I describe myself as"), required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=_lazy("In my own words"),
        required=False,
        max_length=400,
        help_text=_lazy("Several with commas."),
    )
    double_time = forms.BooleanField(label=_lazy("I need twice the time to speak"), required=False)
    named = forms.BooleanField(
        label=_lazy(
            "I agree to stand by name in minutes and on screens, where others are a number"
        ),
        required=False,
    )
    in_rota = forms.BooleanField(label=_lazy("The rota may propose me for roles"), required=False)

    def __init__(self, *args: Any, membership: Membership, **more: Any) -> None:
        offered = membership.assembly.groups
        own = [word for word in membership.groups if word not in offered]
        more["initial"] = {
            "offered": [word for word in membership.groups if word in offered],
            "words": ", ".join(own),
            "double_time": membership.double_time,
            "named": membership.named,
            "in_rota": membership.in_rota,
        }
        super().__init__(*args, **more)
        self.all_offered = offered
        self.fields["offered"].choices = [(word, word) for word in offered]  # type: ignore[attr-defined]
        self.fields["words"].widget.attrs |= {"autocomplete": "off", "dir": "auto"}

    def clean(self) -> dict[str, Any]:
        """Join the ticked groups and the written ones into one list."""
        said = self.cleaned_data
        words = [*said.get("offered", []), *str(said.get("words", "")).split(",")]
        try:
            said["groups"] = few_short(
                rules.tidied(words, self.all_offered), many=WORDS_AT_MOST, long=WORD_AT_MOST
            )
        except forms.ValidationError as wrong:
            self.add_error("words", wrong)
        return said

    def answers(self) -> dict[str, Any]:
        """Return the checked fields, as `describe` takes them."""
        return {
            name: self.cleaned_data[name] for name in ("groups", "double_time", "in_rota", "named")
        }


NOTHING_SAID: dict[str, Any] = {
    "groups": [],
    "double_time": False,
    "in_rota": False,
    "named": False,
}


class SettingsForm(forms.Form):
    """The form for settings: signals, offered groups, principles, turns, who is trained."""

    signals = forms.MultipleChoiceField(
        label=_lazy("Hand signals beyond the usual six"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    groups = forms.CharField(
        label=_lazy("Groups that members may describe themselves by, one a line"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_lazy("For orders of the stack that look at them. Nobody sees who said what."),
    )
    principles = forms.CharField(
        label=_lazy("What we stand on, one principle a line"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=_lazy("A block names one of these, or says its own."),
    )
    trained = forms.MultipleChoiceField(
        label=_lazy("Trained for roles"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, assembly: Assembly, members: list[Membership], **more: Any):
        more["initial"] = {
            "signals": assembly.optional_signals,
            "groups": "\n".join(assembly.groups),
            "principles": "\n".join(assembly.principles),
            "trained": [str(row.pk) for row in members if row.trained],
        } | {f"turn_{kind}": seconds for kind, seconds in assembly.turn_seconds.items()}
        super().__init__(*args, **more)
        offered = [(one.code, one.label) for one in house().optional_signals]
        self.fields["signals"].choices = offered  # type: ignore[attr-defined]
        self.fields["trained"].choices = [(str(row.pk), row.person.name) for row in members]  # type: ignore[attr-defined]
        for kind, label in AgendaItem.Kind.choices:
            self.fields[f"turn_{kind}"] = forms.IntegerField(
                label=label, required=False, min_value=SHORTEST_TURN, max_value=LONGEST_TURN
            )

    @property
    def turns(self) -> list[forms.BoundField]:
        """Return the fields of the table of turns."""
        return [self[f"turn_{kind}"] for kind in AgendaItem.Kind.values]

    def clean_groups(self) -> list[str]:
        """Return the groups as a list."""
        lines = rules.tidied(str(self.cleaned_data["groups"]).splitlines())
        if any("," in line for line in lines):
            raise forms.ValidationError(_("One a line, without commas."))
        return few_short(lines, many=GROUPS_AT_MOST, long=WORD_AT_MOST)

    def clean_principles(self) -> list[str]:
        """Return the principles as a list."""
        lines = rules.tidied(str(self.cleaned_data["principles"]).splitlines())
        return few_short(lines, many=PRINCIPLES_AT_MOST, long=PRINCIPLE_AT_MOST)

    def wanted(self) -> dict[str, Any]:
        """Return the fields of the assembly as they shall be."""
        said = self.cleaned_data
        turns = {kind: said.get(f"turn_{kind}") for kind in AgendaItem.Kind.values}
        return {
            "optional_signals": said["signals"],
            "groups": said["groups"],
            "principles": said["principles"],
            "turn_seconds": {kind: seconds for kind, seconds in turns.items() if seconds},
        }
