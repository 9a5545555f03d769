"""docs/operating.md says what the code does."""

import re
from pathlib import Path

import pytest

from scripts.commands import parser

ROOT = Path(__file__).resolve().parent.parent.parent
GUIDE = (ROOT / "docs/operating.md").read_text()
NOT_OURS = {"CHROMIUM"}  # of the tests


def settings_read():
    """Return the names of all variables that the software reads from its environment."""
    text = "\n".join(
        file.read_text()
        for folder in ("assembly_site", "assemblies", "stack", "proposals", "federation", "scripts")
        for file in (ROOT / folder).rglob("*.py")
    )
    by_helper = re.findall(r"\benv_(?:text|bool|int|list)\(\s*\"([A-Z_]+)\"", text)
    directly = re.findall(r"environ(?:\.get\(|\[)\s*\"([A-Z_]+)\"", text)
    return set(by_helper + directly) - NOT_OURS


def settings_told():
    """Return the names in the table of settings, and whether a file may hold them."""
    rows = re.findall(r"^\| (`[^|]+) \|", GUIDE, re.M)
    return {name: "*" in row for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}


def test_every_setting_is_in_the_guide_and_none_besides():
    assert settings_read() == set(settings_told())


@pytest.mark.parametrize("name", sorted(name for name, star in settings_told().items() if star))
def test_what_may_come_from_a_file_is_read_by_the_helper_that_can(name):
    text = "".join(file.read_text() for file in (ROOT / "assembly_site").glob("*.py"))
    assert re.search(rf"\benv_(text|bool|int|list)\(\s*\"{name}\"", text)


def test_every_command_in_the_guide_exists():
    code = "\n".join(re.findall(r"```\n.*?```|`[^`]+`", GUIDE, re.S))
    asked = set(re.findall(r"(?:scripts/run\.py|make) (\w+)", code))
    assert {"install", "run", "backup", "restore"} <= asked
    for command in asked:
        parser().parse_args([command, *(["a file"] if command == "restore" else [])])


def test_the_makefile_only_hands_on():
    made = (ROOT / "Makefile").read_text()
    targets = re.findall(r"^(\w+):\n\t\$\(PYTHON\) scripts/run\.py (\w+)", made, re.M)
    assert {"install", "run", "test", "check"} <= {target for target, _ in targets}
    assert all(target == command for target, command in targets)
