"""An import that is ended from outside: nothing of it goes on, and a repeat does the rest."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.commands.importing import ALONE
from bot.commands.reading import ahead

BATCH = ALONE.documents

pytestmark = pytest.mark.end_to_end


def wait_for(is_so: Callable[[], bool]) -> None:
    ends = time.monotonic() + 180
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.05)


def write_export(path: Path) -> None:
    """A batch of posts; then more broken ones than a pipe can hold the errors of; then a batch."""
    words = "at sea " * (ahead.LEAST_BYTES // BATCH // 12)
    posts = [
        {"id": number, "type": "message", "date_unixtime": str(1714557600 + 60 * number),
         "from": "Port", "from_id": "channel77", "text": f"Ferry {number} sails {words}"}
        for number in range(2 * BATCH)
    ]  # fmt: skip
    # An album may go on: a post is given when the next one is seen.
    messages = [*posts[: BATCH + 1], *[{"type": "message"}] * 2_000, *posts[BATCH + 1 :]]
    export = {"name": "Port", "type": "public_channel", "id": 77, "messages": messages}
    path.write_text(json.dumps(export), encoding="utf-8")
    assert path.stat().st_size > ahead.LEAST_BYTES


def count_stored(folder: Path) -> int:
    try:
        with closing(sqlite3.connect(f"file:{folder}/dateline.db?mode=ro", uri=True)) as database:
            return int(database.execute("SELECT count(*) FROM document").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def is_running(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


class Import:
    """``dateline import`` of an export in a folder, which waits behind its first batch for somebody
    to read what it says on stderr."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.call = [sys.executable, "-m", "bot", "import", str(folder / "result.json"), "--json"]
        self.environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(self.data)}
        write_export(folder / "result.json")

    def begin(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=self.environment, start_new_session=True,
        )  # fmt: skip

    def repeat(self) -> dict[str, object]:
        done = subprocess.run(
            self.call, capture_output=True, text=True, env=self.environment, check=False
        )
        assert done.returncode == 1
        return {**json.loads(done.stdout), "errors": []}


def readers_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.skipif(ahead.count_cores() < 2, reason="with one processor all is read in one process")
@pytest.mark.parametrize(
    ("number", "to_group"),
    [
        (signal.SIGINT, True),
        (signal.SIGINT, False),
        (signal.SIGTERM, False),
        (signal.SIGKILL, False),
    ],
)
def test_what_ends_an_import_ends_all_of_it(
    tmp_path: Path, number: signal.Signals, to_group: bool
) -> None:
    importing = Import(tmp_path)
    process = importing.begin()
    wait_for(lambda: count_stored(importing.data) == BATCH)
    (reader,) = readers_of(process.pid)
    (os.killpg if to_group else os.kill)(process.pid, number)
    out, said = process.communicate()
    assert out == ""
    if number == signal.SIGINT:
        assert process.returncode == 1
        assert said.splitlines()[-1] == "dateline: error: interrupted"
        assert "Traceback" not in said
    else:
        assert process.returncode == -number
    wait_for(lambda: not is_running(reader))
    assert count_stored(importing.data) == BATCH
    if to_group:
        again = importing.repeat()
        assert (again["new"], again["unchanged"], again["documents"]) == (BATCH, BATCH, 2 * BATCH)
        assert count_stored(importing.data) == 2 * BATCH
