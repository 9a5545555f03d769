"""Load at the start of a server what the first visitors would otherwise wait for."""

import gc
import logging
import threading
from importlib import import_module

from django.db import connection
from django.urls import get_resolver

log = logging.getLogger(__name__)


def get_ready() -> threading.Thread:
    """Begin to load, and return at once; who asks meanwhile waits no longer than without."""
    loading = threading.Thread(target=beside, name="getting ready", daemon=True)
    loading.start()
    return loading


def beside() -> None:
    """Load in a thread of its own. What is loaded by then stays for good.

    So Python is told not to look through it for dead objects: a page of hundreds of units took
    twice its time whenever it did.
    """
    try:
        load()
    except Exception:
        log.warning("Not all could be loaded beforehand", exc_info=True)
    finally:
        connection.close()
    gc.freeze()


def load() -> None:
    """Load all pages and, where there are councils, the library that draws their maps.

    It takes a second and 40 MB, which nobody without councils need have.
    """
    from federation.models import Council  # noqa: PLC0415 - models are loaded by now

    _pages = get_resolver().url_patterns
    if Council.objects.exists():
        import_module("federation.records.plots")
