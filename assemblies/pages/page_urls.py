"""The addresses of ordinary pages: everything around the live room."""

from django.urls import path
from django.urls.resolvers import URLPattern
from django.views.i18n import set_language

from assemblies.pages import founding, home, joining, minutes, posters, seats, settings

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("sign-in/", home.sign_in, name="sign_in"),
    path("sign-out/", home.sign_out, name="sign_out"),
    path("account/", home.account, name="account"),
    path("account/everywhere/", home.sign_out_everywhere, name="sign_out_everywhere"),
    path("language/", set_language, name="set_language"),
    path("setup/<str:secret>/", founding.setup, name="setup"),
    path("start/", founding.start, name="start"),
    path("a/<str:key>/", founding.assembly, name="assembly"),
    path("a/<str:key>/me/", settings.about_me, name="about_me"),
    path("a/<str:key>/settings/", settings.settings, name="settings"),
    path("a/<str:key>/meetings/new/", founding.meeting, name="new_meeting"),
    path("m/<str:key>/prepare/", founding.change_meeting, name="change_meeting"),
    path("join/", joining.join, name="join"),
    path("j/<str:secret>/", joining.come_in, name="come_in"),
    path("s/<str:secret>/", joining.seat_link, name="seat_link"),
    path("w/<str:secret>/", joining.screen_link, name="screen_link"),
    path("m/<str:key>/seat/", seats.seat, name="seat"),
    path("m/<str:key>/seats/<str:participant>/", seats.give_seat, name="give_seat"),
    path("m/<str:key>/screen/", seats.screen, name="screen"),
    path("m/<str:key>/poster/", posters.poster, name="poster"),
    path("m/<str:key>/poster.pdf", posters.poster_file, name="poster_file"),
    path("m/<str:key>/meeting.ics", posters.calendar, name="calendar"),
    path("m/<str:key>/qr.svg", posters.qr, name="qr"),
    path("m/<str:key>/wifi.svg", posters.wifi, name="wifi"),
    path("m/<str:key>/reach/", posters.reach, name="reach"),
    path("reach/<str:token>/", posters.reached, name="reached"),
    path("m/<str:key>/minutes/", minutes.minutes, name="minutes"),
    path("m/<str:key>/minutes.md", minutes.markdown, name="minutes_markdown"),
    path("m/<str:key>/record/", minutes.record, name="record"),
    path("m/<str:key>/record.json", minutes.record_file, name="record_file"),
]
