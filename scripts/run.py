#!/usr/bin/env python3
"""Install, run, test and check Assembly: `python3 scripts/run.py --help`."""

# Older Pythons must be able to read this file to its end, or nobody sees this sentence.
import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "Assembly needs Python 3.11 or newer; this is Python %d.%d."  # noqa: UP031
        " If a newer one is installed, name it: PYTHON=python3.12 make run" % sys.version_info[:2]
    )

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

if __name__ == "__main__":
    from scripts.commands import from_the_shell

    sys.exit(from_the_shell())
