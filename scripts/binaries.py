"""Find PostgreSQL, Redis and Chromium, or fetch them from Debian, as root or as anybody."""

import glob
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from scripts.problem import Problem, require_space

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
UNPACKED = TOOLS / "root"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PACKAGES = {"postgres": "postgresql", "redis": "redis-server", "chromium": "chromium"}


class Binaries(NamedTuple):
    """Where the three programs are: a folder for PostgreSQL, files for the others."""

    postgres: Path | None
    redis: Path | None
    chromium: Path | None


def answers(program: Path | str | None) -> Path | None:
    """Return the program if it can tell its version: a stub or a missing library is no program."""
    if program is None:
        return None
    try:
        told = subprocess.run([program, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return Path(program) if told.returncode == 0 else None


def version_of(folder: str) -> list[int]:
    """Return the numbers in a path, so that 17 sorts after 9.6."""
    return [int(number) for number in re.findall(r"\d+", folder)]


def find_postgres() -> Path | None:
    """Return the folder that holds initdb and postgres."""
    folders = [TOOLS / "bin", Path(shutil.which("initdb") or "/nowhere").resolve().parent]
    folders += map(
        Path, sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=version_of, reverse=True)
    )
    for folder in folders:
        needed = ("initdb", "createdb", "pg_isready")
        if all((folder / name).exists() for name in needed) and answers(folder / "postgres"):
            return folder
    return None


def find_redis() -> Path | None:
    """Return redis-server, or its twin of another name."""
    names = (TOOLS / "bin/redis-server", "redis-server", "valkey-server")
    return next((found for name in names if (found := answers(shutil.which(name)))), None)


def find_chromium() -> Path | None:
    """Return a browser that Playwright can drive."""
    names = (os.environ.get("CHROMIUM") or "", TOOLS / "bin/chromium", *CHROMIUM_NAMES)
    return next((found for name in names if name and (found := answers(shutil.which(name)))), None)


def find_binaries() -> Binaries:
    """Return what is on this machine already."""
    return Binaries(find_postgres(), find_redis(), find_chromium())


def missing(found: Binaries) -> list[str]:
    """Return the Debian packages of what was not found."""
    return [PACKAGES[name] for name, path in found._asdict().items() if path is None]


def ensure_binaries() -> Binaries:
    """Return the three programs; root installs what is missing, others unpack it here."""
    found = find_binaries()
    wanted = missing(found)
    if wanted and shutil.which("apt-get"):
        print(f"Getting {', '.join(wanted)} for the tests, once.", file=sys.stderr, flush=True)
        require_space(ROOT, 1500)
        if os.geteuid() == 0:
            install_as_root(wanted)
            found = find_binaries()
        if missing(found):
            unpack_here(missing(found))
            found = find_binaries()
    if wanted := missing(found):
        raise Problem(
            f"The tests need {', '.join(wanted)} and could not get them. On Debian or Ubuntu, with"
            f" a network: sudo apt install {' '.join(wanted)}. Elsewhere put postgres, redis-server"
            " and chromium on the PATH."
        )
    return found


def install_as_root(packages: list[str]) -> None:
    """Install packages and start nothing: the services that run during the tests are our own."""
    # In runlevel 1 Debian's maintainer scripts leave their services down.
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    install = ["apt-get", "-q", "install", "-y", "--no-install-recommends", *packages]
    # One broken source among many fails the update; the packages may be there all the same.
    subprocess.run(["apt-get", "-q", "update"], env=quiet, capture_output=True, check=False)
    done = subprocess.run(install, env=quiet, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr[-2000:], file=sys.stderr)


def own_apt() -> list[str]:
    """Return the options that let apt keep its lists and packages here, without being root."""
    for folder in ("state/lists/partial", "cache/archives/partial"):
        (TOOLS / folder).mkdir(parents=True, exist_ok=True)
    options = [
        f"Dir::State={TOOLS}/state",
        "Dir::State::status=/var/lib/dpkg/status",
        f"Dir::Cache={TOOLS}/cache",
        "Debug::NoLocking=1",
        "APT::Sandbox::User=",
        "APT::Get::AllowUnauthenticated=false",
    ]
    return [part for option in options for part in ("-o", option)]


def unpack_here(packages: list[str]) -> None:
    """Fetch packages with whatever they miss on this machine, and unpack them under .tools."""
    apt = ["apt-get", "-q", *own_apt()]
    fetch = [*apt, "install", "-y", "--no-install-recommends", "--download-only", *packages]
    for command in ([*apt, "update"], fetch):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode and command is fetch:
            print(done.stderr[-2000:], file=sys.stderr)
            return
    for package in sorted((TOOLS / "cache/archives").glob("*.deb")):
        subprocess.run(["dpkg", "-x", package, UNPACKED], check=True)
        package.unlink()
    write_doors()


def write_doors() -> None:
    """Write a small script for each unpacked program that lets it find its libraries."""
    doors = TOOLS / "bin"
    doors.mkdir(exist_ok=True)
    programs = glob.glob(f"{UNPACKED}/usr/lib/postgresql/*/bin/*")
    programs += [f"{UNPACKED}/usr/bin/redis-server", f"{UNPACKED}/usr/lib/chromium/chromium"]
    libraries = glob.glob(f"{UNPACKED}/usr/lib/*-linux-*") + glob.glob(f"{UNPACKED}/lib/*-linux-*")
    libraries += glob.glob(f"{UNPACKED}/usr/lib/*-linux-*/*/")
    path = ":".join(libraries)
    lines = ["#!/bin/sh", f'export LD_LIBRARY_PATH="{path}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"']
    if not Path("/etc/fonts/fonts.conf").exists():
        (TOOLS / "fonts.conf").write_text(
            "<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'fonts.dtd'><fontconfig>"
            f"<dir>{UNPACKED}/usr/share/fonts</dir><dir>/usr/share/fonts</dir>"
            f"<cachedir>{TOOLS}/fonts</cachedir></fontconfig>"
        )
        lines.append(f'export FONTCONFIG_FILE="{TOOLS}/fonts.conf"')
    for program in filter(os.path.exists, programs):
        door = doors / Path(program).name
        door.write_text("\n".join([*lines, f'exec "{program}" "$@"', ""]))
        door.chmod(0o755)
