"""Founding a council with two answers, and joining one: who, and how many delegates each."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from assemblies.models import Assembly, Person
from assemblies.pages.forms.people import clean_name
from federation.models import Council
from federation.rules import read_council_rule
from federation.words.presets import FEDERATING
from federation.words.vocabulary import rule_words, usual
from proposals.services.deciding import grounds

# A key as it is read aloud, or within an address of ours.
KEY = re.compile(r"(?:.*/(?:a|councils)/)?([0-9a-zA-Z]{1,16})(?:/.*)?", re.DOTALL)
OTHERS_AT_MOST = 50


def key_in(said: str) -> str:
    """Return the key in what somebody pasted: a key, or an address that has one; "" without."""
    found = KEY.fullmatch(said.strip())
    return found[1].lower() if found else ""


class OnADecision(forms.Form):
    """A form that carries out a decision of the assembly; the newest is proposed."""

    decision = forms.ChoiceField(label=_lazy("By which decision of ours?"))

    def __init__(self, *args: Any, assembly: Assembly, **more: Any) -> None:
        super().__init__(*args, **more)
        self.assembly, self.grounds = assembly, grounds(assembly)
        fields: Any = self.fields
        fields["decision"].choices = [
            (str(row.number), f"D-{row.number} {row.title}") for row in self.grounds
        ]

    def carries(self) -> Any:
        """Return the decision that was named."""
        number = self.cleaned_data["decision"]
        return next(row for row in self.grounds if str(row.number) == number)


class CouncilForm(OnADecision):
    """A new council. Two answers are asked for; everything else has a default."""

    invite = forms.MultipleChoiceField(
        label=_lazy("Assemblies that you belong to"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    others = forms.CharField(
        label=_lazy("Others, by their keys or addresses"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "ltr"}),
        help_text=_lazy("One a line. The address of an assembly’s page has its key."),
    )
    seats = forms.IntegerField(
        label=_lazy("How many delegates does each send?"), min_value=1, max_value=50, initial=2
    )
    name = forms.CharField(label=_lazy("Name of the council"), max_length=120, required=False)
    level = forms.CharField(
        label=_lazy("What this level is called"),
        max_length=80,
        required=False,
        help_text=_lazy("Such as city, district or region."),
    )
    admission = forms.ChoiceField(
        label=_lazy("Who may join later"),
        required=False,
        choices=[
            ("", _lazy("As the way below has it")),
            ("by_key", _lazy("Any assembly that knows the key of the council")),
            ("by_council", _lazy("Whom the council admits by a decision of its own")),
        ],
    )
    preset = forms.ChoiceField(
        label=_lazy("How the assemblies decide together"),
        widget=forms.RadioSelect,
        initial="two_delegate_confederation",
    )

    def __init__(self, *args: Any, person: Person, **more: Any) -> None:
        super().__init__(*args, **more)
        self.person = person
        mine = Assembly.objects.filter(
            memberships__person=person,
            memberships__left_at=None,
            practice=self.assembly.practice,
        ).exclude(pk=self.assembly.pk)
        self.mine = {row.key: row for row in mine.order_by("name")}
        fields: Any = self.fields
        fields["invite"].choices = [(key, row.name) for key, row in self.mine.items()]
        fields["preset"].choices = [(way.code, way.label) for way in FEDERATING.values()]
        self.initial["name"] = (_("Council of %(name)s") % {"name": self.assembly.name})[:120]

    @property
    def ways(self) -> list[dict[str, Any]]:
        """Return each way of federating with its button and all its parameters."""
        return [
            {
                "radio": radio,
                "way": (way := FEDERATING[radio.data["value"]]),
                "parameters": rule_words(read_council_rule(way.rule), usual()),
            }
            for radio in self["preset"].subwidgets
        ]

    def clean_name(self) -> str:
        """Return the name, ours where none was typed."""
        said = self.cleaned_data["name"] or self.initial["name"]
        return clean_name(said)

    def clean_others(self) -> list[Assembly]:
        """Return the assemblies named by keys; who knows a key may name it."""
        keys = {key_in(line) for line in self.cleaned_data["others"].split() if line}
        if len(keys) > OTHERS_AT_MOST:
            raise forms.ValidationError(_("Name at most 50 assemblies."))
        rows = Assembly.objects.filter(key__in=keys, practice=self.assembly.practice)
        found = list(rows.exclude(pk=self.assembly.pk))
        if {row.key for row in found} != keys - {self.assembly.key}:
            raise forms.ValidationError(_("There is no assembly of one of these keys."))
        return found

    def founding_args(self) -> dict[str, Any]:
        """Return the arguments with which the council is founded."""
        said = self.cleaned_data
        invited = {row.pk: row for row in (self.mine[key] for key in said["invite"])}
        invited |= {row.pk: row for row in said["others"]}
        by_size = "members_per_seat" in FEDERATING[said["preset"]].rule
        return {
            "name": said["name"],
            "preset": said["preset"],
            # Where the size of a unit decides, no number is asked for.
            "seats": None if by_size else said["seats"],
            "level": said["level"],
            "admission": said["admission"],
            "invite": list(invited.values()),
        }


class JoinForm(OnADecision):
    """Joining a council whose key somebody knows."""

    council = forms.CharField(
        label=_lazy("Key or address of the council"),
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_lazy("As what"),
        choices=[
            ("member", _lazy("Member: we send delegates and decide with the others")),
            ("partner", _lazy("Partner: we send delegates, who speak")),
            ("observer", _lazy("Observer: we see what happens")),
        ],
        widget=forms.RadioSelect,
        initial="member",
    )
    territorial = forms.BooleanField(
        label=_lazy("We are an assembly of a place"), required=False, initial=True
    )

    def clean_council(self) -> Council:
        """Return the council that is meant."""
        key = key_in(self.cleaned_data["council"])
        rows = Council.objects.select_related("assembly", "federation")
        found = rows.filter(assembly__key=key, assembly__practice=self.assembly.practice).first()
        if found is None:
            raise forms.ValidationError(_("There is no such council."))
        return found
