"""The addresses of this app."""

from django.urls import path

from stack.pages import sharing

app_name = "stack"
urlpatterns = [
    path("m/<str:key>/floor/", sharing.floor, name="floor"),
    *(
        path(f"m/<str:key>/floor/{name}.svg", sharing.plot, {"name": name}, name=f"plot_{name}")
        for name in ("time", "heard", "items", "groups")
    ),
]
