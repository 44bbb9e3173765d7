"""A server of the tests ends with them, however they end."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.end_to_end

PATIENCE = 60.0
PROGRAM = """
import postgresql, sys
with postgresql.serve_alone() as server:
    print(server.folder, flush=True)
    sys.stdin.read()
"""


def test_a_server_ends_when_whoever_started_it_is_killed() -> None:
    root = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'tests' / 'support'}"}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip())
        server = psutil.Process(int((folder / "postmaster.pid").read_text().split()[0]))
        assert server.is_running()
        process.kill()
    server.wait(PATIENCE)
    until = time.monotonic() + PATIENCE
    while folder.parent.exists():
        assert time.monotonic() < until
        time.sleep(0.02)
