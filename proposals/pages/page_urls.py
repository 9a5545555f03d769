"""The addresses of the pages around decisions."""

from django.urls import path
from django.urls.resolvers import URLPattern

from proposals.pages import deciding, decisions, drafts

urlpatterns: list[URLPattern] = [
    path("a/<str:key>/proposals/", drafts.proposals, name="proposals"),
    path("a/<str:key>/proposals/new/", drafts.new_draft, name="new_draft"),
    path("a/<str:key>/proposals/<str:proposal>/", drafts.proposal, name="proposal"),
    path("a/<str:key>/proposals/<str:proposal>/change/", drafts.change_draft, name="change_draft"),
    path("a/<str:key>/proposals/<str:proposal>/submit/", drafts.submit, name="submit"),
    path("a/<str:key>/proposals/<str:proposal>/withdraw/", drafts.withdraw, name="withdraw"),
    path(
        "a/<str:key>/proposals/<str:proposal>/agenda/", drafts.put_on_agenda, name="put_on_agenda"
    ),
    path("a/<str:key>/decisions/", decisions.decisions, name="decisions"),
    path("a/<str:key>/decisions.json", decisions.json_file, name="decisions_json"),
    path("a/<str:key>/decisions.md", decisions.markdown_file, name="decisions_markdown"),
    path("a/<str:key>/decisions/<int:number>/", decisions.decision, name="decision"),
    path("a/<str:key>/tasks/", decisions.tasks, name="tasks"),
    path("a/<str:key>/tasks/<uuid:task>/", decisions.task, name="task"),
    path("a/<str:key>/deciding/", deciding.deciding, name="deciding"),
    path("a/<str:key>/deciding/change/", deciding.change, name="change_rule"),
]
