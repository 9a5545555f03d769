"""The addresses of sockets."""

from django.urls import path

from assemblies.live.consumers import RoomConsumer

websocket_urlpatterns = [path("ws/m/<str:key>/", RoomConsumer.as_asgi())]
