"""A command that is killed, at one moment after the other: the next one finds all as it was, or as
it is to be, and says nothing that nobody could act on."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.demo.process import clean_environment
from bot.health import instance
from storage.database import open_database
from storage.instance import ensure_identity

KILLED = Path(__file__).resolve().parents[3] / "support" / "killed.py"
PAGE = "Forwarded from Port of Lisvik\nThe winter {}\nForwarded from Port of Lisvik\nThe ice {}"
SEARCHED = ["search", "winter"]
FOUND, MORE = "The winter ferry", "The winter road"

pytestmark = [pytest.mark.end_to_end, pytest.mark.slow]


@pytest.fixture
def served(tmp_path: Path, run: Callable[..., Any], put_database: Callable[[Path], str]) -> Path:
    """A folder with an archive that a service has served, a backup of it, and a file to import."""
    (tmp_path / "page.txt").write_text(PAGE.format("ferry", "sheet"))
    put_database(tmp_path / "data" / "dateline.db")
    assert run("import", "page.txt").returncode == 0
    asyncio.run(mark(tmp_path / "data"))
    assert run("backup", "kept.db").returncode == 0
    (tmp_path / "page.txt").write_text(PAGE.format("road", "field"))
    return tmp_path


async def mark(folder: Path) -> None:
    """As a service does."""
    database = await open_database(f"sqlite:///{folder / 'dateline.db'}")
    async with database.transaction() as tx:
        instance.write_identity_file(folder, await ensure_identity(tx))
    await database.close()


def tries(
    folder: Path, work: Path, first: list[str], then: list[list[str]], step: int
) -> Iterator[dict[str, Any]]:
    """What became of the commands after each kill; the last was through."""
    work.mkdir()
    plan = {
        "template": str(folder), "work": str(work), "first": first, "then": then,
        "moments": [1, step], "environment": {"DATA_DIR": "data", "LOG_LEVEL": "error"},
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, str(KILLED)],
        input=json.dumps(plan),
        env=clean_environment({}),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert found[-1]["first"] == 0
    assert len(found) > 1
    yield from found


ROWS = {
    "import": (["import", "page.txt"], [["import", "page.txt"], SEARCHED], 6),
    "restore": (["restore", "kept.db"], [SEARCHED], 1),
    "restore again": (["restore", "kept.db"], [["restore", "kept.db"], SEARCHED], 9),
    "backup": (["backup", "c.db"], [["backup", "d.db"], ["verify", "d.db"], SEARCHED], 6),
}


@pytest.mark.parametrize(("first", "then", "step"), ROWS.values(), ids=ROWS)
def test_what_is_killed_can_be_done_again(
    served: Path, tmp_path_factory: pytest.TempPathFactory, first: list[str], then: Any, step: int
) -> None:
    work = tmp_path_factory.mktemp("killed") / "work"
    for one in tries(served, work, first, then, step):
        assert [status for status, _ in one["then"]] == [0] * len(then), one
        found = one["then"][-1][1]
        assert FOUND in found
        assert (MORE in found) is (first[0] == "import"), one
