"""The rota: DOMAIN.md 4 and 7.17, and laws that hold for every rota."""

import hashlib
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblies.rules.rota import Candidate, choose, eligible, groups_of, in_order, lot

WOMAN, MAN = frozenset({"women"}), frozenset({"men"})
GENDERS = ("women", "men")
ADA = Candidate("ada", 3, date(2026, 6, 1), groups=WOMAN)
BO = Candidate("bo", groups=MAN)
CY = Candidate("cy", 0, date(2026, 1, 10), groups=WOMAN)
DI = Candidate("di", 1, date(2026, 5, 1), groups=WOMAN)
ELI = Candidate("eli", groups=MAN)
FAY = Candidate("fay", 2, date(2026, 4, 1), groups=WOMAN)
SIX = (ADA, BO, CY, DI, ELI, FAY)


def keys(people) -> list[str]:
    return [one.key for one in people]


def test_who_served_least_and_longest_ago_comes_first():
    order = keys(in_order(SIX, "m7k3"))

    assert set(order[:2]) == {"bo", "eli"}
    assert order[2:] == ["cy", "di", "fay", "ada"]


@pytest.mark.parametrize("seed", ["m7k3", "m7k4", "another", ""])
def test_two_of_the_same_gender_make_room_for_one_of_another(seed):
    first = in_order(SIX, seed)[0].key

    assert keys(choose(SIX, 2, seed, parity=GENDERS)) == [first, "cy"]
    assert set(keys(choose(SIX, 2, seed))) == {"bo", "eli"}


def test_the_lot_can_be_drawn_again_with_any_tool():
    assert lot("m7k3", "bo") == hashlib.sha256(b"m7k3:bo").hexdigest()
    assert lot("m7k3", "bo") == "9aa6fcbbd10297166d56dd4ac8761aeb9449b8ffa091d889d2dba60222fddbce"


def test_another_meeting_draws_another_lot():
    firsts = {in_order(SIX, f"meeting {number}")[0].key for number in range(40)}
    assert firsts == {"bo", "eli"}


@pytest.mark.parametrize(
    "why", [{"here": False}, {"opted_in": False}, {"serving": True}, {"trained": False}]
)
def test_who_is_not_asked(why):
    one = Candidate("one", **{"trained": True, **why})
    assert eligible([one], trained=True) == []
    assert eligible([Candidate("two", trained=True)], trained=True)


@pytest.mark.parametrize(
    ("people", "n", "expected"),
    [
        # Nobody of another group waits: the proposal stands as it is.
        ((BO, ELI), 2, {"bo", "eli"}),
        # One alone is of one group, always.
        (SIX, 1, None),
        # Nobody said anything about themselves: nothing is guessed.
        ((Candidate("x"), Candidate("y"), Candidate("z", 1)), 2, {"x", "y"}),
        # Who said nothing makes room, not the only man.
        ((BO, Candidate("x"), CY), 2, {"bo", "cy"}),
        ((Candidate("x"), Candidate("y"), CY, Candidate("hal", 4, groups=MAN)), 2, {"cy", "hal"}),
        # Who belongs to both is both.
        ((Candidate("both", groups=WOMAN | MAN), BO, CY), 2, {"both", "bo"}),
    ],
)
def test_parity(people, n, expected):
    found = set(keys(choose(people, n, "s", parity=GENDERS)))
    assert found == (expected or {in_order(people, "s")[0].key})


people = st.lists(
    st.builds(
        Candidate,
        key=st.text("abcdefgh", min_size=1, max_size=3),
        times=st.integers(0, 10),
        last=st.none() | st.dates(),
        here=st.booleans(),
        opted_in=st.booleans(),
        trained=st.booleans(),
        serving=st.booleans(),
        groups=st.frozensets(st.sampled_from(["women", "men", "young"])),
    ),
    max_size=9,
    unique_by=lambda one: one.key,
)
parities = st.lists(st.sampled_from(["women", "men", "young"]), max_size=3)


@given(people, st.integers(0, 6), st.text(max_size=4), st.booleans(), parities, st.randoms())
def test_laws_of_the_rota(everybody, n, seed, trained, parity, random):
    found = choose(everybody, n, seed, trained=trained, parity=parity)
    able = eligible(everybody, trained=trained)

    shuffled = list(everybody)
    random.shuffle(shuffled)
    assert choose(shuffled, n, seed, trained=trained, parity=parity) == found
    assert len(found) == len(set(keys(found))) == min(n, len(able))
    assert set(found) <= set(able)
    assert all(one.here and one.opted_in and not one.serving for one in found)
    named = frozenset(parity)
    if n >= 2 and len(found) >= 2:
        reach = len(groups_of(able) & named)
        assert len(groups_of(found) & named) >= min(2, reach)
    if not parity:
        left = [one for one in able if one not in found]
        assert all(one.times <= other.times for one in found for other in left)


def test_every_order_of_coming_gives_the_same_proposal():
    wanted = choose(SIX, 2, "m7k3", parity=GENDERS)
    assert all(choose(some, 2, "m7k3", parity=GENDERS) == wanted for some in permutations(SIX))
