"""Check what can be checked without running the software: form, types, contracts, settings."""

import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

from scripts.installing import PYTHON, ROOT, VENV, install
from scripts.testing import clean_environment

DEPLOYED = {
    "SECRET_KEY": "a key of a deployment that is only checked: 3f9c0b1e7a54d2864c1d",
    "ALLOWED_HOSTS": "assembly.example.org",
    "CSRF_TRUSTED_ORIGINS": "https://assembly.example.org",
    "BEHIND_TLS_PROXY": "1",
    "DATABASE_URL": "postgresql://assembly:x@localhost:1/assembly",
    "REDIS_URL": "redis://localhost:1/0",
}
# In pieces, since this file is searched like every other.
REGISTRIES = (
    r"pypi\." "org", r"python" r"hosted\.org", r"registry\." r"npmjs", r"registry\." r"yarnpkg",
    r"deb\." r"debian\.org", r"security\." r"debian\.org",
    r"--(extra-)?index" "-url", "--find" "-links",
)  # fmt: skip
# A path of one machine, but not part of a web address or of a relative path.
MACHINE_PATH = r"(?<![\w.$~}/-])/(work|root|home/[a-z]\w*|Users/[A-Za-z]\w*)/"
OUT_OF_PLACE = re.compile("|".join((*REGISTRIES, MACHINE_PATH)))


def steps(templates: list[str]) -> dict[str, list[str]]:
    """Return the checks by name, each with the command that makes it."""
    python, programs = str(PYTHON), str(VENV / "bin")
    manage = [python, "manage.py"]
    return {
        "format": [python, "-m", "ruff", "format", "--check", "."],
        "lint": [python, "-m", "ruff", "check", "."],
        "types": [python, "-m", "mypy"],
        "import contracts": [python, f"{programs}/lint-imports"],
        "migrations": [*manage, "makemigrations", "--check", "--dry-run"],
        "deployment settings": [*manage, "check", "--deploy", "--fail-level", "WARNING"],
        "templates": [f"{programs}/djade", "--check", "--target-version", "5.2", *templates],
    }


def check() -> int:
    """Make every check, even after one has failed, and sum up in one line."""
    install(dev=True)
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory(prefix="assembly-data-") as data:
        plain = clean_environment(data)
        templates = [name for name in tracked() if re.match(r".*templates/.*\.html$", name)]
        results = [
            passes(name, command, plain | (DEPLOYED if name == "deployment settings" else {}))
            for name, command in steps(templates).items()
            if name != "templates" or templates
        ]
    results.append(nothing_out_of_place())
    failed = results.count(False)
    print(
        f"{failed} of {len(results)} checks failed."
        if failed
        else f"All {len(results)} checks pass."
    )
    return 1 if failed else 0


def passes(name: str, command: list[str], env: dict[str, str]) -> bool:
    """Make one check; show its words only when it fails."""
    began = time.monotonic()
    done = subprocess.run(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    verdict = "failed" if done.returncode else "ok"
    print(f"{name:22}{verdict}  ({time.monotonic() - began:.1f} s)", flush=True)
    if done.returncode:
        print(done.stdout, flush=True)
    return not done.returncode


def tracked() -> list[str]:
    """Return the files that git knows; outside a clone, none."""
    asked = ["git", "-C", str(ROOT), "ls-files", "-z"]
    try:
        listed = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return []
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def out_of_place(text: str) -> list[tuple[int, str]]:
    """Return the lines that name a package registry or a path of somebody's machine."""
    lines = enumerate(text.splitlines(), start=1)
    return [(number, line.strip()[:120]) for number, line in lines if OUT_OF_PLACE.search(line)]


def nothing_out_of_place() -> bool:
    """Tell whether no tracked file holds what belongs to one machine only."""
    found = [
        f"{name}:{number}: {line}"
        for name in tracked()
        for number, line in out_of_place(Path(name).read_text(encoding="utf-8", errors="ignore"))
    ]
    print(f"{'nothing out of place':22}{'failed' if found else 'ok'}", *found, sep="\n", flush=True)
    return not found
