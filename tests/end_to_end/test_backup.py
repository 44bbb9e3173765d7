"""A backup of the running service, put back after a kill, under load: nothing lost or doubled."""

import asyncio
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.backups import forgotten
from bot.backups.taking import part_of
from bot.demo.process import clean_environment
from bot.sandbox.state.repeats import MODES
from storage.connection import Connection
from storage.verifying.verify import verify

PATIENCE = 120.0
EACH = 25
"""How many posts come before, and in each part of what follows."""


class Load:
    """Posts that come one after the other, without end, until they are enough."""

    def __init__(self, stage: Any) -> None:
        self._stage = stage
        self.posts: list[Any] = []

    async def add(self, count: int) -> None:
        """Post so many more."""
        for _ in range(count):
            number = len(self.posts)
            self.posts.append(await self._stage.news.post(f"The ferry, number {number}."))

    async def wait_told(self, readers: list[Any], first: int = 0) -> None:
        """Wait until each reader was told of all posts from the ``first`` on."""
        await self._stage.sandbox.wait_for(
            lambda: all(self._told(reader, first) for reader in readers) or None,
            what="all posts",
            timeout=PATIENCE,
        )

    def _told(self, reader: Any, first: int) -> bool:
        told = self.count(reader)
        return all(told[post.text] for post in self.posts[first:])

    def count(self, reader: Any) -> Counter[str]:
        """How often a reader was told of each post, by the ledger."""
        texts = [one.versions[0].text for one in self._stage.sandbox.ledger.received_by(reader)]
        return Counter({post.text: sum(post.text in text for text in texts) for post in self.posts})


async def command(stage: Any, *arguments: str) -> str:
    """Run a command of the command line beside the service; gives what it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", *arguments),
        cwd=stage.folder,
        env=clean_environment(stage.environment),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode()


async def start(stage: Any) -> Any:
    """Start the service, at a pace of which the tests do not wait."""
    return await stage.run(SEND_RATE="500", RECONCILE_INTERVAL="1")


def look(path: Path) -> int:
    """How many documents a database holds that is in order."""
    report = verify(path)
    assert report.problems == ()
    return report.documents


async def make_readers(stage: Any, count: int) -> list[Any]:
    others = [stage.sandbox.add_user(f"Reader {number}") for number in range(count - 1)]
    readers = [stage.ann, *others]
    for reader in readers:
        await reader.chat_with(stage.bot).ask("/alert ferry")
    return readers


def backup_in(stage: Any) -> Path:
    (stage.folder / "kept").mkdir()
    return Path(stage.folder / "kept" / "a.db")


@pytest.mark.parametrize("mode", ["error", "forgotten"])
async def test_backup_kill_and_restore_under_load(ready_stage: Any, mode: str) -> None:
    """In every way in which Telegram may take an id that it was given before."""
    stage = ready_stage
    stage.sandbox.manners.repeats = MODES[mode]
    service = await start(stage)
    readers = await make_readers(stage, 3)
    load, backup = Load(stage), backup_in(stage)
    await load.add(EACH)
    loading = asyncio.create_task(load.add(2 * EACH))
    said = await command(stage, "backup", str(backup))
    assert "checked" in said
    await loading
    await load.wait_told(readers[:1])
    loading = asyncio.create_task(load.add(EACH))
    await stage.sandbox.wait_for(lambda: load.count(stage.ann)[load.posts[-1].text] or None)
    await service.kill()
    await loading

    said = await command(stage, "restore", str(backup))
    assert "are read again when the service runs, in 1 channel," in said
    assert "sent since, and not sent again: " in said
    loading = asyncio.create_task(load.add(EACH))
    await start(stage)
    await loading
    await load.add(EACH)
    await load.wait_told(readers)
    await stage.wait_stored(*load.posts)
    await stage.wait_drained()
    counts = [set(load.count(reader).values()) for reader in readers]
    assert counts == [{1}] * len(readers)
    assert look(stage.folder / "data" / "dateline.db") == len(load.posts)


@pytest.mark.parametrize("mode", ["original"])
async def test_where_the_database_of_before_is_gone(ready_stage: Any, mode: str) -> None:
    """As far as Telegram remembers what it was given, that makes no difference."""
    stage = ready_stage
    stage.sandbox.manners.repeats = MODES[mode]
    service = await start(stage)
    readers = await make_readers(stage, 2)
    load, backup = Load(stage), backup_in(stage)
    await load.add(EACH)
    await command(stage, "backup", str(backup))
    await load.add(EACH)
    await load.wait_told(readers)
    await service.kill()
    for path in (stage.folder / "data").glob("dateline.db*"):
        path.unlink()

    said = await command(stage, "restore", str(backup))
    assert "what was sent since is not known (there is no database of before)" in said
    await start(stage)
    await load.add(1)
    await load.wait_told(readers)
    await stage.wait_stored(*load.posts)
    await stage.wait_drained()
    assert [set(load.count(reader).values()) for reader in readers] == [{1}] * 2


async def test_a_backup_while_posts_come_in_is_in_order_and_holds_nobody_up(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    await start(stage)
    await make_readers(stage, 1)
    load, backup = Load(stage), backup_in(stage)
    await load.add(EACH)
    loading = asyncio.create_task(load.add(200))
    for number in range(3):
        await command(stage, "backup", f"{backup}.{number}")
    await loading
    assert {path.name for path in backup.parent.iterdir()} == {f"a.db.{n}" for n in range(3)}
    assert not part_of(backup).exists()
    held = [look(backup.with_name(f"a.db.{number}")) for number in range(3)]
    assert held == sorted(held)
    await stage.wait_stored(*load.posts)

    async def is_all_told(conn: Connection) -> bool:
        row = await conn.fetch_one("SELECT count(*) AS n FROM delivery WHERE kind = 'alert'")
        return row is not None and row["n"] == len(load.posts)

    await stage.wait_database(is_all_told)


async def test_the_service_makes_one_by_itself_and_says_how_long_it_holds_a_person(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    folder = stage.folder / "daily"
    at_once = "bot.schedule.FIRST_BACKUP_LOOK = bot.schedule.FIRST_BACKUP_LOOK * 0"
    service = await stage.run(at_once, BACKUP_DIR=str(folder), BACKUP_KEEP="3")
    line = await service.wait_line("a backup was made", timeout=PATIENCE)
    (made,) = folder.glob("dateline-*.db")
    assert made.name in line
    assert look(made) == 0
    await stage.chat.ask("/start")
    asked = await stage.chat.ask("/forgetme")
    assert "The daily backups hold it until" in asked.text
    await stage.chat.press(asked, "fy", timeout=PATIENCE)
    await stage.chat.wait_for("is deleted", timeout=PATIENCE)
    assert forgotten.read([folder / "forgotten"]).when(stage.ann.id) is not None
    assert await service.stop(PATIENCE) == 0
