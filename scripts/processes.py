"""Start programs so that none of them outlives us."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Ask Linux to end this process when its parent is gone, whatever ended the parent."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(command: Sequence[str], env: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a program in a group of its own: Ctrl-C reaches us alone, and we pass it on."""
    return subprocess.Popen(
        command,
        env=env,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=end_with_parent,
    )


def end(running: Sequence[subprocess.Popen[bytes]], seconds: float = 12) -> None:
    """Ask programs to end, then make them."""
    for process in running:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
    for process in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        # The leader may be gone while a child of its own is not.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def run_through(command: Sequence[str], env: dict[str, str]) -> int:
    """Run a program to its end; when we are interrupted, let it tidy up first."""
    process = subprocess.Popen(command, env=env)
    try:
        return process.wait()
    except KeyboardInterrupt:
        # On Ctrl-C the terminal has told it already; a second time does no harm.
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            process.kill()
            process.wait()
        raise
