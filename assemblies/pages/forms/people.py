"""Forms of people about themselves: names, codes, keys."""

import unicodedata
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from assemblies.models import Meeting, Participant, Person
from assemblies.rules.keys import as_typed

# Control characters, halves of characters, and marks that turn the reading direction of a line.
NOT_IN_NAMES = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
CODE_LENGTH = 6
KEEPS_PASSWORDS = "new-password"


def clean_name(value: str) -> str:
    """Return a name as it is shown, or say what is wrong with it."""
    name = " ".join(part for part in value.split(" ") if part)
    if any(unicodedata.category(mark) in NOT_IN_NAMES or mark in TURNING for mark in name):
        raise forms.ValidationError(_("A name is one line of letters, without control characters."))
    if not any(unicodedata.category(mark)[0] in "LNSP" for mark in name):
        raise forms.ValidationError(_("Please write a name. It need not be your legal name."))
    return name


class NameField(forms.CharField):
    """A name of somebody's own choosing, 1 to 80 characters."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("label", _lazy("Your name"))
        super().__init__(max_length=80, **more)
        self.widget.attrs.setdefault("autocomplete", "nickname")

    def clean(self, value: Any) -> str:
        """Check a value and return it in the form that is kept."""
        return clean_name(str(super().clean(value)))


class CodeForm(forms.Form):
    """The six characters that stand on the wall."""

    code = forms.CharField(label=_lazy("Code"), max_length=40)
    code.widget.attrs |= {
        "autocomplete": "off",
        "autocapitalize": "characters",
        "spellcheck": "false",
        "dir": "ltr",
    }

    def clean_code(self) -> str:
        """Return the code as it was meant."""
        code = as_typed(self.cleaned_data["code"])
        if len(code) != CODE_LENGTH or not code.isascii() or not code.isalnum():
            raise forms.ValidationError(_("A code has six letters and digits, such as 7K3 M9Q."))
        return code


class JoinForm(forms.Form):
    """One name, and a yes to the agreements."""

    name = NameField(
        help_text=_lazy("Whatever people here call you. It need not be your legal name.")
    )
    agreements = forms.IntegerField(required=False, widget=forms.HiddenInput)
    again = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def __init__(self, *args: Any, meeting: Meeting, person: Person | None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.meeting, self.person = meeting, person
        self.adopted = meeting.assembly.agreements.first()
        self.initial["agreements"] = self.adopted.version if self.adopted else None
        if person is not None:
            self.initial["name"] = person.name

    @property
    def version(self) -> int | None:
        """Return the version of the agreements that is agreed to."""
        return self.adopted.version if self.adopted else None

    def correct(self, field: str, value: Any) -> None:
        """Have a hidden field printed with another value than was sent."""
        said: Any = self.data
        said = said.copy()
        said[field] = value
        self.data = said

    def clean_name(self) -> str:
        """Return the name; who takes one that somebody has is told so once."""
        name = str(self.cleaned_data["name"])
        others = Participant.objects.filter(
            meeting=self.meeting, name__iexact=name, merged_into=None
        )
        if self.person is not None:
            others = others.exclude(person=self.person)
        if self.data.get("again", "") != name and others.exists():
            self.correct("again", name)
            raise forms.ValidationError(
                _(
                    "There is already a %(name)s here - add something so that people know you"
                    " apart, or go on as you are."
                )
                % {"name": name}
            )
        return name

    def clean(self) -> dict[str, Any]:
        """Refuse a yes to a text that is not the one in force."""
        seen = self.cleaned_data.get("agreements")
        if self.adopted and seen != self.adopted.version:
            self.correct("agreements", self.adopted.version)
            raise forms.ValidationError(_("The agreements have changed. Please read them again."))
        return self.cleaned_data


class SignInForm(AuthenticationForm):
    """A sign-in name and its password."""

    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": _lazy("This sign-in name and this password do not belong together.")
    }

    def clean_username(self) -> str:
        """Return the sign-in name as it is kept."""
        return str(self.cleaned_data["username"]).strip().lower()


class HandleField(forms.CharField):
    """A sign-in name: letters, digits and a few marks, kept in small letters."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("label", _lazy("Sign-in name"))
        super().__init__(max_length=80, **more)
        self.widget.attrs |= {"autocomplete": "username", "autocapitalize": "none", "dir": "ltr"}

    def clean(self, value: Any) -> str:
        """Check a value and return it in the form that is kept."""
        handle = unicodedata.normalize("NFKC", str(super().clean(value))).strip().lower()
        if handle and not all(mark.isalnum() or mark in "-_.@+" for mark in handle):
            raise forms.ValidationError(_("Use letters, digits and - _ . only, without gaps."))
        return handle


