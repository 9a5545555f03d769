"""The addresses of the pages of councils."""

from django.urls import path
from django.urls.resolvers import URLPattern

from federation.pages import councils, delegates, founding, items, levels, log

urlpatterns: list[URLPattern] = [
    path("a/<str:key>/council/new/", founding.new_council, name="new_council"),
    path("a/<str:key>/council/join/", founding.join_council, name="join_council"),
    path("councils/<str:key>/", councils.council, name="council"),
    path("councils/<str:key>/map/", levels.chart, name="map"),
    path("councils/<str:key>/map.svg", levels.image, name="map_image"),
    path("councils/<str:key>/log/", log.log, name="log"),
    path("councils/<str:key>/record/", log.record, name="record"),
    path("councils/<str:key>/record/<str:meeting>/", log.record, name="record_of"),
    path("councils/<str:key>/from/<str:unit>/", delegates.from_unit, name="from_unit"),
    path("councils/<str:key>/items/<str:item>/", items.item, name="item"),
    path("councils/<str:key>/items/<str:item>/rests-on/", items.grounds, name="grounds"),
    path(
        "councils/<str:key>/decisions/<str:body>/<int:number>/",
        items.decision,
        name="decision",
    ),
]
