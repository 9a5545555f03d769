"""One command starts everything, says where it is, and ends it all."""

import contextlib
import http.client
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.services import children, free_port

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS = 60


@pytest.fixture
def started(tmp_path):
    """Start as `make run` does; return the process, its port and what it has printed."""
    port = free_port()
    env = {**os.environ, "HOST": "127.0.0.1", "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    env |= {"DATA_DIR": str(tmp_path / "data"), "STATIC_ROOT": str(tmp_path / "static")}
    env.pop("SECRET_KEY", None)
    words = tmp_path / "words"
    with words.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, ROOT / "scripts/run.py"], env=env, stdout=out, stderr=out
        )
    try:
        until(lambda: "Ctrl-C ends it." in words.read_text() or process.poll() is not None)
        assert process.poll() is None, words.read_text()
        yield process, port, words
    finally:
        process.terminate()
        process.wait(30)


def until(so):
    """Wait until something is so."""
    deadline = time.monotonic() + SECONDS
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def get(port, path):
    """Return the status of a page."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as talk:
        talk.request("GET", path)
        return talk.getresponse().status


def is_gone(pid):
    """Tell whether a process has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_it_starts_links_to_what_is_there_and_leaves_nothing_running(started, tmp_path):
    process, port, words = started
    said = words.read_text()
    links = re.findall(rf"http://127\.0\.0\.1:{port}(/\S*)", said)
    assert len(links) >= 4, said
    for link in links:
        assert get(port, link) in (200, 302), link
    assert "plain HTTP" in said
    assert "Traceback" not in said
    assert (tmp_path / "data/secret-key").stat().st_mode & 0o077 == 0

    begun = children(process.pid)
    assert len(begun) == 2
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    until(lambda: all(is_gone(pid) for pid in begun))


def test_when_the_server_falls_it_says_so_and_ends_the_rest(started):
    process, _, words = started
    web, worker = sorted(children(process.pid))
    os.kill(web, signal.SIGKILL)
    assert process.wait(30) == 1
    assert "The server stopped by itself" in words.read_text()
    assert is_gone(worker)
