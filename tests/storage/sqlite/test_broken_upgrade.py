"""An upgrade that is ended at any moment is gone on with at the next start, and loses nothing."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import broken_upgrades
import former_schemas
import pytest

ROOT = Path(__file__).parents[3]
FORMER = "3b4cec8"
"""The schema from which the most is to be done to the outbox."""
NOT_THE_SAME = {"schema_migration", "alert_change"}
"""Tables with times and random numbers of the upgrade itself."""

pytestmark = pytest.mark.end_to_end


def run(folder: Path, way: str, count: int) -> list[dict[str, Any]]:
    former = folder / "former.db"
    former_schemas.made_at(FORMER).write(former)
    done = subprocess.run(
        [sys.executable, broken_upgrades.__file__, former, folder, way, str(count)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=True, timeout=600,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


def content(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as db:
        return [
            line for line in db.iterdump() if not any(f'"{name}"' in line for name in NOT_THE_SAME)
        ]


def applied(path: Path) -> list[int]:
    with contextlib.closing(sqlite3.connect(path)) as db:
        return [version for (version,) in db.execute("SELECT version FROM schema_migration")]


def test_killed_at_any_moment_it_is_done_at_the_next_start(tmp_path: Path) -> None:
    whole = tmp_path / "whole.db"
    ended = run(tmp_path, "killed", 16)
    assert [one["first"] for one in ended] == [-signal.SIGKILL] * 16
    assert len({one["done"] for one in ended}) > 5
    for one in ended:
        assert (one["sound"], one["again"]) == (True, 0), one
        assert applied(Path(one["path"])) == applied(whole)
        assert content(Path(one["path"])) == content(whole), one


def test_a_full_disk_is_told_in_a_line_and_it_is_done_once_there_is_room(tmp_path: Path) -> None:
    whole = tmp_path / "whole.db"
    ended = run(tmp_path, "full", 8)
    refused = [one for one in ended if one["first"]]
    assert len({one["done"] for one in refused}) > 2
    for one in refused:
        (line,) = one["said"].splitlines()
        assert one["first"] == 1
        assert line.startswith(f"dateline: error: {one['path']}: the disk "), line
        assert "full" in line
    for one in ended:
        assert (one["sound"], one["again"]) == (True, 0), one
        assert content(Path(one["path"])) == content(whole), one
