"""The person who sent a request."""

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from assemblies.models import Person


def somebody(request: HttpRequest) -> Person | None:
    """Return who is signed in, or None."""
    return Person.objects.get(pk=request.user.pk) if isinstance(request.user, Person) else None


def myself(request: HttpRequest) -> Person:
    """Return who is signed in, freshly looked up."""
    person = somebody(request)
    if person is None:
        raise Http404(_("There is nothing here for you."))
    return person
