"""The addresses of this app."""

from django.urls import path

from assemblies.pages import room
from assemblies.pages.page_urls import urlpatterns as pages

app_name = "assemblies"
urlpatterns = [
    *pages,
    path("m/<str:key>/", room.phone, name="phone"),
    path("m/<str:key>/console/", room.console, name="console"),
    path("m/<str:key>/wall/", room.wall, name="wall"),
    path("m/<str:key>/act/", room.act, name="act"),
    path("m/<str:key>/state.json", room.state_json, name="state"),
    path("m/<str:key>/panels.json", room.panels_json, name="panels"),
    path("m/<str:key>/proof", room.proof, name="proof"),
]
