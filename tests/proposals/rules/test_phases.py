"""The phases of a proposal: no move leaves the table, and no line of code goes round it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proposals import rules
from proposals.models import PHASE_LABELS, Proposal
from proposals.rules import Phase

ROOT = Path(__file__).parents[3]
TABLES = {
    "in a meeting": rules.LIFE,
    "between meetings": rules.BETWEEN_MEETINGS,
    "by units": rules.BY_UNITS,
    "taken back": rules.TAKEN_BACK,
}
PHASES = {phase.value for phase in Phase}


# --- the table ------------------------------------------------------------------------------------


@pytest.mark.parametrize("moves", TABLES.values(), ids=TABLES)
@given(start=st.sampled_from(sorted(rules.LIFE)), wanted=st.lists(st.sampled_from(Phase)))
def test_a_random_walk_never_leaves_the_table(moves, start, wanted):
    row = Proposal(phase=start)
    for phase in wanted:
        before = row.phase
        if phase == before or phase in moves[Phase(before)]:
            row.move_to(phase, moves)
            assert row.phase == phase
        else:
            with pytest.raises(rules.NoSuchMove):
                row.move_to(phase, moves)
            assert row.phase == before


@pytest.mark.parametrize("moves", TABLES.values(), ids=TABLES)
def test_every_phase_has_a_line_in_every_table_and_a_label(moves):
    assert set(moves) == set(rules.LIFE) == set(Phase) - {Phase.TEMPERATURE_CHECK}
    assert {phase for after in moves.values() for phase in after} <= set(moves)
    assert set(PHASE_LABELS) == set(Phase)


def test_nothing_brings_back_what_is_over_for_good():
    for moves in (rules.LIFE, rules.BETWEEN_MEETINGS, rules.BY_UNITS):
        assert not moves[Phase.WITHDRAWN]
        assert not moves[Phase.SUPERSEDED]


def test_what_a_meeting_left_undecided_can_go_on_another_agenda_and_nothing_else():
    waits = {phase for phase, after in rules.BETWEEN_MEETINGS.items() if after}

    assert waits == set(rules.LIFE) - rules.RESTS
    for phase in waits - {Phase.SUBMITTED}:
        assert Phase.SUBMITTED in rules.BETWEEN_MEETINGS[phase]


# --- the source -----------------------------------------------------------------------------------


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Return each module that may deal with proposals: its path and its syntax tree."""
    for app in ("proposals", "federation"):
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def functions_and_nodes(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Return each node of a module with the name of the function it stands in."""

    def walk(node: ast.AST, inside: str) -> Iterator[tuple[str, ast.AST]]:
        """Yield the nodes below one node, with the function around them."""
        for child in ast.iter_child_nodes(node):
            yield inside, child
            name = child.name if isinstance(child, ast.FunctionDef) else inside
            yield from walk(child, name)

    return walk(tree, "")


def phases_set(node: ast.AST) -> Iterator[str]:
    """Return the source of each row whose phase an assignment sets, also among others."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AugAssign | ast.AnnAssign):
        targets = [node.target]
    for target in targets:
        for one in target.elts if isinstance(target, ast.Tuple | ast.List) else [target]:
            if isinstance(one, ast.Attribute) and one.attr == "phase":
                yield ast.unparse(one.value)
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "setattr":
        _row, name, *_value = node.args
        if isinstance(name, ast.Constant) and name.value == "phase":
            yield ast.unparse(node.args[0])


def updates_of_phase(node: ast.AST) -> Iterator[str]:
    """Return the source of calls that change the phase of rows of proposals in the database."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    rows = ast.unparse(node.func.value)
    of_proposals = rows.startswith("Proposal.") or "proposals" in rows
    sets_a_phase = any(word.arg == "phase" for word in node.keywords)
    if node.func.attr in ("update", "update_or_create") and of_proposals and sets_a_phase:
        yield ast.unparse(node)


def names_a_phase(node: ast.AST) -> bool:
    """Say whether an expression is a bare string with the name of a phase, or a row of such."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return any(names_a_phase(one) for one in node.elts)
    return isinstance(node, ast.Constant) and node.value in PHASES


def bare_comparisons(node: ast.AST) -> Iterator[str]:
    """Return the source of comparisons of a phase with a bare string, in Python or in a query."""
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        of_a_phase = any(
            "phase" in ast.unparse(side) or "had" in ast.unparse(side).split(".")
            for side in sides
            if not names_a_phase(side)
        )
        if of_a_phase and any(map(names_a_phase, sides)):
            yield ast.unparse(node)
    asks = isinstance(node, ast.keyword) and (node.arg or "").partition("__")[0] == "phase"
    if asks and names_a_phase(node.value):
        yield ast.unparse(node.value)


def test_one_function_alone_changes_the_phase_of_a_proposal():
    found = []
    for path, tree in sources():
        for inside, node in functions_and_nodes(tree):
            rows = list(phases_set(node))
            if path.startswith("federation/"):
                # There `item.phase` is the phase of a council's item.
                rows = [row for row in rows if "proposal" in row]
            found += [(path, inside) for _row in rows]
            found += [(path, source) for source in updates_of_phase(node)]

    assert found == [("proposals/models/proposals.py", "move_to")]


def test_no_phase_is_compared_with_a_bare_string():
    found = [
        (path, source)
        for path, tree in sources()
        for _inside, node in functions_and_nodes(tree)
        for source in bare_comparisons(node)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("row.phase = Phase.DRAFT", 1),
        ("row.item, row.phase = item, 'draft'", 1),
        ("setattr(row, 'phase', 'draft')", 1),
        ("Proposal.objects.filter(pk=pk).update(phase='draft')", 2),
        ("assembly.proposals.update(phase=phase)", 1),
        ("row.phase == 'draft'", 1),
        ("proposal.phase not in ('draft', other)", 1),
        ("'draft' in row.had", 1),
        ("rows.exclude(phase__in=['draft'])", 1),
        ("meeting.phase == 'planned'", 0),
        ("row.phase == Phase.DRAFT", 0),
        ("rows.filter(phase=Phase.DRAFT)", 0),
        ("phase = Phase.DRAFT", 0),
    ],
)
def test_what_the_two_tests_above_look_for_they_find(source, seen):
    nodes = [node for _inside, node in functions_and_nodes(ast.parse(source))]
    checks = (phases_set, updates_of_phase, bare_comparisons)

    assert sum(len(list(check(node))) for node in nodes for check in checks) == seen
