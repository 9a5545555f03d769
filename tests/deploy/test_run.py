"""What scripts/run.py says when it cannot do what it was asked."""

import ast
import errno
import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from scripts import addresses, checking, commands, installing, problem, serving
from scripts.problem import Problem
from scripts.services import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
RUN = ROOT / "scripts/run.py"


def run(*arguments, data, **variables):
    """Run the command as a person would, with a data folder of its own."""
    env = {**os.environ, "DATA_DIR": str(data), "HOST": "127.0.0.1", "PORT": str(free_port())}
    env |= {"STATIC_ROOT": str(data) + "-static", **variables}
    return subprocess.run(
        [sys.executable, RUN, *arguments], env=env, capture_output=True, text=True, timeout=120
    )


def assert_told(done, *words):
    """Assert a failure in one or two sentences."""
    assert done.returncode != 0
    assert "Traceback" not in done.stdout + done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    for word in words:
        assert word in done.stderr


def certificate(folder, name):
    """Write a certificate for this test, signed by itself."""
    subject = ["-subj", "/CN=localhost", "-days", "1", "-nodes", "-newkey", "ed25519"]
    files = folder / f"{name}.crt", folder / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", *subject, "-out", files[0], "-keyout", files[1]],
        check=True,
        capture_output=True,
    )
    return [str(file) for file in files]


def test_a_taken_port_is_told_together_with_a_free_one(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = run(data=tmp_path, PORT=str(port))
    assert_told(done, f"Port {port} is taken", "make run")
    named = int(done.stderr.partition("PORT=")[2].split()[0])
    assert named != port
    assert addresses.is_free("127.0.0.1", named)


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1", "8000 ", "²"])
def test_a_port_that_does_not_exist_is_refused(port):
    with pytest.raises(Problem, match="PORT must be a number"):
        serving.wanted_port(port)


def test_an_address_of_another_computer_is_refused(tmp_path):
    assert_told(
        run(data=tmp_path, HOST="192.0.2.7"), "HOST=192.0.2.7", "no address of this computer"
    )


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 0), (3, 10, 99)])
def test_an_old_python_is_told_which_one_is_needed(version):
    pretend = f"import sys, runpy; sys.version_info = {version}; runpy.run_path({str(RUN)!r})"
    done = subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True)
    assert_told(done, "needs Python 3.11 or newer", f"this is Python {version[0]}.{version[1]}.")


def test_an_old_python_can_read_the_file_that_tells_it():
    ast.parse(RUN.read_text(), feature_version=(3, 0))
    assert "f'" not in RUN.read_text() and 'f"' not in RUN.read_text()


