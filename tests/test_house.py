"""The house: what the apps bring is joined in a written order, and a test can build its own."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

from assemblies.acts.declaring import Doing
from assemblies.door.house import Brings, House, house
from assemblies.door.kinds import EVERYTHING, Always, card
from assemblies.door.shapes import Guard, Rank, Step
from assembly_site.house import APPS, build

LOWEST = "assemblies.brings"


def house_of(*apps: str, **more: object) -> House:
    """Return a house of these apps and of what a test brings."""
    brought = [import_module(app).brings() for app in apps]
    return House([*brought, Brings(app="tests", **more)])  # type: ignore[arg-type]


def test_the_lowest_apps_stand_alone():
    for n in range(1, len(APPS) + 1):
        built = house_of(*APPS[:n])
        assert built.cards
        assert built.acts
        assert {one.app for one in built.cards.values()} == {
            name.partition(".")[0] for name in APPS[:n]
        }


def test_the_setting_names_the_house_and_it_is_built_once():
    assert house() is house()
    assert [one.app for one in house().brings] == [name.partition(".")[0] for name in APPS]


def test_next_steps_come_by_rank_whatever_the_order_of_the_apps():
    last, first = Step(Rank.MEETING, lambda page: None), Step(Rank.ANSWERED, lambda page: None)
    assert house_of(next_steps=(last, first)).next_steps == (first, last)
    ranks = [one.rank for one in build().next_steps]
    assert ranks == sorted(ranks)


def test_guards_of_an_act_are_asked_in_the_order_of_the_apps():
    def ask(page, who, args):
        """Refuse nothing."""

    one, other = Guard(("adopt",), ask), Guard(("adopt", "postpone"), ask)
    built = House([Brings(app="first", guards=(one,)), Brings(app="second", guards=(other,))])
    assert built.guards("adopt") == (one, other)
    assert built.guards("postpone") == (other,)
    assert built.guards("unknown") == ()


def test_two_acts_of_one_name_are_a_fault():
    with pytest.raises(RuntimeError, match="one name"):
        house_of(LOWEST, acts=(Doing("ask_room", lambda page: None),)).acts  # noqa: B018


def test_an_entry_changes_the_sheets_of_its_card_and_those_an_upper_app_says():
    left = import_module(LOWEST).people.LEFT
    built = house_of(LOWEST, touched={"guild": (left,)})
    assert built.touched_by([left]) == {*left.touches, "guild"}
    assert built.touched_by(["guild.written_by_a_later_version"]) == EVERYTHING


def test_a_card_of_a_test_is_in_its_house_alone():
    own = card("tests.gong_struck", minutes=Always("The gong was struck."))
    assert house_of(LOWEST, cards=(own,)).cards["tests.gong_struck"] is own
    assert "tests.gong_struck" not in house().cards


@pytest.mark.parametrize("app", [name.partition(".")[0] for name in APPS])
def test_no_module_keeps_a_registry_that_importing_fills(app):
    kept = [
        f"{path}:{line.lineno}"
        for path in Path(app).rglob("*.py")
        for line in ast.parse(path.read_text()).body
        if isinstance(line, ast.Assign | ast.AnnAssign) and is_empty_collection(line.value)
    ]
    assert not kept


def is_empty_collection(value: ast.expr | None) -> bool:
    """Say whether code makes a list, dictionary or set with nothing in it yet."""
    if isinstance(value, ast.List | ast.Dict):
        return not (value.elts if isinstance(value, ast.List) else value.keys)
    made = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and not value.args
    return made and value.func.id in {"set", "dict", "list", "defaultdict"} and not value.keywords
