"""Background tasks of this app."""

from celery import shared_task

from assemblies.records.retention import forget_all


@shared_task(name="assemblies.tasks.forget")
def forget() -> dict[str, int]:
    """Delete what need not be kept any longer; safe to run twice, and at the same time."""
    return forget_all()
