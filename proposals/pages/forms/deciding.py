"""The form that changes the rule: its parameters, and the decision that asks for it."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from assemblies.models import Assembly
from proposals import rules
from proposals.services.deciding import grounds, has_met, needs_a_decision
from proposals.words.amounts import share_words
from proposals.words.parameters import of_words

# Parameter -> the field of a rule that is read from it: equal ones are left as they were written.
READ_AS = {
    "max_blocks": "max_blocks",
    "stand_aside_limit": "stand_aside_limit",
    "min_answered": "min_answered",
    "min_active_agreement": "min_active_agreement",
    "fallback": "fallback",
    "rounds_before_fallback": "rounds_before_fallback",
    "cooling_off": "cooling_off",
    "block_validity": "finding",
    "override_question": "override",
    "review_after": "review_after",
}
# What is asked where people block, and what where they disagree and may be overridden.
OF_BLOCKS = (
    *("max_blocks", "stand_aside_limit", "min_active_agreement"),
    *("validity", "validity_share", "validity_strict"),
    *("threshold", "strict", "denominator", "cooling_off", "cooling_off_days"),
)
OF_OVERRIDING = ("override",)


class ShareField(forms.CharField):
    """An exact share, written 2/3; never a float."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("max_length", 20)
        super().__init__(**more)
        self.widget.attrs |= {"dir": "ltr", "autocomplete": "off"}

    def clean(self, value: Any) -> Fraction | None:
        """Return the share, None for an empty field; refuse what is no share."""
        text = str(super().clean(value)).replace(" ", "")
        if not text:
            return None
        try:
            return rules.share(text, "share")
        except ValueError as wrong:
            raise forms.ValidationError(_("Write a share from 0 to 1, such as 2/3.")) from wrong


