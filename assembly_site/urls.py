"""The addresses of all apps."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("assemblies.pages.urls")),
    path("", include("stack.pages.urls")),
    path("", include("proposals.pages.urls")),
    path("", include("federation.pages.urls")),
]
