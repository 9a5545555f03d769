"""What happens without anybody tapping."""

from celery import shared_task

from assemblies.records.retention import forget_all


@shared_task(name="assemblies.tasks.forget")
def forget() -> dict[str, int]:
    """Forget what need not be kept; safe to run twice, and at the same time."""
    return forget_all()
