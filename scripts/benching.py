"""Run the bench against servers that write as they would in earnest."""

import os
import tempfile

from scripts.installing import PYTHON, ROOT, install
from scripts.processes import run_through
from scripts.services import Services
from scripts.testing import clean_environment


def bench(arguments: list[str]) -> int:
    """Run the bench with these arguments; return its exit code."""
    install(dev=True)
    with (
        tempfile.TemporaryDirectory(prefix="assembly-data-") as data,
        Services(durable=True) as services,
    ):
        env = {**clean_environment(data), **services.environment()}
        os.chdir(ROOT)
        return run_through([str(PYTHON), "-m", "bench", *arguments], env)
