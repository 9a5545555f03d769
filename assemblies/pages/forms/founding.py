"""Forms of organisers: an assembly, a meeting, its agenda."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from assemblies import rules
from assemblies.door.house import house
from assemblies.models import AgendaItem, Assembly, Meeting
from assemblies.pages.forms.people import NameField, clean_name
from assemblies.services.founding import zone_here

AGREEMENTS = _lazy(
    "One person speaks at a time, and is heard to the end.\n"
    "We speak for ourselves, and leave room for those who have not spoken.\n"
    "We disagree with what was said, not with who said it.\n"
    "Nobody is insulted or left out. Whoever is, may say so at once.\n"
    "No photos or recordings without asking everybody in them."
)
HOW_TO_WRITE = _lazy(
    "One item a line. “(20 min)” behind it is its time; “Proposal:”, “Report:”, “Election:” or"
    " “Break” before it is its kind."
)
ITEMS_AT_MOST = 200


def zones() -> list[tuple[str, str]]:
    """Return every time zone there is."""
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones())]


class StartForm(forms.Form):
    """A new assembly: who we are, who counts, how we decide, how we treat each other."""

    name = forms.CharField(label=_lazy("Name of the assembly"), max_length=120)
    kind = forms.ChoiceField(
        label=_lazy("Kind"),
        # A council is founded by assemblies that are there, each by a decision of its own.
        choices=[
            (code, capfirst(label)) for code, label in Assembly.Kind.choices if code != "council"
        ],
        help_text=_lazy("A council of several assemblies is founded later, on the page of one."),
    )
    preset = forms.ChoiceField(
        label=_lazy("How we decide"), widget=forms.RadioSelect, initial="full_consensus"
    )
    admission = forms.ChoiceField(
        label=_lazy("Who counts"),
        choices=Assembly.Admission.choices,
        widget=forms.RadioSelect,
        initial="open",
    )
    roll = forms.IntegerField(
        label=_lazy("Members on the roll"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=_lazy("How many belong, if there is a list of them."),
    )
    quorum = forms.ChoiceField(
        label=_lazy("Quorum"),
        choices=[
            ("none", _lazy("None: whoever is here decides")),
            ("number", _lazy("A number of people")),
            ("share", _lazy("A share of the roll")),
        ],
        widget=forms.RadioSelect,
        initial="none",
    )
    quorum_number = forms.IntegerField(
        label=_lazy("How many"), required=False, min_value=1, max_value=1_000_000
    )
    quorum_share = forms.CharField(
        label=_lazy("Which share"),
        required=False,
        max_length=9,
        help_text=_lazy("Such as 1/3 or 1/2."),
    )
    agreements = forms.CharField(
        label=_lazy("Our agreements"),
        max_length=4000,
        required=False,
        initial=AGREEMENTS,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_lazy("Everybody says yes to these when they come in. Change them freely."),
    )
    time_zone = forms.ChoiceField(label=_lazy("Time zone"), choices=zones, initial=zone_here)
    organiser = NameField(help_text=_lazy("You are the first organiser: you prepare meetings."))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["preset"].choices = [(way.code, way.label) for way in house().ways.values()]  # type: ignore[attr-defined]
        for one in house().optional_signals:
            self.fields[one.code] = forms.BooleanField(label=str(one.first_label), required=False)

    @property
    def ways(self) -> list[dict[str, Any]]:
        """Return each way of deciding with its button."""
        return [
            {"radio": radio, "way": house().ways[radio.data["value"]]}
            for radio in self["preset"].subwidgets
        ]

    def clean_name(self) -> str:
        """Refuse a name that nobody could read."""
        return clean_name(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        """Turn the three fields of the quorum into one rule, or say what does not fit."""
        said = self.cleaned_data
        check = {"number": self.number, "share": self.share}.get(said.get("quorum", ""))
        said["rule"] = check() if check else "none"
        return said

    def number(self) -> int | None:
        """Return a quorum that is a number."""
        wanted, roll = self.cleaned_data.get("quorum_number"), self.cleaned_data.get("roll")
        if wanted is None:
            if "quorum_number" not in self.errors:
                self.add_error("quorum_number", _("How many must be here?"))
        elif roll is not None and wanted > roll:
            self.add_error(
                "quorum_number",
                _("%(wanted)s is more than the %(roll)s on the roll.")
                % {"wanted": wanted, "roll": roll},
            )
        return wanted

    def share(self) -> dict[str, str] | None:
        """Return a quorum that is a share of a closed roll."""
        said = self.cleaned_data
        try:
            share = rules.read_share(said.get("quorum_share", "").replace(" ", ""))
        except ValueError:
            self.add_error("quorum_share", _("Write a share such as 1/3 or 1/2."))
            return None
        if said.get("admission") == "open":
            self.add_error(
                "admission",
                _(
                    "A share needs a closed roll: choose that newcomers are guests, and write how"
                    " many belong."
                ),
            )
        elif said.get("roll") is None and "roll" not in self.errors:
            self.add_error("roll", _("A share of how many? Write the size of the roll."))
        return {"share": f"{share.numerator}/{share.denominator}"}

    @property
    def optional_signals(self) -> list[forms.BoundField]:
        """Return the fields that turn optional signals on."""
        return [self[one.code] for one in house().optional_signals]

    def signals(self) -> list[str]:
        """Return the optional signals that were chosen."""
        return [one.code for one in house().optional_signals if self.cleaned_data[one.code]]


class AgendaField(forms.CharField):
    """An agenda, typed or pasted, one item a line."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("label", _lazy("Agenda"))
        more.setdefault("help_text", HOW_TO_WRITE)
        more.setdefault("widget", forms.Textarea(attrs={"rows": 8, "dir": "auto"}))
        super().__init__(max_length=20_000, required=False, **more)

    def clean(self, value: Any) -> list[rules.Line]:
        """Check a value and return it in the form that is kept."""
        lines = rules.agenda_lines(super().clean(value))
        if len(lines) > ITEMS_AT_MOST:
            raise forms.ValidationError(_("An agenda has at most 200 items."))
        return lines


