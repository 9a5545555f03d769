"""What is asked of every test: whatever a page writes stands on the cards of its entries."""

from typing import Any

import pytest

from assemblies.door.house import house
from assemblies.door.page import Page
from assemblies.models import Meeting
from assemblies.services.phases import DOORS_OPENED


def rows_allowed(kinds: set[str]) -> set[Any]:
    """Return the models whose rows entries of these kinds may change, by card and by sheet."""
    there = house()
    touched = there.touched_by(kinds)
    sheets = [one for one in there.sheets if one.name in touched or "*" in touched]
    named = {one.model for kind in kinds for one in there.cards[kind].writes}
    return {Meeting, *named, *(model for sheet in sheets for model in sheet.row_models)}


@pytest.fixture(autouse=True)
def cards_name_what_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test in which a page changes rows that no card of its entries names."""
    write = Page.write

    def write_checked(page: Page) -> None:
        """Write the page once its rows were compared with the cards."""
        kinds = {str(entry.kind) for entry in page.entries}
        written = {type(row) for row in (*page._changed.values(), *page._dropped.values())}
        # A rehearsal opens its doors on a stage that is set, and a test's house has own cards.
        free = DOORS_OPENED in kinds or not kinds <= set(house().cards)
        unknown = set() if free else written - rows_allowed(kinds)
        assert not unknown, f"{unknown} are written, and no card of {sorted(kinds)} says so"
        write(page)

    monkeypatch.setattr(Page, "write", write_checked)
