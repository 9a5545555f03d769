"""A second reading of the journal, written without the sheets: the floor as the entries tell it.

`floor_told_by` replays what was written down; `floor_in_rows` reads the tables afresh. The two
share nothing but the names of things, so a row that no entry explains shows. Needs Django set up.
"""

from dataclasses import dataclass, field
from typing import Any

from assemblies.models import Entry, Meeting
from stack.models import Hand, HandSignal, Stack, Turn
from stack.rules import EXCLUSIVE


@dataclass
class TurnTold:
    """A turn, as far as the journal tells of it."""

    who: str
    stopped: bool = False


@dataclass
class Told:
    """The floor at one seq, put together from entries alone."""

    waiting: dict[str, tuple[str, str]] = field(default_factory=dict)  # hand: who, kind
    taken: str = ""  # the point being dealt with
    turn: str = ""
    order: str = "plain"
    state: str = "open"
    reopened: int = 0
    clock: str = "auto"
    phase: str = ""
    counted: dict[str, int] = field(default_factory=dict)
    signals: dict[tuple[str, str], Any] = field(default_factory=dict)  # who, signal: shown at
    moved: dict[str, list[str]] = field(default_factory=dict)  # hand: reasons, the last one holds
    raised: dict[str, tuple[str, str]] = field(default_factory=dict)
    turns: dict[str, TurnTold] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)
    rested: dict[str, Any] = field(default_factory=dict)

    # --- what several entries do

    def raise_(self, hand: str, who: str, kind: str) -> None:
        """Let somebody wait."""
        self.waiting[hand] = self.raised[hand] = (who, kind)

    def put_back(self, hand: str) -> None:
        """Let a hand wait again, unless its owner left or has another one up."""
        if self.raised[hand][0] not in self.away and self.raised[hand] not in self.waiting.values():
            self.waiting[hand] = self.raised[hand]

    def drop(self, hand: str) -> None:
        """Take a hand down; the clock runs on where it was the point being dealt with."""
        self.waiting.pop(hand, None)
        if hand == self.taken:
            self.taken = ""
            self.go_on()

    def begin(self, turn: str, who: str) -> None:
        """Give somebody the floor."""
        self.turn, self.turns[turn] = turn, TurnTold(who)

    def resume(self, turn: str) -> None:
        """Give the floor back, if its owner is here."""
        told = self.turns.get(turn)
        if told is not None and told.who not in self.away:
            self.turn = turn

    def stop(self, *, stopped: bool = True) -> None:
        """Stop the clock of who speaks, or let it run."""
        if self.turn:
            self.turns[self.turn].stopped = stopped

    def go_on(self) -> None:
        """Let the clock run, except in a break."""
        if self.phase != "break":
            self.stop(stopped=False)

    def close_item(self) -> None:
        """Clear the floor."""
        self.waiting, self.turn, self.taken = {}, "", ""
        self.state, self.reopened = "open", 0
        if self.order == "round":
            self.order = "plain"

    def restore_item(self, was: dict[str, Any]) -> None:
        """Put back what `close_item` cleared."""
        for hand in was["hands"]:
            self.put_back(hand)
            if hand == was["taken"] and hand in self.waiting and not self.taken:
                self.taken = hand
        if was["turn"]:
            self.turn = ""
            self.resume(was["turn"])
        kept = was["stack"]
        self.state, self.reopened, self.order = kept["state"], kept["reopened"], kept["order"]

    def show(self, who: str, signal: str, at: Any) -> None:
        """Show a signal, the newest last."""
        for other in EXCLUSIVE - {signal} if signal in EXCLUSIVE else ():
            self.signals.pop((who, other), None)
        self.signals.pop((who, signal), None)
        self.signals[who, signal] = at

    # --- what there is to compare

    def floor(self) -> dict[str, Any]:
        """Return the floor as `floor_in_rows` does."""
        shown: dict[str, int] = {}
        for _who, signal in self.signals:
            shown[signal] = shown.get(signal, 0) + 1
        speaks = self.turns.get(self.turn)
        return {
            "waiting": sorted(self.waiting.values()),
            "taken": self.waiting[self.taken][0] if self.taken else None,
            "speaker": speaks.who if speaks else None,
            "paused": bool(speaks and speaks.stopped),
            "order": self.order,
            "state": self.state,
            "reopened": self.reopened,
            "moved": sorted((self.waiting[h][0], m[-1]) for h, m in self.moving()),
            "signals": dict(sorted(shown.items())),
            "counted": {name: n for name, n in sorted(self.counted.items()) if n},
            "clock": self.clock,
        }

    def moving(self) -> list[tuple[str, list[str]]]:
        """Return the hands that wait where somebody put them."""
        return [(hand, why) for hand, why in self.moved.items() if why and hand in self.waiting]


