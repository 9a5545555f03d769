"""What a base reads of its delegates, on their page, at home and on its own page."""

import pytest
from django.utils import timezone

from assemblies.models import Person
from federation.models import (
    Affiliation,
    CouncilItem,
    Notice,
    ReportBack,
)
from tests.federation.bodies import grow
from tests.federation.visiting import at, shown, signed_in

pytestmark = pytest.mark.django_db


def test_a_base_reads_what_its_delegates_said_and_owe(city):
    meeting = city.top.assembly.meetings.get()
    ReportBack.objects.create(
        meeting=meeting, council=city.top, unit=city.base, due_on=timezone.now().date()
    )
    item = CouncilItem.objects.get(key="rent")
    Notice.objects.create(
        unit=city.base, council=city.top, item=item, kind="item_came", at=timezone.now()
    )

    page = shown(city, f"from/{city.base.key}/")

    assert "Autumn council" in page
    assert "as the mandate says" in page
    assert "(<bdi>Rosa</bdi>, <bdi>Ken</bdi>)" in page
    assert "Report-back due by" in page
    assert "We said so together." in page


def test_home_and_the_page_of_an_assembly_lead_to_the_council(city):
    client = signed_in(city.member(city.base))
    home = client.get("/").content.decode()
    assembly = client.get(f"/a/{city.base.key}/").content.decode()

    assert at(city, f"from/{city.base.key}/") in home
    assert "One rent for the whole river" in home
    assert at(city) in assembly
    assert "Our delegates" in assembly
    assert "One rent for the whole river</bdi>: <strong>Agree</strong>" in assembly
    # Who has answered is not asked again; who has not, is.
    assert "has not answered" not in home
    silent = signed_in(city.member(city.levels[0][6])).get("/").content.decode()
    assert f"{city.levels[0][6].name} has not answered: “One rent for the whole river”" in silent


def test_the_chain_of_levels_stands_on_the_page_of_an_assembly():
    grown = grow([4, 2, 1])

    page = signed_in(grown.member(grown.base)).get(f"/a/{grown.base.key}/").content.decode()

    assert page.index(grown.levels[1][0].name) < page.index(grown.levels[2][0].name)
    assert grown.levels[1][1].name not in page


def test_people_at_large_and_in_no_assembly_find_the_council_at_home(city):
    lone = Person.objects.create(name="Lone")
    Affiliation.objects.create(
        council=city.top, person=lone, kind="at_large", joined_at=timezone.now()
    )

    assert at(city) in signed_in(lone).get("/").content.decode()
