"""The Celery app, for background work."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assembly_site.settings")
app = Celery("assembly_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["assemblies.records", "federation.records"])
