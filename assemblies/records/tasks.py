"""What happens without anybody tapping."""

from celery import shared_task
from django.utils.module_loading import autodiscover_modules

from assemblies.records.retention import forget_all


@shared_task(name="assemblies.tasks.forget")
def forget() -> dict[str, int]:
    """Forget what need not be kept; safe to run twice, and at the same time."""
    autodiscover_modules("records.retention")
    return forget_all()
