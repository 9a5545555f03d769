"""Start everything on this computer, say where it is, and end it all together."""

import contextlib
import http.client
import json
import os
import shutil
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from scripts.addresses import at, lan_addresses, require_free_port
from scripts.installing import PYTHON, ROOT, install
from scripts.keeping import RESTORED, back_up, is_elsewhere, only_one
from scripts.problem import DISK_FULL_WORDS, Problem, disk_full, is_disk_full, require_space
from scripts.processes import end, start

MEGABYTES = 50
SECONDS_TO_COME_UP = 60
PLAIN_HTTP = (
    "This is plain HTTP: whoever shares the network can read along and act in others' names."
    " Use it only in a network you trust, or set TLS_CERT and TLS_KEY (docs/operating.md)."
)


class Choices:
    """What the environment asks for."""

    def __init__(self) -> None:
        self.host = os.environ.get("HOST") or "0.0.0.0"
        self.port = wanted_port(os.environ.get("PORT") or "8000")
        self.data = Path(os.environ.get("DATA_DIR") or ROOT / "data").absolute()
        self.certificate = os.environ.get("TLS_CERT", "")
        self.key = os.environ.get("TLS_KEY", "")
        self.scheme = "https" if self.certificate else "http"

    @property
    def env(self) -> dict[str, str]:
        """Return the environment of everything that is started."""
        return {**os.environ, "DATA_DIR": str(self.data), "PYTHONUNBUFFERED": "1"}


