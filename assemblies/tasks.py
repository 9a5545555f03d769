"""What happens without anybody tapping."""

from celery import shared_task
from django.utils.module_loading import autodiscover_modules

from assemblies.retention import forget_all


@shared_task
def forget() -> dict[str, int]:
    """Forget what need not be kept; safe to run twice, and at the same time."""
    autodiscover_modules("retention")
    return forget_all()
