"""What falls due between councils and their units while nobody meets."""

from celery import shared_task
from django.utils import timezone

from federation.services.ratifying import settle_windows


@shared_task(name="federation.tasks.settle")
def settle() -> int:
    """Write down which items lapsed, or were decided by all members; safe to run twice."""
    return settle_windows(timezone.now())