def floor_told_by(meeting: Meeting, clock: str = "auto") -> dict[str, Any]:
    """Replay the entries of a meeting, whose turns had such a clock when it was prepared."""
    told = Told(clock=clock)
    entries = {
        entry.seq: entry for entry in Entry.objects.filter(journal=meeting.journal).order_by("seq")
    }
    last: dict[str, Entry] = {}  # by kind and item
    for entry in entries.values():
        facts = entry.facts or {}
        match entry.kind:
            case "assemblies.act_undone":
                take_back(told, entries[facts["seq"]], entry)
            case "assemblies.item_reopened":
                told.restore_item(last["assemblies.item_finished", facts["item"]].facts["floor"])
            case "assemblies.meeting_reopened":
                told.restore_item(last["assemblies.meeting_ended", ""].facts["floor"])
            case _:
                take(told, entry)
        last[entry.kind, facts.get("item", "")] = entry
    return told.floor()


def take(told: Told, entry: Entry) -> None:
    """Let an entry happen; an entry that changes nothing on the floor is in none of these."""
    take_turns(told, entry)
    take_orders(told, entry)
    take_signals(told, entry)
    take_meeting(told, entry)


def take_turns(told: Told, entry: Entry) -> None:
    """Let an entry about hands, points, turns or the clock happen."""
    facts, who = entry.facts or {}, entry.on_behalf_of or entry.actor
    match entry.kind:
        case "stack.hand_raised":
            told.raise_(facts["hand"], who, facts["kind"])
        case "stack.hand_lowered" | "stack.point_answered":
            told.drop(facts["hand"])
            if entry.kind == "stack.point_answered":
                told.go_on()
        case "stack.point_taken":
            told.taken = facts["hand"]
            if facts["stopped"]:
                told.stop()
        case "stack.turn_called" | "stack.turn_yielded":
            told.waiting.pop(facts["hand"], None)
            told.begin(facts["turn"], facts.get("to") or facts["who"])
        case "stack.turn_ended" | "stack.turn_passed":
            told.turn = ""
            if again := facts.get("again"):
                told.raise_(again, facts["who"], "round")
        case "stack.clock_stopped":
            told.stop()
        case "stack.clock_started":
            told.stop(stopped=False)
        case "stack.clock_set":
            told.clock = "on" if facts["on"] else "off"


def take_orders(told: Told, entry: Entry) -> None:
    """Let an entry about the order or the closing of the stack happen."""
    facts = entry.facts or {}
    match entry.kind:
        case "stack.order_set":
            told.order = facts["order"]
            told.waiting = {pk: up for pk, up in told.waiting.items() if up[1] != "round"}
            for hand in told.waiting:
                told.moved.pop(hand, None)
            for hand, whose in facts.get("round", {}).items():
                told.raise_(hand, whose, "round")
        case "stack.hand_moved":
            told.moved.setdefault(facts["hand"], []).append(facts["reason"])
        case "stack.last_called":
            told.state = "last_call"
        case "stack.stack_closed":
            told.state = "closed"
        case "stack.stack_reopened":
            told.state, told.reopened = "open", facts["reopened"]


def take_signals(told: Told, entry: Entry) -> None:
    """Let an entry about signals happen."""
    facts, who = entry.facts or {}, entry.on_behalf_of or entry.actor
    match entry.kind:
        case "stack.room_counted" if facts["of"] == "signals":
            told.counted = facts["counts"]
        case "stack.count_faded":
            told.counted = {}
        case "stack.signal_shown":
            told.show(who, facts["signal"], entry.at)
        case "stack.signal_lowered":
            told.signals.pop((who, facts["signal"]), None)
        case "stack.signals_faded":
            for signal, often in facts["faded"].items():
                for one in [one for one in told.signals if one[1] == signal][:often]:
                    del told.signals[one]


def take_meeting(told: Told, entry: Entry) -> None:
    """Let an entry about people, items or breaks happen."""
    facts = entry.facts or {}
    match entry.kind:
        case "assemblies.checked_in":
            told.away.discard(facts["who"])
        case "assemblies.left":
            leave(told, facts["who"])
        case "assemblies.seats_merged":
            merge(told, facts["who"], facts["into"])
        case "assemblies.item_taken_up" | "assemblies.item_finished" | "assemblies.meeting_ended":
            told.close_item()
        case "assemblies.break_taken":
            told.phase, told.rested = "break", facts
            if facts.get("stopped"):
                told.stop()
        case "assemblies.meeting_resumed":
            told.phase, rested = "", told.rested
            held = rested.get("held") == told.turn and not told.taken
            if told.turn and (rested.get("stopped") == told.turn or held):
                told.go_on()


