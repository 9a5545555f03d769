"""A second reading of the journal, written without the sheets: who waits, who speaks."""

from assemblies.models import Entry

WHO_WAITS = set[tuple[str, str]]


def put_back(waiting, hand: str, raised, away: set[str]) -> None:
    """Let a hand wait again, unless its owner left or has another one up."""
    if raised[hand][0] not in away and raised[hand] not in waiting.values():
        waiting[hand] = raised[hand]


def floor_told_by(meeting) -> tuple[WHO_WAITS, str | None]:
    """Replay the entries of a meeting; what was undone is taken back by replaying without it."""
    entries = list(Entry.objects.filter(journal=meeting.journal).order_by("seq"))
    waiting: dict[str, tuple[str, str]] = {}
    raised: dict[str, tuple[str, str]] = {}
    turns: dict[str, str] = {}
    speaking: str | None = None
    away: set[str] = set()
    by_seq = {entry.seq: entry for entry in entries}
    for entry in entries:
        facts, who = entry.facts, entry.on_behalf_of or entry.actor
        match entry.kind:
            case "stack.hand_raised":
                waiting[facts["hand"]] = raised[facts["hand"]] = (who, facts["kind"])
            case "stack.hand_lowered" | "stack.point_answered":
                waiting.pop(facts["hand"], None)
            case "stack.turn_called":
                waiting.pop(facts["hand"], None)
                speaking = turns[facts["turn"]] = facts["who"]
            case "stack.turn_ended" | "stack.turn_passed":
                speaking = None
            case "assemblies.checked_in":
                away.discard(facts["who"])
            case "assemblies.left":
                away.add(facts["who"])
                waiting = {pk: up for pk, up in waiting.items() if up[0] != facts["who"]}
                speaking = None if speaking == facts["who"] else speaking
            case "assemblies.item_taken_up" | "assemblies.item_finished":
                waiting, speaking = {}, None
            case "assemblies.act_undone":
                undone = by_seq[facts["seq"]]
                told = undone.facts
                if undone.kind == "stack.turn_called":
                    put_back(waiting, told["hand"], raised, away)
                    former = turns.get(told["former"] or "")
                    speaking = None if former in away else former
                elif undone.kind == "stack.turn_ended":
                    speaking = turns[told["turn"]]
                elif undone.kind == "stack.hand_raised":
                    waiting.pop(told["hand"], None)
                elif undone.kind == "stack.hand_lowered":
                    put_back(waiting, told["hand"], raised, away)
    return set(waiting.values()), speaking
