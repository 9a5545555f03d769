"""The table of contents."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("assemblies.urls")),
    path("", include("stack.urls")),
    path("", include("proposals.urls")),
    path("", include("federation.urls")),
]
