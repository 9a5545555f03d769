"""What tests of pages may use."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def no_collected_files(settings, tmp_path) -> None:
    """Serve no collected static files; a folder that is not there would be a warning."""
    settings.STATIC_ROOT = str(tmp_path)


@pytest.fixture(autouse=True)
def nobody_guessed() -> Iterator[None]:
    """Let no guess of one test count in another."""
    cache.clear()
    yield
    cache.clear()
