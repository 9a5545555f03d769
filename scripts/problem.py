"""A problem, in a sentence for the person at the keyboard."""

import errno
import shutil
from pathlib import Path


class Problem(Exception):
    """Stop, and say why; the message is the whole output, never a traceback."""


DISK_FULL_WORDS = ("No space left on device", "database or disk is full", "Disk quota exceeded")


def disk_full(where: Path) -> Problem:
    """Say that the disk is full."""
    return Problem(
        f"The disk is full at {where}. Free some space and start again; what was saved is kept."
    )


def is_disk_full(error: OSError) -> bool:
    """Tell a full disk, or a full quota, from other trouble with files."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def require_space(where: Path, megabytes: int) -> None:
    """Refuse to begin what would fill the disk halfway through."""
    there = where.absolute()
    while not there.exists():
        there = there.parent
    free = shutil.disk_usage(there).free // 1_000_000
    if free < megabytes:
        raise Problem(
            f"The disk is full: {free} MB are free at {there}, {megabytes} MB are needed."
            " Free some space and start again; what was saved is kept."
        )
