"""Install what the lock files name into .venv, once."""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.problem import DISK_FULL_WORDS, Problem, disk_full, require_space

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
STAMP = VENV / ".installed"
RUNTIME, DEV = "requirements.txt", "requirements-dev.txt"
MEGABYTES = {RUNTIME: 500, DEV: 1200}
OFFLINE_WORDS = (
    "NewConnectionError", "NameResolutionError", "Max retries exceeded", "ConnectTimeout",
    "Failed to establish a new connection", "Temporary failure in name resolution",
    "Could not find a version", "No matching distribution", "Read timed out", "ProxyError",
)  # fmt: skip


def install(*, dev: bool = False) -> None:
    """Make .venv hold what the lock file says; when it does already, take no time."""
    wanted = DEV if dev else RUNTIME
    if is_installed(wanted):
        return
    require_space(VENV, MEGABYTES[wanted])
    print(f"Installing what {wanted} names, once. This needs the network.", flush=True)
    STAMP.unlink(missing_ok=True)
    make_venv()
    fill_venv(wanted)
    covered = (RUNTIME, DEV) if dev else (RUNTIME,)
    STAMP.write_text(json.dumps({name: fingerprint(name) for name in covered}, indent=1) + "\n")


def fingerprint(lock: str) -> str:
    """Return what changes when a lock file does."""
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def is_installed(lock: str) -> bool:
    """Tell whether exactly this lock file has been installed here."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return False
    return PYTHON.exists() and stamp.get(lock) == fingerprint(lock)


def make_venv() -> None:
    """Make an empty environment, unless there is one that works."""
    works = [str(PYTHON), "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"]
    if PYTHON.exists() and not subprocess.run(works, capture_output=True, check=False).returncode:
        return
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    elif virtualenv := shutil.which("virtualenv"):
        command = [virtualenv, "--clear", "--python", sys.executable, str(VENV)]
    else:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise Problem(
            "Python's venv module is missing. On Debian or Ubuntu:"
            f" sudo apt install python{version}-venv; on Fedora: sudo dnf install python3."
        )
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise explained(done.stdout + done.stderr, f"{VENV} could not be made.")


def fill_venv(lock: str) -> None:
    """Install the packages of a lock file, each checked against its hash."""
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet", "--no-input"]
    done = subprocess.run(
        [*pip, "install", "--retries", "2", "--require-hashes", "-r", str(ROOT / lock)],
        capture_output=True, text=True, check=False, env={**os.environ, "PIP_USER": "0"},
    )  # fmt: skip
    if done.returncode:
        raise explained(done.stdout + done.stderr, "The packages could not be installed.")


def explained(words: str, otherwise: str) -> Problem:
    """Turn an installer's words into a sentence where we know one."""
    if any(known in words for known in DISK_FULL_WORDS):
        return disk_full(VENV)
    if any(known in words for known in OFFLINE_WORDS):
        return Problem(
            "The packages could not be fetched: the first install needs the network."
            " Connect this computer and start again; after that no network is needed."
        )
    return Problem(f"{words.strip()[-3000:]}\n{otherwise}")


def lock() -> int:
    """Write both lock files anew from requirements.in and requirements-dev.in."""
    install(dev=True)
    flags = "--upgrade --generate-hashes --universal --python-version 3.11 --no-header"
    flags += " --no-emit-index-url --no-emit-find-links --annotation-style line --quiet"
    compile_ = [str(PYTHON), "-m", "uv", "pip", "compile", *flags.split()]
    steps = (
        ["requirements.in", "--output-file", RUNTIME],
        ["requirements-dev.in", "--constraint", RUNTIME, "--output-file", DEV],
    )
    return max(
        subprocess.run([*compile_, *step], cwd=ROOT, check=False).returncode for step in steps
    )