def password_field(label: Any, *, kept: str = KEEPS_PASSWORDS, help_text: Any = "") -> Any:
    """Return a field for a password."""
    return forms.CharField(
        label=label,
        required=False,
        strip=False,
        max_length=200,
        help_text=help_text,
        widget=forms.PasswordInput(attrs={"autocomplete": kept}),
    )


class KeysForm(forms.Form):
    """The form for a name, and for a way to sign in from another browser."""

    name = NameField()
    handle = HandleField(
        required=False, help_text=_lazy("With these two you come back from any browser.")
    )
    password = password_field(_lazy("Password"), help_text=_lazy("At least eight characters."))

    def __init__(self, *args: Any, person: Person | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.person = person

    def clean_handle(self) -> str:
        """Refuse a sign-in name that somebody has."""
        handle = str(self.cleaned_data["handle"])
        others = Person.objects.filter(handle=handle)
        if self.person is not None:
            others = others.exclude(pk=self.person.pk)
        if handle and others.exists():
            raise forms.ValidationError(_("Somebody has this sign-in name already."))
        return handle

    def clean_password(self) -> str:
        """Refuse a password that is easy to guess."""
        password = str(self.cleaned_data["password"])
        if password:
            likeness = Person(
                handle=self.cleaned_data.get("handle"), name=self.cleaned_data.get("name", "")
            )
            password_validation.validate_password(password, likeness)
        return password

    def clean(self) -> dict[str, Any]:
        """Refuse one without the other."""
        has_one = self.person is not None and self.person.has_usable_password()
        handle, password = self.cleaned_data.get("handle"), self.cleaned_data.get("password")
        if handle and not password and not has_one and "password" not in self.errors:
            self.add_error("password", _("Choose a password for your sign-in name."))
        if (password or has_one) and not handle and "handle" not in self.errors:
            self.add_error("handle", _("Choose a sign-in name for your password."))
        return self.cleaned_data


class AccountForm(KeysForm):
    """The form to change how somebody signs in again."""

    language = forms.ChoiceField(label=_lazy("Language"), choices=settings.LANGUAGES)
    current = password_field(
        _lazy("Present password"),
        kept="current-password",
        help_text=_lazy("Only to change the sign-in name or the password."),
    )

    def __init__(self, *args: Any, person: Person, **more: Any) -> None:
        super().__init__(*args, person=person, **more)
        self.initial.update(
            name=person.name,
            handle=person.handle,
            language=person.language or settings.LANGUAGE_CODE,
        )
        self.fields["password"].label = _("New password")
        if not person.has_usable_password():
            del self.fields["current"]

    def clean(self) -> dict[str, Any]:
        """Ask for the present password where the keys change."""
        cleaned = super().clean()
        assert self.person is not None  # noqa: S101 - given to the form
        changes = cleaned.get("password") or cleaned.get("handle") != self.person.handle
        asked = "current" in self.fields and changes and not self.errors
        if asked and not self.person.check_password(cleaned.get("current", "")):
            self.add_error("current", _("That is not your present password."))
        return cleaned
