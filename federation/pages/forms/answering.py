"""What delegates owe their base, and what every member is asked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from federation.services.reports import LONGEST_REPORT


class ReportForm(forms.Form):
    """The account of a meeting of the council, in the delegate's own words."""

    report = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What was said, what we said, what comes next"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=LONGEST_REPORT,
    )


class MemberAnswerForm(forms.Form):
    """One member's answer to a text that all members decide on."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("for", _("For")), ("against", _("Against")), ("abstain", _("Abstain"))],
    )