class RuleForm(forms.Form):
    """How an assembly decides: the parameters that groups set differently (DOMAIN.md 2.4)."""

    preset = forms.CharField(widget=forms.HiddenInput)
    quorum = forms.CharField(
        label=_lazy("Quorum"),
        max_length=20,
        required=False,
        help_text=_lazy("A number of people, a share of the roll such as 1/3, or nothing."),
    )
    max_blocks = forms.IntegerField(
        label=_lazy("Blocks that do not stop it"), min_value=0, max_value=1000
    )
    stand_aside_limit = ShareField(
        label=_lazy("How many may stand aside"),
        required=False,
        help_text=_lazy("A share of those here; if more do, it goes back. Nothing: no limit."),
    )
    min_answered = ShareField(
        label=_lazy("How many must answer"), help_text=_lazy("A share of those here.")
    )
    min_active_agreement = ShareField(
        label=_lazy("How many must agree"), help_text=_lazy("A share of the answers.")
    )
    validity = forms.ChoiceField(
        label=_lazy("Whether a block stands"),
        choices=[
            ("none", _lazy("Who blocks says so; the group does not judge blocks")),
            ("valid_if", _lazy("If enough of the others find that it rests on a principle")),
            ("invalidate_if", _lazy("Unless enough of the others find it invalid")),
            ("supported_if", _lazy("If enough of the others support it")),
        ],
    )
    validity_share = ShareField(
        label=_lazy("How many are enough"), required=False, help_text=_lazy("Such as 1/2.")
    )
    validity_strict = forms.BooleanField(label=_lazy("More than this share"), required=False)
    threshold = ShareField(
        label=_lazy("Votes needed if consensus fails"),
        required=False,
        help_text=_lazy("A share such as 9/10. Nothing: there is no vote."),
    )
    strict = forms.BooleanField(label=_lazy("More than this share of the votes"), required=False)
    denominator = forms.ChoiceField(label=_lazy("Of whom that is a share"))
    override = ShareField(
        label=_lazy("How many must be willing to override objections"),
        required=False,
        help_text=_lazy("A share such as 2/3. Nothing: objections are never overridden."),
    )
    rounds_before_fallback = forms.IntegerField(
        label=_lazy("Tests that fail before a vote"), min_value=0, max_value=100
    )
    cooling_off = forms.ChoiceField(
        label=_lazy("Between block and vote"),
        choices=[
            ("none", _lazy("No pause")),
            ("next_meeting", _lazy("Until the next meeting")),
            ("days", _lazy("A number of days")),
        ],
    )
    cooling_off_days = forms.IntegerField(
        label=_lazy("How many days"), required=False, min_value=1, max_value=1000
    )
    review_after = forms.IntegerField(
        label=_lazy("Look at decisions again after months"),
        required=False,
        min_value=1,
        max_value=600,
        help_text=_lazy("Nothing: when a proposal says so."),
    )
    decision = forms.ChoiceField(label=_lazy("By which decision?"), required=False)

    def __init__(
        self, *args: Any, assembly: Assembly, preset: str, base: Mapping[str, Any], **more: Any
    ) -> None:
        self.assembly, self.base = assembly, dict(base)
        self.grounds = grounds(assembly)
        more["initial"] = {"preset": preset, **as_typed(self.base)}
        super().__init__(*args, **more)
        fields: Any = self.fields
        fields["denominator"].choices = [(code, capfirst(of)) for code, of in of_words().items()]
        self.by_degree = rules.read_rule(self.base).open
        for name in OF_BLOCKS if self.by_degree else OF_OVERRIDING:
            del fields[name]
        first = _("Say which") if has_met(assembly) else _("As founded")
        fields["decision"].choices = [
            ("", first),
            *((str(row.number), f"D-{row.number} {row.title}") for row in self.grounds),
        ]
        fields["decision"].required = has_met(assembly)
        fields["decision"].error_messages["required"] = needs_a_decision()

    def clean_quorum(self) -> Any:
        """Return a quorum as rules keep it: "none", a number, or {"share": "1/3"}."""
        said = self.cleaned_data["quorum"].replace(" ", "")
        if said in ("", "none", "0"):
            return "none"
        if said.isascii() and said.isdigit() and len(said) < 8:
            number, roll = int(said), self.assembly.roll
            if roll is not None and number > roll:
                raise forms.ValidationError(
                    _("%(wanted)s is more than the %(roll)s on the roll.")
                    % {"wanted": number, "roll": roll}
                )
            return number
        try:
            share = rules.share(said, "quorum")
        except ValueError as wrong:
            raise forms.ValidationError(
                _("Write a number of people, or a share such as 1/3.")
            ) from wrong
        if self.assembly.admission == "open" or self.assembly.roll is None:
            raise forms.ValidationError(_("A share needs a closed roll. Write a number of people."))
        return {"share": share_words(share)}

    def clean(self) -> dict[str, Any]:
        """Put together what takes several fields, and read the rule as a meeting would."""
        said = self.cleaned_data
        if said.get("validity", "none") != "none" and said.get("validity_share") is None:
            self.needed("validity_share")
        if said.get("cooling_off") == "days" and said.get("cooling_off_days") is None:
            self.needed("cooling_off_days")
        if not self.errors:
            try:
                said["rule"] = self.rule()
                rules.read_rule(said["rule"])
            except ValueError as wrong:
                self.add_error(None, str(wrong))
        number = said.get("decision")
        said["carries"] = next((row for row in self.grounds if str(row.number) == number), None)
        return said

    def needed(self, name: str) -> None:
        """Add an error to a field that was left empty and is needed here."""
        if name not in self.errors:
            self.add_error(name, _("This is needed with what is chosen above."))

    def rule(self) -> dict[str, Any]:
        """Return the whole rule: the typed parameters over the base's parameters."""
        said = self.cleaned_data
        wanted = {
            "min_answered": in_words(said["min_answered"]),
            "rounds_before_fallback": said["rounds_before_fallback"],
            "review_after": said["review_after"] or "none",
            **(self.overriding() if self.by_degree else self.blocking()),
        }
        before, after = rules.read_rule(self.base), rules.read_rule(wanted)
        new = {
            name: value
            for name, value in wanted.items()
            if getattr(before, READ_AS[name]) != getattr(after, READ_AS[name])
        }
        return {**self.base, **new, "quorum": said["quorum"]}

    def overriding(self) -> dict[str, Any]:
        """Return the typed parameters of open decisions; the vote is the override question."""
        share = in_words(self.cleaned_data["override"])
        return {
            "override_question": share,
            "fallback": "none" if share == "none" else {"threshold": share},
        }

    def blocking(self) -> dict[str, Any]:
        """Return the typed parameters of blocks, of standing aside, and of a vote after them."""
        said = self.cleaned_data
        return {
            "max_blocks": said["max_blocks"],
            "stand_aside_limit": in_words(said["stand_aside_limit"]),
            "min_active_agreement": in_words(said["min_active_agreement"]),
            "fallback": self.vote_after(),
            "cooling_off": self.pause(),
            "block_validity": self.finding(),
        }

    def vote_after(self) -> Any:
        """Return the vote that may follow."""
        said = self.cleaned_data
        if said["threshold"] is None:
            return "none"
        return {
            "threshold": in_words(said["threshold"]),
            "strict": said["strict"],
            "denominator": said["denominator"],
        }

    def finding(self) -> Any:
        """Return how the group judges blocks."""
        said = self.cleaned_data
        if said["validity"] == "none":
            return "none"
        return {
            "kind": said["validity"],
            "share": in_words(said["validity_share"]),
            "strict": said["validity_strict"],
        }

    def pause(self) -> Any:
        """Return the typed pause between a block and a vote."""
        said = self.cleaned_data
        return said["cooling_off_days"] if said["cooling_off"] == "days" else said["cooling_off"]


def in_words(share: Fraction | None) -> str:
    """Return a share as rules keep it."""
    return share_words(share) if share is not None else "none"


def as_typed(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that the fields show for a rule."""
    rule, quorum = rules.read_rule(said), said.get("quorum")
    fallback, finding = rule.fallback, rule.finding

    def share(value: Fraction | None) -> str:
        """Return a share as text, "" for none."""
        return share_words(value) if value is not None else ""

    days = rule.cooling_off if isinstance(rule.cooling_off, int) else None
    return {
        "quorum": quorum.get("share") if isinstance(quorum, Mapping) else quorum or "none",
        "max_blocks": rule.max_blocks,
        "stand_aside_limit": share(rule.stand_aside_limit),
        "min_answered": share(rule.min_answered),
        "min_active_agreement": share(rule.min_active_agreement),
        "validity": finding.kind if finding is not None else "none",
        "validity_share": share(finding.share) if finding is not None else "",
        "validity_strict": finding is not None and finding.strict,
        "threshold": share(fallback.threshold) if fallback is not None else "",
        "strict": fallback is not None and fallback.strict,
        "denominator": fallback.denominator if fallback is not None else "for+against",
        "override": share(rule.vote.threshold) if rule.vote is not None else "",
        "rounds_before_fallback": rule.rounds_before_fallback,
        "cooling_off": "days" if days else rule.cooling_off or "none",
        "cooling_off_days": days,
        "review_after": rule.review_after,
    }
