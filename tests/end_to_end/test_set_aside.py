"""Posts that the database or Telethon refuses: the others go on, they themselves come later."""

import asyncio
import json
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

from addresses import free_address
from plain_web import plain_web
from telethon.tl import types

from bot.demo.process import clean_environment

PATIENCE = 120.0
LOOKS_OFTEN = "bot.delivering.deliverer.LONGEST_SLEEP = 0.5"
"""What another process queues is sent within a minute, here within half a second."""


def execute(stage: Any, statement: str) -> list[Any]:
    """Run a statement on the service's database, beside it."""
    path = stage.folder / "data" / "dateline.db"
    with closing(sqlite3.connect(path, timeout=120)) as other, other:
        return other.execute(statement).fetchall()


def refuse_wombats(stage: Any) -> None:
    execute(
        stage,
        "CREATE TRIGGER refuse BEFORE INSERT ON document WHEN instr(new.json, 'wombat')"
        " BEGIN SELECT RAISE(ABORT, 'no wombats'); END",
    )


async def problems(stage: Any, *arguments: str) -> list[Any]:
    """What ``dateline problems`` says, with what it was told before."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "problems", *arguments, "--json"),
        cwd=stage.folder,
        env=clean_environment(stage.environment),
        stdout=asyncio.subprocess.PIPE,
    )
    shown, _ = await process.communicate()
    found: list[Any] = json.loads(shown)["problems"]
    return found


async def wait_aside(stage: Any, *posts: Any) -> None:
    """Wait until just these are set aside."""
    places = [f"tg:{post.channel.id}/{post.id}" for post in posts]

    async def is_so(conn: Any) -> bool:
        rows = await conn.fetch_all("SELECT place FROM problem ORDER BY id")
        return [row["place"] for row in rows] == places

    await stage.wait_database(is_so)


async def reasons(address: str) -> list[str]:
    """Why the service is not ready."""
    async with plain_web() as web:
        found: list[str] = (await web.get(f"http://{address}/readyz", timeout=120)).json()[
            "reasons"
        ]
    return found


async def wait_reasons(address: str, *expected: str) -> None:
    """Wait until just these keep the service from being ready."""
    async with asyncio.timeout(PATIENCE):
        while await reasons(address) != [*expected]:  # noqa: ASYNC110  nobody is told
            await asyncio.sleep(0.05)


async def wait_cursor(stage: Any, post: Any) -> None:
    """Wait until a scan has read on to this post."""

    async def is_so(conn: Any) -> bool:
        row = await conn.fetch_one("SELECT max(cursor) AS cursor FROM channel")
        return bool(row["cursor"] == post.id)

    await stage.wait_database(is_so)


async def was_tried_again(conn: Any) -> bool:
    row = await conn.fetch_one("SELECT max(tries) AS tries FROM problem")
    return bool((row["tries"] or 0) >= 2)


async def wait_told(stage: Any, *marks: str) -> None:
    """Wait until Ann was told of each of them, once."""

    def said() -> str:
        return "\n".join(alert.text for alert in stage.alerts())

    await stage.sandbox.wait_for(
        lambda: all(mark in said() for mark in marks) or None, timeout=PATIENCE
    )
    assert [said().count(mark) for mark in marks] == [1] * len(marks)


async def test_one_is_set_aside_the_rest_goes_on_and_it_comes_when_it_is_retried(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    service = await stage.run(RECONCILE_INTERVAL="0.5", ADMINS=str(stage.ann.id))
    await stage.chat.ask("/alert ferry")
    refuse_wombats(stage)
    posted = datetime.now(UTC) - timedelta(seconds=5)
    first = await stage.news.post("The first ferry: wombat aboard", date=posted)
    last = await stage.news.post("The second ferry: nobody aboard")
    await wait_told(stage, "second ferry")
    await wait_aside(stage, first)
    await wait_cursor(stage, last)
    notice = await stage.chat.wait_for("no wombats")
    assert f"tg:{stage.news.id}/{first.id}" in notice.text
    assert "Set aside, not read or not stored: 1." in (await stage.chat.ask("/status")).text
    # Another version tries it again when it starts; what is still refused stays.
    execute(stage, "UPDATE problem SET version = '0.0.9'")
    await service.stop()
    await stage.run(LOOKS_OFTEN)
    await stage.wait_database(was_tried_again)  # or was read again in the channel before
    (problem,) = await problems(stage)
    execute(stage, "DROP TRIGGER refuse")
    assert await problems(stage, "retry", str(problem["id"])) == []
    await wait_told(stage, "first ferry", "second ferry")
    numbers = [row[0] for row in execute(stage, "SELECT message_id FROM document ORDER BY id")]
    assert numbers == [first.id, last.id]


async def test_when_it_is_our_fault_the_cursor_waits_and_goes_on_by_itself(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    address = free_address()
    service = await stage.run(
        LOOKS_OFTEN, RECONCILE_INTERVAL="0.5", METRICS_ADDRESS=address, ADMINS=str(stage.ann.id)
    )
    await stage.chat.ask("/alert ferry")
    before = await stage.news.post("Ferry number 0, as usual")
    await wait_cursor(stage, before)
    refuse_wombats(stage)
    posts = [await stage.news.post(f"Ferry number {n}, wombats aboard") for n in range(1, 6)]
    after = await stage.news.post("Ferry number 6, nobody aboard")
    # What can be taken in is told all the same.
    await wait_told(stage, "number 0", "number 6")
    await service.wait_line("trouble", "no wombats", timeout=PATIENCE)
    await wait_aside(stage, *posts[:2])
    await wait_cursor(stage, posts[1])
    await wait_reasons(address, "channels")
    execute(stage, "DROP TRIGGER refuse")
    await service.wait_line("trouble is over", timeout=PATIENCE)
    await wait_cursor(stage, after)
    await wait_told(stage, *(f"number {n}" for n in (0, 3, 4, 5, 6)))
    await problems(stage, "retry", "all")
    await wait_told(stage, *(f"number {n}" for n in range(7)))
    await wait_aside(stage)
    await wait_reasons(address)
    # A channel that is not watched any more keeps nothing from being well.
    refuse_wombats(stage)
    for n in range(1, 4):
        await stage.news.post(f"Ferry trip {n}, wombats aboard")
    await stage.sandbox.wait_for(
        lambda: sum("what=" in line for line in service.lines) > 1 or None, timeout=PATIENCE
    )
    await wait_reasons(address, "channels")
    await stage.chat.ask("/unwatch @harbour")
    await wait_reasons(address)


class Unknown(types.MessageEntityBold):
    """An entity of a later layer than Telethon knows: real bytes that it can't decode."""

    def _bytes(self) -> bytes:
        return b"\xef\xbe\xad\xde" + bytes(8)


async def test_a_post_that_telethon_cannot_decode_hides_no_other(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run(RECONCILE_INTERVAL="0.5")
    await stage.chat.ask("/alert ferry")
    await stage.news.post("Ferry number 1, as usual")
    odd = await stage.news.post("Ferry number 2, odd", entities=[Unknown(0, 5)])
    last = await stage.news.post("Ferry number 3, as usual")
    await wait_told(stage, "number 1", "number 3")
    await wait_cursor(stage, last)
    await wait_aside(stage, odd)
    (problem,) = await problems(stage)
    assert "0xdeadbeef" in problem["error"]

    async def is_kept(conn: Any) -> bool:
        row = await conn.fetch_one(
            "SELECT count(*) AS n FROM problem WHERE instr(raw, ?) > 0", (b"number 2",)
        )
        return bool(row["n"] == 1)

    await stage.wait_database(is_kept)
    later = await stage.news.post("Ferry number 4, as usual")
    await wait_told(stage, *(f"number {n}" for n in (1, 3, 4)))
    await wait_cursor(stage, later)
    await stage.chat.ask("/help")
