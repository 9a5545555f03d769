"""A task: settle the items whose time is over while nobody meets."""

from celery import shared_task
from django.utils import timezone

from federation.services.answers_due import settle_windows


@shared_task(name="federation.tasks.settle")
def settle() -> int:
    """Write which items lapsed, or were decided by all members; safe to run twice."""
    return settle_windows(timezone.now())