def leave(told: Told, who: str) -> None:
    """Have somebody go, with hands, signals and turn."""
    owns_point = bool(told.taken) and told.waiting[told.taken][0] == who
    told.away.add(who)
    told.waiting = {hand: up for hand, up in told.waiting.items() if up[0] != who}
    told.signals = {one: at for one, at in told.signals.items() if one[0] != who}
    told.taken = "" if owns_point else told.taken
    if told.turn and told.turns[told.turn].who == who:
        told.turn = ""
    elif owns_point:
        told.go_on()


def merge(told: Told, who: str, into: str) -> None:
    """Give what one seat had to the other."""
    for hand, (whose, kind) in list(told.waiting.items()):
        if whose == who and (into, kind) in told.waiting.values():
            told.drop(hand)
        elif whose == who:
            told.waiting[hand] = (into, kind)
    told.raised = {
        hand: (into if whose == who else whose, kind) for hand, (whose, kind) in told.raised.items()
    }
    for turn in told.turns.values():
        turn.who = into if turn.who == who else turn.who
    own = {signal: at for (whose, signal), at in told.signals.items() if whose == into}
    for (whose, signal), at in list(told.signals.items()):
        if whose != who:
            continue
        del told.signals[whose, signal]
        if signal in own:
            told.signals[into, signal] = max(at, own[signal])
        elif not (signal in EXCLUSIVE and EXCLUSIVE & own.keys()):
            told.signals[into, signal] = at
    told.signals = dict(sorted(told.signals.items(), key=lambda pair: pair[1]))
    told.away.add(who)


def take_back(told: Told, undone: Entry, undoing: Entry) -> None:
    """Let an entry not have happened, as far as that is still possible."""
    facts, who = undone.facts or {}, undone.on_behalf_of or undone.actor
    match undone.kind:
        case "stack.turn_called" | "stack.turn_yielded":
            told.turn = ""
            told.put_back(facts["hand"])
            told.resume(facts["former"] or "")
        case "stack.turn_ended" | "stack.turn_passed":
            told.waiting.pop(facts.get("again") or "", None)
            told.resume(facts["turn"])
        case "stack.point_taken":
            told.taken = ""
            if facts["stopped"]:
                told.go_on()
        case "stack.hand_raised":
            told.waiting.pop(facts["hand"], None)
        case "stack.hand_lowered":
            told.put_back(facts["hand"])
        case "stack.hand_moved":
            told.moved[facts["hand"]].pop()
        case "stack.stack_reopened":
            told.state, told.reopened = "closed", max(0, told.reopened - 1)
        case "stack.room_counted" if facts["of"] == "signals":
            told.counted = facts["was"]
        case "stack.signal_shown":
            told.signals.pop((who, facts["signal"]), None)
        case "stack.signal_lowered":
            told.show(who, facts["signal"], undoing.at)
        case "assemblies.item_finished":
            told.restore_item(facts["floor"])
        case "assemblies.item_taken_up":
            told.close_item()
            told.restore_item(facts["floor"])


def floor_in_rows(meeting: Meeting) -> dict[str, Any]:
    """Return the floor from fresh rows."""
    hands = list(
        Hand.objects.filter(meeting=meeting, state__in=["waiting", "taken"]).select_related(
            "participant"
        )
    )
    turn = Turn.objects.filter(meeting=meeting, ended_at=None).select_related("participant").first()
    row = Stack.objects.filter(meeting=meeting).first() or Stack()
    shown: dict[str, int] = {}
    for signal in HandSignal.objects.filter(meeting=meeting).values_list("signal", flat=True):
        shown[signal] = shown.get(signal, 0) + 1
    return {
        "waiting": sorted((hand.participant.key, hand.kind) for hand in hands),
        "taken": next((hand.participant.key for hand in hands if hand.state == "taken"), None),
        "speaker": turn.participant.key if turn else None,
        "paused": turn is not None and turn.stopped_at is not None,
        "order": row.order,
        "state": row.state,
        "reopened": row.reopened,
        "moved": sorted(
            (hand.participant.key, hand.moved_because) for hand in hands if hand.moved_to
        ),
        "signals": dict(sorted(shown.items())),
        "counted": {name: n for name, n in sorted(row.counted.items()) if n},
        "clock": Meeting.objects.values_list("clock", flat=True).get(pk=meeting.pk),
    }
