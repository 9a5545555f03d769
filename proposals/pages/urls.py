"""The addresses of this app."""

from proposals.pages.page_urls import urlpatterns

app_name = "proposals"
__all__ = ["urlpatterns"]
