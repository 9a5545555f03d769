"""Data written by an older version opens, goes on and verifies.

`tests/deploy/written-by-17af394.sql.gz` is what the demo of that version left: a meeting in
session, a council's meeting that ended, hands, a test, decisions, mandates.
"""

import contextlib
import gzip
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OLDER = ROOT / "tests" / "deploy" / "written-by-17af394.sql.gz"


@pytest.fixture
def run(tmp_path):
    """Put the older data into a folder and return what runs a command on it."""
    with contextlib.closing(sqlite3.connect(tmp_path / "assembly.sqlite3")) as base:
        base.executescript(gzip.decompress(OLDER.read_bytes()).decode())
    settings = {"DATA_DIR": str(tmp_path), "SECRET_KEY": "a key of the test alone", "DEBUG": "1"}
    without = ("DATABASE_URL", "REDIS_URL")
    environment = {name: to for name, to in os.environ.items() if name not in without} | settings

    def run_command(*words: str) -> str:
        """Run Python with these words and return what it prints; it must end well."""
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run_command("manage.py", "migrate", "--no-input")
    return run_command


def test_data_of_an_older_version_verifies_goes_on_and_verifies_again(run):
    run("manage.py", "verify", "--all")
    run("-m", "tests.older", "goes_on")
    run("manage.py", "verify", "--all")


def test_pages_of_an_older_version_s_data_open(run):
    run("-m", "tests.older", "opens")