def wanted_port(text: str) -> int:
    """Return a port that exists."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Problem(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def serve() -> int:
    """Install, prepare, start; return when it was ended."""
    choices = Choices()
    require_data_folder(choices.data)
    require_tls_files(choices.certificate, choices.key)
    here = at(choices.scheme, "localhost", choices.port)
    with only_one(choices.data, f"Assembly at {here}/ (process {os.getpid()})"):
        require_free_port(choices.host, choices.port)
        install()
        links = prepare(choices)
        return watch(choices, links)


def require_data_folder(data: Path) -> None:
    """Refuse a folder that cannot be written, or a disk without room."""
    require_space(data, MEGABYTES)
    probe = data / ".writable"
    try:
        data.mkdir(parents=True, exist_ok=True)
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        if is_disk_full(error):
            raise disk_full(data) from error
        raise Problem(
            f"The data folder {data} cannot be written ({error.strerror})."
            " Name another one: DATA_DIR=~/assembly-data make run"
        ) from error


def require_tls_files(certificate: str, key: str) -> None:
    """Refuse a certificate or key that the server could not use."""
    if not certificate and not key:
        return
    if not (certificate and key):
        raise Problem("TLS needs both files: set TLS_CERT and TLS_KEY, or neither.")
    for name, file in (("TLS_CERT", certificate), ("TLS_KEY", key)):
        try:
            Path(file).read_bytes()
        except OSError as error:
            raise Problem(f"{name}={file} cannot be read ({error.strerror}).") from error
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except ssl.SSLError as error:
        raise Problem(
            f"TLS_CERT={certificate} and TLS_KEY={key} are not a certificate and its key in PEM"
            " form without a passphrase."
        ) from error


def prepare(choices: Choices) -> dict[str, Any]:
    """Bring the database and the static files up to date; return the links to show."""
    state = manage(choices, "checkdatabase")
    if "older version" in state and not is_elsewhere():
        print(f"The data is of an older version; a copy of it is kept: {back_up(choices.data)}")
    manage(choices, "migrate", "--noinput", "--verbosity", "0")
    if (choices.data / RESTORED).exists():
        print(manage(choices, "restored").strip())
        (choices.data / RESTORED).unlink()
    manage(choices, "collectstatic", "--noinput", "--verbosity", "0")
    told = manage(choices, "demo", "--ensure", "--json")
    return dict(json.loads(told[told.index("{") :]))


def manage(choices: Choices, *arguments: str) -> str:
    """Run one of Django's commands; return what it prints."""
    done = subprocess.run(
        [PYTHON, ROOT / "manage.py", *arguments],
        env=choices.env, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if not done.returncode:
        return done.stdout
    words = (done.stdout + done.stderr).strip()
    if any(known in words for known in DISK_FULL_WORDS):
        raise disk_full(choices.data)
    *_, last = words.splitlines() or ["It said nothing."]
    for mark in ("CommandError: ", "ImproperlyConfigured: "):
        if mark in last:
            raise Problem(last.partition(mark)[2])
    raise Problem(f"{words[-4000:]}\nmanage.py {arguments[0]} failed; its words are above.")


def web_command(choices: Choices) -> list[str]:
    """Return the command of the web server."""
    command = [str(PYTHON), "-m", "assembly_site.serve", "--host", choices.host]
    command += ["--port", str(choices.port)]
    if choices.certificate:
        command += ["--tls-cert", choices.certificate, "--tls-key", choices.key]
    return command


def worker_command() -> list[str]:
    """Return the command of the background worker and its clock."""
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
    command = [str(PYTHON), "-W", "ignore:You're running the worker", "-m", "celery", "--quiet"]
    return [*command, "--app", "assembly_site", "worker", "--beat", "--pool", "solo", *quiet]


class Worker:
    """The background worker: when it falls it is picked up again, and the meeting goes on."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env
        self.process = start(worker_command(), env)
        self.began, self.pause, self.next_start = time.monotonic(), 1, 0.0

    def tend(self) -> None:
        """Start it again if it has fallen, later each time that it falls soon."""
        now = time.monotonic()
        if self.process.poll() is None:
            return
        if not self.next_start:
            end([self.process])  # its clock may have outlived it
            self.pause = 1 if now - self.began > 120 else min(self.pause * 2, 60)
            self.next_start = now + self.pause
            print(
                f"The background worker stopped (exit code {self.process.returncode});"
                f" it starts again in {self.pause} s. The meeting goes on.",
                file=sys.stderr, flush=True,
            )  # fmt: skip
        elif now >= self.next_start:
            self.process = start(worker_command(), self.env)
            self.began, self.next_start = now, 0.0


def watch(choices: Choices, links: dict[str, Any]) -> int:
    """Start the server and the worker, and stay until told to end or until the server falls."""
    os.chdir(ROOT)
    web = start(web_command(choices), choices.env)
    worker = Worker(choices.env)
    try:
        wait_for_answer(choices, web)
        announce(choices, links)
        while web.poll() is None:
            worker.tend()
            time.sleep(0.5)
        raise Problem(
            f"The server stopped by itself (exit code {web.returncode}); its words are above."
            " What was accepted is kept: start again."
        )
    except KeyboardInterrupt:
        print("\nStopping.", flush=True)
        return 0
    finally:
        end([web, worker.process])


def wait_for_answer(choices: Choices, web: subprocess.Popen[bytes]) -> None:
    """Return when a browser would get an answer."""
    everywhere = choices.host in ("0.0.0.0", "::")
    address = "localhost" if everywhere else choices.host
    secure: dict[str, Any] = {}
    if choices.certificate:
        secure["context"] = ssl._create_unverified_context()  # noqa: S323 - our own server
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    deadline = time.monotonic() + SECONDS_TO_COME_UP
    while web.poll() is None:
        try:
            talk = kind(address, choices.port, timeout=5, **secure)
            talk.request("GET", "/")
            talk.getresponse().read()
            talk.close()
            return
        except (OSError, http.client.HTTPException):
            if time.monotonic() > deadline:
                raise Problem(
                    f"The server did not answer within {SECONDS_TO_COME_UP} s; its words are above."
                ) from None
            time.sleep(0.1)
    raise Problem(f"The server did not start (exit code {web.returncode}); its words are above.")


def announce(choices: Choices, links: dict[str, Any]) -> None:
    """Print where everything is."""
    here = at(choices.scheme, "localhost", choices.port)
    outside = [at(choices.scheme, each, choices.port) for each in lan_addresses(choices.host)]
    if choices.host not in ("0.0.0.0", "::", "localhost"):
        here = at(choices.scheme, choices.host, choices.port)
    print("\nAssembly is running.\n")
    print(f"  On this computer:  {here}/")
    for address in outside:
        print(f"  On phones here:    {address}/")
    if outside:
        show_qr_code(f"{outside[0]}/")
    else:
        print("  Phones cannot reach it: this computer is in no network, or HOST keeps them out.")
    demo = links.get("demo") or {}
    if links.get("setup"):
        print(f"\n  Set it up (works once, for the first organiser):\n    {here}{links['setup']}")
    if demo:
        print("\n  Look around in the demo assembly:")
        for who in ("facilitator", "phone", "wall"):
            base = outside[0] if outside and who == "phone" else here
            print(f"    {who + ':':13}{base}{demo[who]}")
    if choices.scheme == "http":
        print(f"\n{PLAIN_HTTP}")
    print(f"\nEverything is kept in {choices.data}. Ctrl-C ends it.", flush=True)


def show_qr_code(address: str) -> None:
    """Draw the address for phones to scan; where the terminal cannot, the address must do."""
    if shutil.get_terminal_size().columns < 40:
        return
    code = "import segno, sys; segno.make(sys.argv[1]).terminal(compact=True)"
    env = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    drawn = subprocess.run([PYTHON, "-c", code, address], env=env, capture_output=True, check=False)
    # White on black also where the terminal is white: not every camera reads negatives.
    before, after = ("\x1b[97;40m", "\x1b[0m") if sys.stdout.isatty() else ("", "")
    with contextlib.suppress(UnicodeEncodeError):
        print()
        for line in drawn.stdout.decode().splitlines():
            print(f"    {before}{line}{after}")
