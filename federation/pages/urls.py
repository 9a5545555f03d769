"""The addresses of this app."""

from federation.pages.page_urls import urlpatterns

app_name = "federation"
__all__ = ["urlpatterns"]
