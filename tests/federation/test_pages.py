"""The pages of councils: who may read them, what they say, how many queries they take."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assemblies.door.book import record_body
from assemblies.models import Entry, Meeting, Membership, Person
from assemblies.records.retention import GONE
from federation.models import (
    Affiliation,
    Council,
    CouncilItem,
    Notice,
    OptOut,
    Ratification,
    ReportBack,
    SeatTerm,
    UnitPosition,
)
from tests.federation.bodies import Grown, agreed, carried, gone_round, grow, meet, risen
from tests.rooms import but_its_address, make_room

pytestmark = pytest.mark.django_db
NASTY = "<script>alert(1)</script>\"'</section>"


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    cache.clear()


@pytest.fixture
def city(db) -> Grown:
    """Seven assemblies and their council, with an item that has gone round twice."""
    grown = grow([7, 1])
    item = carried(grown, grown.top, grown.base, key="rent", phase="provisional")
    meeting = meet(grown.top.assembly, "Autumn council")
    gone_round(
        grown,
        item,
        meeting,
        positions=["agree", "agree", "stand_aside", "disagree", "agree"],
        answers=["accept", "accept", "return", "reject", "not_affected"],
    )
    return grown


def signed_in(person: Person | None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def at(grown: Grown, path: str = "") -> str:
    return f"/councils/{grown.top.assembly.key}/{path}"


def told(grown: Grown, path: str = "", person: Person | None = None, **asked) -> str:
    answer = signed_in(person or grown.member(grown.base)).get(at(grown, path), asked)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def pages(grown: Grown, item: str = "rent") -> list[str]:
    """Return the paths of every page of the highest council."""
    return [
        *("", "map/", "map.svg", "log/", "record/", f"items/{item}/", f"items/{item}/rests-on/"),
        f"from/{grown.base.key}/",
        f"decisions/{grown.base.key}/1/",
    ]


# --- who may read ---------------------------------------------------------------------------------


def test_pages_are_there_for_everybody_below_and_not_there_for_others(city):
    other = grow([2, 1])
    strangers = [None, Person.objects.create(name="Stranger"), other.member(other.base)]
    nowhere = at(city).replace(city.top.assembly.key, "zzzzzzzz")

    for path in pages(city):
        assert signed_in(city.member(city.base)).get(at(city, path)).status_code == 200, path
        posted = signed_in(city.member(city.base)).post(at(city, path))
        # Two of them take an answer, and say what is missing.
        takes = path.startswith(("from/", "items/")) and not path.endswith("rests-on/")
        assert posted.status_code == (200 if takes else 405), path
        for stranger in strangers:
            assert closed(stranger, at(city, path)) == closed(stranger, nowhere + path), path


def closed(person: Person | None, path: str) -> bytes:
    """Return the page that says that there is nothing, but for its own address on it."""
    answer = signed_in(person).get(path)
    assert answer.status_code == 404, path
    return but_its_address(answer)


def test_who_left_reads_no_more(city):
    person = city.member(city.base, 2)
    Membership.objects.filter(person=person).update(left_at=timezone.now())

    assert {signed_in(person).get(at(city, path)).status_code for path in pages(city)} == {404}


def test_what_a_base_is_told_is_its_own(city):
    neighbour = city.member(city.levels[0][1])
    answer = signed_in(neighbour).get(at(city, f"from/{city.base.key}/"))

    assert answer.status_code == 404
    assert told(city, f"from/{city.levels[0][1].key}/", neighbour)


def test_a_delegate_of_a_unit_reads_what_it_is_told(city):
    outsider = Person.objects.create(name="Spoke")
    SeatTerm.objects.filter(person=city.member(city.base)).update(person=outsider)

    assert told(city, f"from/{city.base.key}/", outsider)


@pytest.mark.parametrize(
    "path",
    [
        *("items/nothing/", "items/nothing/rests-on/", "from/nothing/", "decisions/nothing/1/"),
        *("items/%00/", "from/%00/", "decisions/%00/1/", "decisions/{base}/999999999999999999/"),
        *("decisions/{base}/77/", "from/{council}/", "items/" + "x" * 500 + "/"),
        "items/" + quote("“ ⁂ ' OR 1=1 --") + "/",
    ],
)
def test_what_is_not_there_is_a_404(city, path):
    path = path.format(base=city.base.key, council=city.top.assembly.key)

    assert signed_in(city.member(city.base)).get(at(city, path)).status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "9" * 30, "last", "%00", "1;2", ""])
def test_a_page_that_is_not_there_is_the_nearest(city, page):
    client = signed_in(city.member(city.base))
    for path in ("", "log/", "items/rent/", "items/rent/rests-on/"):
        assert client.get(at(city, path) + f"?page={page}").status_code == 200, (path, page)
    for asked in ("in", "on"):
        assert client.get(at(city, "map.svg") + f"?{asked}={page}").status_code == 200


def test_text_of_people_is_shown_as_text():
    grown = grow([2, 1], words={"unit": NASTY, "units": NASTY, "council": NASTY})
    for body in (grown.base, grown.top.assembly):
        body.name = NASTY
        body.save()
    Person.objects.update(name=NASTY)
    Council.objects.update(level_name=NASTY)
    item = carried(grown, grown.top, grown.base, NASTY, key="rent", scope={"unit": grown.base.key})
    gone_round(grown, item, meet(grown.top.assembly, NASTY), answers=["return"])
    Ratification.objects.update(reason=NASTY, change=NASTY)
    OptOut.objects.create(item=item, unit=grown.base, reason=NASTY, at=timezone.now())
    UnitPosition.objects.update(position="odd", entered=[["", NASTY, NASTY], ["", "Bo", "agree"]])
    Notice.objects.create(
        unit=grown.base, council=grown.top, kind=NASTY[:24], at=timezone.now(), item=item
    )

    client = signed_in(grown.member(grown.base))
    for path in [*(at(grown, one) for one in pages(grown)), "/", f"/a/{grown.base.key}/"]:
        answer = client.get(path)
        assert answer.status_code == 200, path
        body = answer.content.decode()
        assert "<script>alert" not in body, path
        assert "</section>\"'" not in body, path


# --- the council ----------------------------------------------------------------------------------


def test_the_page_of_a_council_says_who_it_is_and_what_goes_round(city):
    page = told(city)

    assert "7 assemblies with 21 members" in page
    assert "One rent for the whole river" in page
    assert (
        "2 accept, 1 returns it with a change, 1 rejects it, 1 is not affected, 2 have not" in page
    )
    assert "2 of 7 assemblies accept (5 needed); they have 6 of 21 members (11 needed)." in page
    assert "14 seats, 14 delegates seated." in page
    assert "Two delegates each" in page
    for unit in city.levels[0]:
        assert unit.name in page
    assert page.count("Debated it on") == 7


def test_seats_say_whether_they_are_held_over_or_vacant(city):
    terms = list(SeatTerm.objects.order_by("seat__unit", "seat__ordinal"))
    now = timezone.now()
    SeatTerm.objects.filter(pk=terms[0].pk).update(until=now - timedelta(days=1))
    SeatTerm.objects.filter(pk=terms[2].pk).update(ended_at=now, end="recalled")
    SeatTerm.objects.create(
        seat=terms[4].seat,
        person=Person.objects.create(name="Aylin"),
        standing="alternate",
        since=now,
        until=now + timedelta(days=60),
    )

    page = told(city)

    assert "term ended on" in page
    assert "12 delegates seated, 1 term has ended, 1 is vacant." in page
    assert "recalled" not in page, "why is the base's own affair"
    assert "alternate: <bdi>Aylin</bdi>" in page


def test_a_council_with_one_unit_is_forming(city):
    Council.objects.update(formed_at=None)

    assert "it exists once a second assembly has decided to join" in told(city)
    assert "forming" in told(city, "map/")


def test_a_federation_speaks_in_its_own_words():
    grown = grow(
        [3, 1],
        words={
            "unit": "block club",
            "units": "block clubs",
            "council": "borough union",
            "councils": "borough unions",
            "delegates": "spokes",
        },
    )
    carried(grown, grown.top, grown.base, key="rent")

    assert "3 block clubs with 9 members" in told(grown)
    assert "spokes" in told(grown)
    assert "of 3 block clubs have debated it" in told(grown, "items/rent/")
    table = told(grown, "map/")
    assert "3 block clubs" in table
    assert "1 borough union" in table
    Council.objects.update(level_name="Borough")
    assert "Borough" in told(grown)
    assert "Borough" in told(grown, "map/")


def test_units_of_every_kind_stand_side_by_side(city):
    Affiliation.objects.filter(unit=city.levels[0][1]).update(territorial=False)
    Affiliation.objects.filter(unit=city.levels[0][2]).update(kind="partner")
    Affiliation.objects.create(
        council=city.top,
        person=Person.objects.create(name="Lone"),
        kind="at_large",
        joined_at=timezone.now(),
    )

    page = told(city)

    assert "not by place" in page
    assert "partner" in page
    assert "1 person belongs at large, and is counted apart." in page


# --- an item --------------------------------------------------------------------------------------


def test_an_item_tells_where_it_comes_from_and_what_each_unit_said(city):
    page = told(city, "items/rent/")

    assert "Nobody pays more than before." in page
    assert f"Carried up by {city.base.name}" in page
    assert "5 agree, 1 stands aside, 1 disagrees. Degree of agreement: 6/7, 85.71 %." in page
    assert "For information: these are never added as votes." in page
    assert "In the last decisions of 7 units, together:" in page
    assert page.index(city.base.name) < page.index(city.levels[0][1].name)
    assert "Mandate: Agree (imperative)" in page


def test_a_split_unit_shows_who_said_what_and_what_was_outside_a_mandate(city):
    UnitPosition.objects.filter(unit=city.base).update(
        position="split",
        entered=[["", "Rosa", "agree"], ["", "Ken", "disagree"]],
        outside_mandate=True,
    )

    page = told(city, "items/rent/")

    assert "Split: no position" in page
    assert "Rosa: Agree" in page
    assert "Ken: Disagree" in page
    assert "1 outside its mandate." in page
    assert "1 is split." in page


def test_every_round_and_the_override_question_are_told_in_order(city):
    item = CouncilItem.objects.get(key="rent")
    for unit in city.levels[0]:
        for question, number, said in (("test", 2, "disagree"), ("override", 1, "for")):
            UnitPosition.objects.create(
                item=item,
                unit=unit,
                question=question,
                round=number,
                version=1,
                position=said,
                at=timezone.now(),
            )

    page = told(city, "items/rent/")

    places = [page.index(one) for one in ("Round 1", "Round 2", "Override question 1")]
    assert places == sorted(places)
    assert "7 yes, 0 no, 0 abstain." in page


def test_objections_reasons_and_opt_outs_are_told(city):
    item = CouncilItem.objects.get(key="rent")
    item.scope = {
        "unit": city.levels[0][2].key,
        "reason": "This is our own yard.",
        "said": {city.base.key: "shared", city.levels[0][1].key: "ours"},
    }
    item.referred = {city.levels[0][3].key: {"version": 1}}
    item.phase = "in_force"
    item.save()
    Ratification.objects.filter(answer="return").update(reason="Not in winter.")
    OptOut.objects.create(
        item=item, unit=city.levels[0][6], reason="We have no landlord.", at=timezone.now()
    )

    page = told(city, "items/rent/")

    assert "This is our own yard." in page
    assert "1 say that it is shared, 1 that it is not." in page
    assert "Taken back to ask by:" in page
    assert "Not in winter." in page
    assert "We have no landlord." in page
    assert "6 carry it out, 1 opted out." in page


# --- what it rests on -----------------------------------------------------------------------------


def test_the_grounds_of_a_decision_go_down_to_the_base_and_each_opens():
    grown = grow([6, 5, 4, 3, 2, 1])
    items = risen(grown)
    reader = grown.member(grown.levels[0][-1])

    page = told(grown, f"items/{items[-1].key}/rests-on/", reader)

    for level in ("Union", "Land", "Region", "City", "base"):
        assert level in page
    first = items[0].decision
    where = f"/councils/{grown.top.assembly.key}/decisions/{grown.base.key}/{first.number}/"
    assert where in page
    decision = signed_in(reader).get(where).content.decode()
    assert "One rent for the whole river" in decision
    assert "by consensus" in decision
    assert "12 who count were here." in decision
    assert f"/a/{grown.base.key}/" not in decision, "nothing else of that assembly"


def test_other_decisions_of_a_base_stay_its_own(city):
    private = city.decide(city.base, "Who cleans the stairs")
    neighbour = city.member(city.levels[0][1])

    path = at(city, f"decisions/{city.base.key}/{private.number}/")

    assert signed_in(neighbour).get(path).status_code == 404


def test_an_item_that_rests_on_nothing_yet_says_so(city):
    item = carried(city, city.top, city.base, "A festival", key="fest", decision=None)
    CouncilItem.objects.filter(pk=item.pk).update(decision=None)

    assert "No decision below is linked to it yet." in told(city, "items/fest/rests-on/")


def test_who_is_signed_out_finds_the_way_in_and_comes_back_to_the_page(city):
    member = city.member(city.base)
    member.handle = "rosa"
    member.set_password("a long and quiet word")
    member.save()
    client = Client()

    closed = client.get(at(city, "log/"))

    assert closed.status_code == 404
    way = re.search(r'href="(/sign-in/\?next=[^"]+)"', closed.content.decode())
    assert way, "a link to sign in"
    said = {"username": "rosa", "password": "a long and quiet word"}
    assert client.post(way[1], {**said, "next": at(city, "log/")})["Location"] == at(city, "log/")
    assert (
        "sign-in"
        not in signed_in(member).get(at(city, "nowhere/")).content.decode().split("<footer")[0]
    )


# --- the act log ----------------------------------------------------------------------------------


def test_the_log_tells_what_the_council_and_its_meetings_did_in_order():
    grown = grow([2, 1])
    room = make_room("Ana", "Ben")
    room.meeting.assembly = grown.top.assembly
    room.meeting.save()
    room.done("fay", "add_item", title="The rents of autumn")
    with record_body(grown.top.assembly, by=grown.member(grown.base)) as book:
        book.note("federation.something_new", unit="x")

    page = told(grown, "log/")

    assert "“The rents of autumn” was put on the agenda." in page
    assert "something new" in page
    assert "own record, entry 1" in page
    assert page.index("was put on the agenda") < page.index("something new")


def test_erased_entries_say_so_where_they_were():
    grown = grow([2, 1])
    room = make_room("Ana", "Ben")
    room.meeting.assembly = grown.top.assembly
    room.meeting.save()
    for name in ("ana", "ben"):
        room.done(name, "raise_hand")
    room.done("fay", "add_item", title="The rents of autumn")
    hands = Entry.objects.filter(journal=room.meeting.journal, kind="stack.hand_raised")
    assert hands.update(**GONE) == 2

    page = told(grown, "log/")

    assert "2 entries were erased" in page
    assert page.index("2 entries were erased") < page.index("was put on the agenda")


def test_who_showed_which_hand_is_told_to_nobody_before_it_is_erased():
    grown = grow([2, 1])
    room = make_room("Ana", "Ben")
    room.meeting.assembly = grown.top.assembly
    room.meeting.save()
    room.done("ana", "raise_hand", kind="clarification", note="Secret words")

    page = told(grown, "log/")

    assert "1 hand was raised." in page
    assert "Secret words" not in page


def test_the_log_says_when_a_unit_changed_delegates_by_the_clocks_of_the_council(city):
    council, unit = city.top.assembly, city.levels[0][1]
    council.time_zone = "Asia/Kolkata"
    council.save()
    late = datetime(2026, 3, 1, 21, 40, tzinfo=UTC)
    with record_body(council, by=None, now=late) as book:
        book.note("federation.delegate_recalled", unit=unit.key, seat=1)

    assert f"{unit.name} changed delegates at 03:10." in told(city, "log/")


def test_things_alike_in_a_row_are_one_line_with_their_number():
    grown = grow([2, 1])
    room = make_room("Ana", "Ben")
    room.meeting.assembly = grown.top.assembly
    room.meeting.save()
    first = Entry.objects.filter(journal=room.meeting.journal).count() + 1
    for name in ("ana", "ben"):
        room.done(name, "raise_hand")
    room.done("fay", "add_item", title="The rents of autumn")
    room.done("fay", "raise_hand")

    page = told(grown, "log/")

    assert "2 hands were raised." in page
    assert f"entries {first} to {first + 1}" in page
    assert page.index("2 hands were raised.") < page.index("was put on the agenda")
    assert page.index("was put on the agenda") < page.index("1 hand was raised.")


def test_a_base_member_checks_every_record_of_the_council(city):
    meeting = Meeting.objects.get(title="Autumn council")
    with record_body(city.top.assembly, by=city.member(city.base)) as book:
        for name in ("one", "two", "three"):
            book.note("federation.something_new", what=name)
    assert at(city, "record/") in told(city, "log/")
    assert "The record holds." in (own := told(city, "record/"))
    assert at(city, f"record/{meeting.key}/") in own
    assert "The record holds." in told(city, f"record/{meeting.key}/")

    own_journal = city.top.assembly.journal_id
    Entry.objects.filter(journal=own_journal, seq=2).update(facts={"what": "else"})

    assert "From entry 2 on" in told(city, "record/")
    assert "The record holds." in told(city, f"record/{meeting.key}/")


def test_a_record_of_another_assembly_is_not_told_under_the_name_of_the_council(city):
    elsewhere = make_room("Ana", "Ben").meeting
    client = signed_in(city.member(city.base))

    for key in (elsewhere.key, "nowhere", "a%00b"):
        assert client.get(at(city, f"record/{key}/")).status_code == 404
    stranger = Person.objects.create(name="Somebody")
    assert signed_in(stranger).get(at(city, "record/")).status_code == 404


def test_the_log_names_units_and_delegates_in_as_many_queries_for_many_entries():
    counts = []
    for entries in (5, 50):
        grown = grow([3, 1])
        sent = grown.member(grown.base)
        with record_body(grown.top.assembly, by=sent) as book:
            for _n in range(entries):
                book.note(
                    "federation.credential_given",
                    unit=grown.base.key,
                    person=str(sent.pk),
                    until="2027-01-01",
                )
        path, client = at(grown, "log/"), signed_in(sent)
        page = client.get(path).content.decode()
        assert page.count(f"{grown.base.name} sends Rosa, until 1 January 2027.") == entries
        with CaptureQueriesContext(connection) as seen:
            client.get(path)
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_a_long_log_has_pages_and_opens_at_the_newest(city):
    with record_body(city.top.assembly, by=city.member(city.base)) as book:
        for n in range(250):
            book.note(f"federation.thing_{n}")

    assert "thing 249" in told(city, "log/")
    assert "thing 0<" in told(city, "log/", page="1")
    assert "Page 3 of 3" in told(city, "log/")


def test_what_ran_out_of_time_has_lapsed_before_anybody_writes_it_down(city):
    CouncilItem.objects.update(answer_until=timezone.now() - timedelta(minutes=1))

    assert "Lapsed" in told(city, "items/rent/")
    assert "Lapsed" in told(city)
    silent = signed_in(city.member(city.levels[0][6])).get("/").content.decode()
    assert "has not answered" not in silent


# --- our delegates --------------------------------------------------------------------------------


def test_a_base_reads_what_its_delegates_said_and_owe(city):
    meeting = city.top.assembly.meetings.get()
    ReportBack.objects.create(
        meeting=meeting, council=city.top, unit=city.base, due_on=timezone.now().date()
    )
    item = CouncilItem.objects.get(key="rent")
    Notice.objects.create(
        unit=city.base, council=city.top, item=item, kind="item_came", at=timezone.now()
    )

    page = told(city, f"from/{city.base.key}/")

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


def test_who_has_not_answered_reads_on_the_item_where_that_is_done(city):
    there = f"{city.levels[0][6].name} has not answered yet."

    assert there in told(city, "items/rent/", city.member(city.levels[0][6]))
    assert "has not answered yet." not in told(city, "items/rent/")


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


# --- how much work it is --------------------------------------------------------------------------


def busy(widths: list[int], seats: int = 1) -> Grown:
    grown = grow(widths, seats=seats)
    item = carried(grown, grown.top, grown.levels[-2][0], key="rent", phase="provisional")
    gone_round(grown, item, meet(grown.top.assembly, "Council"), answers=["accept"] * 90)
    agreed(grown, carried(grown, grown.top, grown.levels[-2][0], "A mill", key="mill"))
    return grown


@pytest.mark.parametrize(
    "path", ["", "map/", "items/rent/", "items/rent/rests-on/", "log/", "record/", "from/{unit}/"]
)
def test_as_many_queries_for_many_units_as_for_few(path):
    counts = []
    for widths in ([30, 1], [90, 1]):
        grown = busy(widths)
        where = at(grown, path.format(unit=grown.base.key))
        client = signed_in(grown.member(grown.base))
        client.get(where)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(where).status_code == 200
        counts.append(len(seen))

    assert counts[0] == counts[1] < 40, counts


def test_a_congress_of_many_units_has_pages():
    grown = grow([120, 1], members=1, seats=1)

    first, last = told(grown), told(grown, page="99")

    assert "Page 1 of 4" in first
    assert "Page 4 of 4" in last
    assert "120 assemblies" in first