class MeetingForm(forms.Form):
    """A meeting: when, where, about what."""

    title = forms.CharField(label=_lazy("Title"), max_length=120)
    day = forms.DateField(label=_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    hour = forms.TimeField(label=_lazy("Begins"), widget=forms.TimeInput(attrs={"type": "time"}))
    place = forms.CharField(
        label=_lazy("Place"),
        max_length=200,
        required=False,
        help_text=_lazy("With what people need to know: steps, childcare, languages."),
    )
    agenda = AgendaField()
    wifi_name = forms.CharField(
        label=_lazy("Wi-Fi name"),
        max_length=32,
        required=False,
        help_text=_lazy("For a first QR code on the poster, if phones need this Wi-Fi."),
    )
    wifi_password = forms.CharField(
        label=_lazy("Wi-Fi password"), max_length=63, required=False, strip=False
    )

    def __init__(self, *args: Any, zone: str, meeting: Meeting | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.zone = ZoneInfo(zone)
        begins = timezone.now().astimezone(self.zone) + timedelta(days=7)
        if meeting is not None:
            begins = meeting.starts_at.astimezone(self.zone)
            self.initial.update(
                title=meeting.title,
                place=meeting.place,
                wifi_name=meeting.wifi_name,
                wifi_password=meeting.wifi_password,
                agenda=as_text(meeting),
            )
            if meeting.phase != "planned":
                for name in ("title", "day", "hour", "place", "agenda"):
                    del self.fields[name]
        self.initial.update(
            day=begins.date().isoformat(), hour=begins.strftime("%H:%M") if meeting else "19:00"
        )

    def clean(self) -> dict[str, Any]:
        """Put day and hour together, in the zone of the assembly."""
        said = self.cleaned_data
        if said.get("day") and said.get("hour"):
            said["starts_at"] = datetime.combine(said["day"], said["hour"], tzinfo=self.zone)
        if said.get("wifi_password") and not said.get("wifi_name"):
            self.add_error("wifi_name", _("Whose password is that? Write the name of the Wi-Fi."))
        return said

    def understood(self) -> list[dict[str, Any]]:
        """Return how the agenda was read, also while something else is wrong."""
        if self.is_bound:
            lines = getattr(self, "cleaned_data", {}).get("agenda") or []
        else:
            lines = rules.agenda_lines(str(self.initial.get("agenda", "")))
        return [
            {
                "title": line.title,
                "minutes": line.minutes,
                "kind_label": AgendaItem.Kind(line.kind).label,
            }
            for line in lines
        ]


def as_text(meeting: Meeting) -> str:
    """Return an agenda as somebody would type it."""
    words = {kind: word.capitalize() for word, kind in reversed(rules.KIND_WORDS.items())}
    lines = []
    for item in meeting.items.all():
        title, word = item.title, words.get(item.kind, "")
        named = rules.KIND_WORDS.get(title.strip().lower()) == item.kind
        title = title if named or not word else f"{word}: {title}"
        lines.append(f"{title} ({item.minutes} min)")
    return "\n".join(lines)
