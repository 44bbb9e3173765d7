"""Posts as nobody writes them: full of links, in albums without end, edited without end, many of
one second, of channels that nobody watches. All are stored, and told once."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import database_rows
from telethon.tl import types

from bot.sandbox.state import media

PATIENCE = 180.0
SETTINGS = {"RECONCILE_INTERVAL": "1", "SCAN_REQUESTS_PER_MINUTE": "6000", "SEND_RATE": "1000"}
FULL = 4096
MANY = 400
"""Of one second; a second has places for 256."""


def documents(stage: Any) -> dict[str, Any]:
    rows = database_rows.read(stage.database_url, "SELECT json FROM document WHERE live = 1")
    return {one["doc_id"]: one for one in (json.loads(text) for (text,) in rows)}


def full_of_links() -> tuple[str, list[Any]]:
    """As long a text as there is, a hundred marks in it, each within another."""
    text = ("The ferry 🚢 sails to the pier. " * FULL)[: FULL - 200].rstrip()
    marks: list[Any] = [
        types.MessageEntityTextUrl(7 * number, 40, f"https://pier{number}.example/x")
        for number in range(50)
    ]
    marks += [types.MessageEntityBold(7 * number, 300) for number in range(25)]
    marks += [types.MessageEntitySpoiler(11 * number, 30) for number in range(25)]
    return text, marks


async def test_odd_posts_are_stored_and_told_once(ready_stage: Any) -> None:
    stage = ready_stage
    other = stage.sandbox.add_channel("Nobody's", username="nobodys", members=[stage.watcher])
    service = await stage.run(**SETTINGS)
    await stage.chat.ask("/alert ferry", timeout=PATIENCE)
    faults = stage.sandbox.faults
    faults.duplicate_pushes(account=stage.watcher, times=40)
    text, marks = full_of_links()
    posts = [await stage.news.post(text, entities=marks)]
    faults.reorder_pushes(account=stage.watcher, times=30)
    posts += await stage.news.post_album([media.photo() for _ in range(100)], "A ferry, in parts")
    edited = await stage.news.post("The ferry, version 0x")
    for number in range(1, 101):
        await edited.edit(f"The ferry, version {number}x")
    await other.post("A ferry of a channel that nobody watches")
    second = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=1)
    posts += [
        await stage.news.post(
            f"The {'ferry' if n % 100 == 0 else 'barge'}, number n{n}n", date=second
        )
        for n in range(MANY)
    ]
    await stage.wait_stored(posts[0], edited, *posts[-MANY:])
    due = 3 + MANY // 100
    await stage.sandbox.wait_for(lambda: len(stage.alerts()) >= due or None, timeout=PATIENCE)
    await stage.sandbox.wait_for(lambda: stage.told("version 100x") or None, timeout=PATIENCE)
    await stage.wait_drained()
    found = documents(stage)
    parts = [one for one in found.values() if "in parts" in (one.get("title") or "")]
    assert len(parts) == 1
    assert found[f"tg:{stage.news.id}/{edited.id}"]["title"] == "The ferry, version 100x"
    assert len(stage.alerts()) == due
    assert not [one for one in found if one.startswith(f"tg:{other.id}/")]
    assert not service.find_lines("Traceback")
    assert not service.find_lines("not handled")
