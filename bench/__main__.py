"""`python -m bench room | act | kill | slow | orders | pages | crowd`, from the project's root."""

import argparse
import contextlib
import importlib
import resource
import sys

WHAT = {
    "room": "a hall full of phones, from a tap to every screen",
    "act": "acts through the door, all at once and in handfuls",
    "kill": "the server killed in a full meeting: nothing lost, nothing twice",
    "slow": "phones that do not read, and one that floods",
    "orders": "each order of the stack on a thousand who wait",
    "pages": "the pages of councils: 900 units, three levels, a log of 50,000 entries",
    "crowd": "two stack takers and twelve phones in Chromium: do all screens agree",
}
MODULES = {
    "room": "room",
    "act": "acts",
    "kill": "killing",
    "slow": "slow",
    "orders": "orders",
    "pages": "pages",
    "crowd": "crowd",
}


def many_files() -> None:
    """Let this process and the servers it starts open as many sockets as the machine allows."""
    with contextlib.suppress(ValueError, OSError):
        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def main(words: list[str]) -> int:
    """Run one of the benches; load no more than it needs."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    benches = parser.add_subparsers(dest="bench", metavar="BENCH", required=True)
    for name, what in WHAT.items():
        about = benches.add_parser(name, help=what, description=what)
        if words[:1] == [name]:
            module = importlib.import_module(f"bench.{MODULES[name]}")
            module.arguments(about)
    asked = parser.parse_args(words)
    many_files()
    return int(importlib.import_module(f"bench.{MODULES[asked.bench]}").run(asked))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
