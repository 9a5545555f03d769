"""Settings, addresses and entry points. Nothing here decides anything."""

from assembly_site.celery import app as celery_app

__all__ = ["celery_app"]
