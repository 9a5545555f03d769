"""The form of a draft."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from assemblies.models import Assembly
from proposals.models import LONGEST_TEXT, Decision, Proposal
from proposals.services.drafts import no_holder

# Control characters but for tab and the ends of lines have no place in a text.
LET_THROUGH = "\t\n\r"


class DraftForm(forms.Form):
    """A draft: what shall be decided, why, who does it. Only title and text are needed."""

    title = forms.CharField(
        label=_lazy("Title"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    draft = forms.CharField(
        label=_lazy("The text that we shall agree to"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"}),
        help_text=_lazy(
            "Markdown: a blank line between paragraphs, “- ” for lists, **two stars** for weight."
        ),
    )
    needs = forms.CharField(
        label=_lazy("What it answers to"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_lazy("The need behind it. Others may find another way to meet it."),
    )
    affects = forms.CharField(
        label=_lazy("Who is affected"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_lazy("Have they been asked?"),
    )
    work = forms.CharField(
        label=_lazy("Work it takes"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    carried_out_by = forms.CharField(
        label=_lazy("Who carries it out"), required=False, max_length=300
    )
    money = forms.CharField(
        label=_lazy("Money"),
        required=False,
        max_length=300,
        help_text=_lazy("How much, from where. Whoever carries it out holds it."),
    )
    review_on = forms.DateField(
        label=_lazy("Look at it again on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    scope = forms.CharField(
        label=_lazy("Scope"),
        required=False,
        max_length=200,
        help_text=_lazy("For whom, where, until when it holds."),
    )
    decision_class = forms.ChoiceField(
        label=_lazy("Class"), choices=Proposal.Class.choices, initial=Proposal.Class.ORDINARY
    )
    supersedes = forms.ModelChoiceField(
        label=_lazy("Takes the place of"),
        queryset=Decision.objects.none(),
        required=False,
        empty_label=_lazy("No earlier decision"),
        to_field_name="number",
        help_text=_lazy("If this is adopted, that decision does not hold any more."),
    )

    def __init__(
        self, *args: Any, assembly: Assembly, draft: Proposal | None = None, **more: Any
    ) -> None:
        if draft is not None:
            former = draft.supersedes
            more["initial"] = {name: getattr(draft, name) for name in self.base_fields} | {
                "supersedes": former.number if former is not None else None,
                "review_on": draft.review_on.isoformat() if draft.review_on else "",
            }
        super().__init__(*args, **more)
        self.fields["supersedes"].queryset = Decision.objects.filter(  # type: ignore[attr-defined]
            assembly=assembly, superseded_by=None
        ).order_by("-number")

    def clean(self) -> dict[str, Any]:
        """Refuse unreadable control characters; on submitting, also what is missing."""
        said = self.cleaned_data
        for name, text in list(said.items()):
            if isinstance(text, str) and any(
                not mark.isprintable() and mark < " " and mark not in LET_THROUGH for mark in text
            ):
                self.add_error(name, _("This has control characters. Type it anew, please."))
        if "submit" in self.data:
            if not str(said.get("draft", "")).strip() and "draft" not in self.errors:
                self.add_error("draft", _("Write the text that we shall agree to."))
            if said.get("money") and not said.get("carried_out_by"):
                self.add_error("carried_out_by", no_holder())
        return said

    def fields_written(self) -> dict[str, Any]:
        """Return the fields of the draft with line ends of one kind."""
        return {
            name: value.replace("\r\n", "\n").strip("\n") if isinstance(value, str) else value
            for name, value in self.cleaned_data.items()
        }