def test_without_the_venv_module_the_command_that_installs_it_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(installing, "PYTHON", tmp_path / "no/python")
    monkeypatch.setattr(installing, "VENV", tmp_path / "no")
    monkeypatch.setattr(installing.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(installing.shutil, "which", lambda name: None)
    with pytest.raises(Problem, match=r"sudo apt install python3\.\d+-venv"):
        installing.make_venv()


def test_a_first_install_without_a_network_says_so(monkeypatch, tmp_path):
    fake = tmp_path / "python"
    fake.write_text("#!/bin/sh\necho 'Failed to establish a new connection' >&2; exit 1\n")
    fake.chmod(0o755)
    monkeypatch.setattr(installing, "PYTHON", fake)
    with pytest.raises(Problem, match="first install needs the network"):
        installing.fill_venv("requirements.txt")


def test_a_second_install_asks_nobody(monkeypatch):
    installing.install(dev=True)
    monkeypatch.setattr(installing, "fill_venv", lambda lock: pytest.fail("it installed again"))
    installing.install(dev=True)
    installing.install()


def test_a_changed_lock_file_is_installed(monkeypatch, tmp_path):
    stamp = tmp_path / "stamp"
    stamp.write_text('{"requirements.txt": "an older one"}')
    monkeypatch.setattr(installing, "STAMP", stamp)
    assert not installing.is_installed("requirements.txt")


def test_a_full_disk_is_told_before_anything_begins(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(problem.shutil, "disk_usage", lambda where: SimpleNamespace(free=3_000_000))
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "not yet"))
    assert commands.main(["run"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("The disk is full: 3 MB are free")
    assert len(said.splitlines()) == 1


def test_a_disk_that_fills_up_later_is_told_too(monkeypatch, capsys):
    def fill(choices):
        raise OSError(errno.ENOSPC, "No space left on device", "data/assembly.sqlite3")

    monkeypatch.setattr(commands, "obey", fill)
    assert commands.main(["run"]) == 1
    assert "The disk is full at data/assembly.sqlite3" in capsys.readouterr().err


def test_a_really_full_disk_is_told(tmp_path):
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", tmp_path]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        (tmp_path / "much").write_bytes(b"x" * 900_000)
        done = run(data=tmp_path / "data")
    finally:
        subprocess.run(["umount", tmp_path], check=True)
    assert_told(done, "The disk is full")


def test_a_data_folder_that_is_a_file_is_told(tmp_path):
    (tmp_path / "data").write_text("a file")
    assert_told(run(data=tmp_path / "data"), "cannot be written", "DATA_DIR=")


def test_a_tls_file_that_cannot_be_read_is_named(tmp_path):
    crt, _ = certificate(tmp_path, "one")
    done = run(data=tmp_path, TLS_CERT=crt, TLS_KEY="/nowhere/key.pem")
    assert_told(done, "TLS_KEY=/nowhere/key.pem cannot be read")


def test_a_certificate_without_its_key_is_refused(tmp_path):
    crt, _ = certificate(tmp_path, "one")
    _, other = certificate(tmp_path, "two")
    assert_told(run(data=tmp_path, TLS_CERT=crt, TLS_KEY=""), "TLS needs both files")
    assert_told(run(data=tmp_path, TLS_CERT=crt, TLS_KEY=other), "not a certificate and its key")
    (tmp_path / "text").write_text("no certificate")
    text = str(tmp_path / "text")
    assert_told(run(data=tmp_path, TLS_CERT=text, TLS_KEY=text), "not a certificate and its key")


def test_a_database_of_a_newer_version_is_left_alone(tmp_path):
    with sqlite3.connect(tmp_path / "assembly.sqlite3") as newer:
        newer.execute(
            "CREATE TABLE django_migrations"
            " (id INTEGER PRIMARY KEY, app TEXT, name TEXT, applied TEXT)"
        )
        row = "INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, '2031-01-01')"
        newer.execute(row, ("assemblies", "9999_what_comes_later"))
    newer.close()
    done = run(data=tmp_path)
    assert_told(done, "made by a newer version", "assemblies.9999_what_comes_later", "backup")
    with sqlite3.connect(tmp_path / "assembly.sqlite3") as after:
        tables = after.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    after.close()
    assert tables == [("django_migrations",)]


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "assembly.sqlite3").write_text("a shopping list, much longer than a header" * 50)
    assert_told(run(data=tmp_path), "The database cannot be used: file is not a database.")


def test_a_database_server_that_does_not_answer_is_told(tmp_path):
    url = f"postgresql://assembly:secret@127.0.0.1:{free_port()}/assembly"
    done = run(data=tmp_path, DATABASE_URL=url)
    assert_told(done, "The database cannot be used:")
    assert "secret" not in done.stderr


def test_a_setting_that_makes_no_sense_is_told(tmp_path):
    assert_told(run(data=tmp_path, DEBUG="perhaps"), "DEBUG must be 1 or 0, not 'perhaps'.")


def test_what_belongs_to_one_machine_only_is_found():
    lines = ["pip install --index" + "-url x", "see https://py" + "pi.org/x", "/ro" + "ot/.bashrc"]
    assert len(checking.out_of_place("\n".join(lines))) == 3
    inside = "https://example.org/home/x/ and ./data/" + "work/ and /app/deploy"
    assert not checking.out_of_place(inside)
