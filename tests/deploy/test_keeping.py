"""The data of a laptop: used by one, copied while in use, brought back whole."""

import contextlib
import sqlite3
import tarfile

import pytest

from scripts import commands, keeping
from scripts.problem import Problem


@pytest.fixture
def data(tmp_path, monkeypatch):
    """Make a data folder with one sentence in its database."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    folder = tmp_path / "data"
    folder.mkdir()
    write(folder, "the first sentence")
    (folder / "secret-key").write_text("the first key")
    return folder


def write(data, sentence):
    """Put one sentence into the database, in a write-ahead log as the software does."""
    with contextlib.closing(sqlite3.connect(data / "assembly.sqlite3")) as base:
        base.execute("PRAGMA journal_mode=WAL")
        base.execute("CREATE TABLE IF NOT EXISTS said (what TEXT)")
        base.execute("INSERT INTO said VALUES (?)", (sentence,))
        base.commit()


def sentences(data):
    """Return what the database says."""
    with contextlib.closing(sqlite3.connect(data / "assembly.sqlite3")) as base:
        return [what for (what,) in base.execute("SELECT what FROM said ORDER BY rowid")]


def test_what_was_copied_while_in_use_comes_back_whole(data, capsys):
    in_use = sqlite3.connect(data / "assembly.sqlite3")
    in_use.execute("INSERT INTO said VALUES ('written, not yet in the main file')")
    in_use.commit()
    assert commands.main(["backup"]) == 0
    in_use.close()
    (copy,) = data.glob("backups/*.tar.gz")
    assert str(copy) in capsys.readouterr().out
    assert copy.stat().st_mode & 0o077 == 0

    write(data, "a mistake")
    (data / "secret-key").write_text("another key")
    assert commands.main(["restore", str(copy)]) == 0
    assert sentences(data) == ["the first sentence", "written, not yet in the main file"]
    assert (data / "secret-key").read_text() == "the first key"
    assert (data / "secret-key").stat().st_mode & 0o077 == 0
    assert (data / "restored").exists()


def test_what_a_restore_replaces_is_kept(data):
    copy = keeping.back_up(data)
    write(data, "perhaps no mistake")
    aside = keeping.restore(data, copy)
    assert sentences(aside) == ["the first sentence", "perhaps no mistake"]


def test_a_restore_into_nothing_works(data, tmp_path):
    copy = keeping.back_up(data)
    assert keeping.restore(tmp_path / "another laptop", copy) is None
    assert sentences(tmp_path / "another laptop") == ["the first sentence"]


def test_a_folder_in_use_is_neither_shared_nor_overwritten(data):
    copy = keeping.back_up(data)
    with keeping.only_one(data, "Assembly at http://localhost:8000/"):
        with pytest.raises(Problem, match="in use by Assembly at http://localhost:8000/"):
            keeping.restore(data, copy)
        assert commands.main(["restore", str(copy)]) == 1
    keeping.restore(data, copy)


def test_only_our_own_copies_are_restored(data, tmp_path):
    (tmp_path / "text").write_text("no archive")
    with tarfile.open(tmp_path / "other.tar.gz", "w:gz") as other:
        other.add(data / "secret-key", "../secret-key")
    for file in ("text", "other.tar.gz", "not there"):
        with pytest.raises(Problem, match=r"is no copy|cannot be read"):
            keeping.restore(data, tmp_path / file)
    assert sentences(data) == ["the first sentence"]


def test_nothing_to_copy_is_told(tmp_path):
    with pytest.raises(Problem, match="nothing to copy"):
        keeping.back_up(tmp_path)


def test_postgres_is_left_to_its_own_programs(data, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/assembly")
    assert commands.main(["backup"]) == 1
    assert "pg_dump" in capsys.readouterr().err
