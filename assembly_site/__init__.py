"""The table of contents: settings, addresses, entry points. Decides nothing."""

from assembly_site.celery import app as celery_app

__all__ = ["celery_app"]
