"""The source itself: the phase of a council item is changed in one place, and never a bare word."""

import ast
from collections.abc import Iterator
from pathlib import Path

import federation
from federation.rules import ItemPhase

SOURCE = Path(federation.__file__).parent
WORDS = {phase.value for phase in ItemPhase}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Return every module of the app with its path, migrations left out."""
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield str(path.relative_to(SOURCE)), ast.parse(path.read_text())


def targets_of(node: ast.AST) -> list[ast.expr]:
    """Return what a statement assigns to, one target at a time."""
    if isinstance(node, ast.Assign):
        whole = node.targets
    elif isinstance(node, ast.AugAssign | ast.AnnAssign):
        whole = [node.target]
    else:
        return []
    return [part for one in whole for part in (one.elts if isinstance(one, ast.Tuple) else [one])]


def phase_assignments(tree: ast.AST) -> Iterator[int]:
    """Return the lines that assign to an attribute `phase`, also by `setattr`."""
    for node in ast.walk(tree):
        for target in targets_of(node):
            if isinstance(target, ast.Attribute) and target.attr == "phase":
                yield node.lineno  # type: ignore[attr-defined]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            named = [one.value for one in node.args if isinstance(one, ast.Constant)]
            if node.func.id == "setattr" and "phase" in named:
                yield node.lineno


def phase_updates(tree: ast.AST) -> Iterator[int]:
    """Return the lines that write a phase past the row: `update(phase=...)`, `bulk_update`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        named = {one.arg for one in node.keywords}
        listed = {one.value for one in ast.walk(node) if isinstance(one, ast.Constant)}
        written = node.func.attr == "update" and "phase" in named
        if written or (node.func.attr == "bulk_update" and "phase" in listed):
            yield node.lineno


def speaks_of_a_phase(node: ast.AST) -> bool:
    """Say whether an expression is called `phase`, or asks for the part "phase"."""
    return any(
        (isinstance(one, ast.Name) and one.id == "phase")
        or (isinstance(one, ast.Attribute) and one.attr == "phase")
        or (isinstance(one, ast.Constant) and one.value == "phase")
        or (isinstance(one, ast.Call) and getattr(one.func, "id", "").startswith("phase_"))
        for one in ast.walk(node)
    )


def bare_words(node: ast.AST) -> bool:
    """Say whether an expression has a phase of a council item as a bare string in it."""
    return any(isinstance(one, ast.Constant) and one.value in WORDS for one in ast.walk(node))


def bare_phases(tree: ast.AST) -> Iterator[int]:
    """Return the lines that compare a phase with a bare string, or name one so in a call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(map(speaks_of_a_phase, sides)) and any(map(bare_words, sides)):
                yield node.lineno
        elif isinstance(node, ast.keyword):
            named = (node.arg or "").split("__")[0]
            if named == "phase" and bare_words(node.value):
                yield node.value.lineno


def test_the_phase_of_an_item_is_assigned_in_move_to_alone() -> None:
    """One function changes the phase of a council item: CouncilItem.move_to."""
    found = {(path, line) for path, tree in modules() for line in phase_assignments(tree)}
    items = ast.parse((SOURCE / "models/items.py").read_text())
    (move_to,) = (
        node
        for node in ast.walk(items)
        if isinstance(node, ast.FunctionDef) and node.name == "move_to"
    )
    allowed = {("models/items.py", line) for line in phase_assignments(move_to)}
    assert len(allowed) == 1
    assert found == allowed


def test_no_phase_is_written_past_the_table() -> None:
    """No query of the app updates a phase: it would pass by the table of moves."""
    assert [(path, line) for path, tree in modules() for line in phase_updates(tree)] == []


def test_no_phase_is_a_bare_string() -> None:
    """Phases of council items are members of ItemPhase wherever they are compared or named."""
    assert [(path, line) for path, tree in modules() for line in bare_phases(tree)] == []


def test_these_tests_see_what_they_look_for() -> None:
    """Each of the ways to write or compare a phase is found in a source that has it."""
    written = "item.phase, item.x = 'open', 1\nsetattr(item, 'phase', x)\nitem.phase = x\n"
    assert set(phase_assignments(ast.parse(written))) == {1, 2, 3}
    past = "rows.update(phase=x)\nrows.bulk_update(changed, ['phase'])"
    assert set(phase_updates(ast.parse(past))) == {1, 2}
    for source in (
        "item.phase == 'open'",
        "item.phase in ('going_round', 'open')",
        "facts.get('phase') != 'lapsed'",
        "phase_now(item, now) == 'provisional'",
        "rows.filter(phase__in=['in_force'])",
    ):
        assert list(bare_phases(ast.parse(source))) == [1], source
    assert not list(bare_phases(ast.parse("line.state in ('waiting', 'open')")))
    assert not list(bare_phases(ast.parse("meeting.phase == 'ended'")))
