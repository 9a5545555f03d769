"""The commands of scripts/run.py, and the messages when one fails."""

import argparse
import signal
import sys
from pathlib import Path

from scripts import benching, checking, installing, keeping, serving, testing
from scripts.problem import Problem, disk_full, is_disk_full


def parser() -> argparse.ArgumentParser:
    """Describe the commands."""
    top = argparse.ArgumentParser(prog="run.py", description="Assembly, from the command line.")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("run", help="install, prepare and start (the default)")
    install = commands.add_parser("install", help="install what is needed, once")
    install.add_argument("--dev", action="store_true", help="also what tests and checks need")
    for name, what in (("test", "pytest"), ("bench", "the bench")):
        command = commands.add_parser(name, help=f"run {what} with real services")
        command.add_argument("rest", nargs=argparse.REMAINDER, help=f"arguments for {what}")
    commands.add_parser("backup", help="copy a laptop's data, also while it runs")
    commands.add_parser("restore", help="put a copy in place of the data").add_argument("file")
    commands.add_parser("check", help="formatting, lint, types, import contracts, settings")
    commands.add_parser("lock", help="write the lock files anew")
    return top


def obey(asked: argparse.Namespace) -> int:
    """Do what was asked."""
    if asked.command == "install":
        installing.install(dev=asked.dev)
        print("Everything is installed. Start with: make run")
        return 0
    if asked.command in ("test", "bench"):
        rest = asked.rest[1:] if asked.rest[:1] == ["--"] else asked.rest
        return testing.test(rest) if asked.command == "test" else benching.bench(rest)
    if asked.command == "check":
        return checking.check()
    if asked.command == "lock":
        return installing.lock()
    if asked.command in ("backup", "restore"):
        return copy(asked)
    return serving.serve()


def copy(asked: argparse.Namespace) -> int:
    """Copy the data, or put a copy in its place."""
    keeping.require_sqlite()
    data = serving.Choices().data
    if asked.command == "backup":
        print(f"Copied to {keeping.back_up(data)}")
        return 0
    aside = keeping.restore(data, Path(asked.file))
    print(f"Restored into {data}." + (f" What was there is in {aside}." if aside else ""))
    return 0


def leave(number: int, frame: object) -> None:
    """End as Ctrl-C does, so that everything that was started is ended too."""
    raise KeyboardInterrupt


def from_the_shell() -> int:
    """Obey the command line; ending us by a signal is the same as Ctrl-C."""
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGHUP, leave)
    return main(sys.argv[1:])


def main(arguments: list[str]) -> int:
    """Run one command; a known failure is one or two sentences and an exit code."""
    try:
        return obey(parser().parse_args(arguments))
    except Problem as problem:
        print(problem, file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if not is_disk_full(error):
            raise
        print(disk_full(Path(error.filename or ".")), file=sys.stderr)
    return 1
