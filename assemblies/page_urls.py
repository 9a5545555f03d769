"""The addresses of ordinary pages."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
