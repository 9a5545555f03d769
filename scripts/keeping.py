"""Keep the data of a laptop: one process at a time, copies while it runs, and the way back."""

import contextlib
import fcntl
import os
import shutil
import sqlite3
import tarfile
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from scripts.problem import Problem, require_space

DATABASE, SECRET = "assembly.sqlite3", "secret-key"
RESTORED = "restored"  # the next start tells the phones, and takes it away


@contextlib.contextmanager
def only_one(data: Path, what: str) -> Iterator[None]:
    """Hold the data folder alone: two servers on one SQLite file would not hear each other."""
    with (data / "running").open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            held.seek(0)
            raise Problem(
                f"The data in {data} is in use by {held.read().strip() or 'another process'}."
                " End that first, or name another folder: DATA_DIR=~/assembly-2 PORT=8001 make run"
            ) from error
        held.truncate(0)
        held.write(what)
        held.flush()
        yield


def is_elsewhere() -> bool:
    """Tell whether the data is not in the data folder."""
    return any(os.environ.get(name) for name in ("DATABASE_URL", "DATABASE_URL_FILE"))


def require_sqlite() -> None:
    """Refuse where the data is not in the data folder."""
    if is_elsewhere():
        raise Problem(
            "DATABASE_URL is set, so the data is not in the data folder."
            " For PostgreSQL use pg_dump and pg_restore (docs/operating.md)."
        )


def back_up(data: Path) -> Path:
    """Copy the database, also while it is in use, with the key that signs links and cookies."""
    if not (data / DATABASE).exists():
        raise Problem(f"There is nothing to copy in {data} yet.")
    require_space(data, 50 + 2 * (data / DATABASE).stat().st_size // 1_000_000)
    folder = data / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"assembly-{time.strftime('%Y-%m-%d-%H%M%S')}.tar.gz"
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        copy = Path(temporary) / DATABASE
        with (
            contextlib.closing(sqlite3.connect(data / DATABASE)) as source,
            contextlib.closing(sqlite3.connect(copy)) as sink,
        ):
            source.backup(sink)
        packed = Path(temporary) / "packed"
        with tarfile.open(packed, "w:gz") as archive:
            archive.add(copy, DATABASE)
            if (data / SECRET).exists():
                archive.add(data / SECRET, SECRET)
        packed.chmod(0o600)
        packed.replace(target)  # whole or not at all
    return target


def restore(data: Path, archive: Path) -> Path | None:
    """Put a copy in place of the data; return where the data went that it replaces."""
    try:
        with tarfile.open(archive) as packed:
            names = set(packed.getnames())
            if DATABASE not in names or names - {DATABASE, SECRET}:
                raise Problem(f"{archive} is no copy that `run.py backup` has made.")
            data.mkdir(parents=True, exist_ok=True)
            with only_one(data, "a restore"):
                aside = set_aside(data)
                for name in sorted(names):
                    source = packed.extractfile(name)
                    if source:
                        with open(data / name, "wb", opener=private) as sink:
                            shutil.copyfileobj(source, sink)
                (data / RESTORED).touch()
    except (OSError, tarfile.TarError) as error:
        if isinstance(error, OSError) and error.errno and archive.exists():
            raise
        raise Problem(f"{archive} cannot be read as a copy of the data.") from error
    return aside


def private(path: str, flags: int) -> int:
    """Open a file that only its owner may read."""
    return os.open(path, flags, 0o600)


def set_aside(data: Path) -> Path | None:
    """Move the present data out of the way, since a restore may be a mistake."""
    present = [file for file in data.glob(f"{DATABASE}*") if file.is_file()]
    present += [data / SECRET] if (data / SECRET).exists() else []
    if not present:
        return None
    aside = data / f"before-restore-{time.strftime('%Y-%m-%d-%H%M%S')}"
    aside.mkdir(mode=0o700)
    for file in present:
        file.replace(aside / file.name)
    return aside
