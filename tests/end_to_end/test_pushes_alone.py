"""What pushes alone bring, while the server refuses to give any history: no scan mends what is
wrong with them. Everything is counted, so that twice is seen as well as never."""

import json
from collections import Counter
from typing import Any

import database_rows

from bot.sandbox.state import media

PATIENCE = 120.0
REFUSED = ("messages.getHistory", "channels.getMessages")


async def start_deaf_to_history(stage: Any, asked: str) -> list[Any]:
    """The service with an alert, of which every further request for posts is refused; gives what
    counts these requests."""
    await stage.run(RECONCILE_INTERVAL="600", SEND_RATE="1000", SEND_RATE_CHAT="1000")
    await stage.wait_database(is_scanned)
    await stage.chat.ask(f"/alert {asked}")
    return [
        stage.sandbox.faults.flood_wait(method, 3600, times=None, account=stage.watcher)
        for method in REFUSED
    ]


async def is_scanned(conn: Any) -> bool:
    """Whether the first scan is over, for which a start does not wait long."""
    return bool(await conn.fetch_all("SELECT 1 FROM channel WHERE last_scan_at IS NOT NULL"))


def stored(stage: Any) -> list[dict[str, Any]]:
    """The channel's documents, in the order in which they were stored."""
    sql = "SELECT json FROM document WHERE channel_id = ? ORDER BY id"
    rows = database_rows.read(stage.database_url, sql, stage.news.id)
    return [json.loads(text) for (text,) in rows]


async def wait_told(stage: Any, count: int) -> list[str]:
    """Wait for so many alerts and until nothing waits to be sent; gives all their texts."""
    await stage.sandbox.wait_for(lambda: len(stage.alerts()) >= count or None, timeout=PATIENCE)
    await stage.wait_drained()
    return [message.text for message in stage.alerts()]


def named(texts: list[str], names: list[str]) -> list[str]:
    """Which of the names each text has."""
    return [name for text in texts for name in names if name in text]


async def test_posts_and_albums_are_stored_and_told_once_each_in_their_order(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    refusals = await start_deaf_to_history(stage, "ferry")
    names = [f"Ferry {word}" for word in ("alpha", "bravo", "charlie", "delta", "echo")]
    posts = [await stage.news.post(names[0]), await stage.news.post(names[1])]
    photos = [media.photo() for _ in range(3)]
    album = await stage.news.post_album(photos, names[2])
    another = await stage.news.post_album(photos[:2], names[3])
    posts += [album[0], another[0], await stage.news.post(names[4])]
    await stage.wait_stored(*posts)
    texts = await wait_told(stage, len(names))

    assert named(texts, names) == names
    found = stored(stage)
    assert [document["message_id"] for document in found] == [post.id for post in posts]
    assert [len(document.get("media", ())) for document in found] == [0, 0, 3, 2, 0]
    ids = [[part.id for part in parts] for parts in (album, another)]
    assert [document.get("album_ids") for document in found] == [None, None, *ids, None]
    assert stage.sandbox.ledger.duplicates == []
    assert not any(refusal.hits for refusal in refusals), "what comes in order shows no gap"


async def test_edits_and_deletions_reach_what_was_stored_and_told(ready_stage: Any) -> None:
    stage = ready_stage
    refusals = await start_deaf_to_history(stage, "ferry is:edited")
    await stage.chat.ask("/alert tanker is:deleted")
    await stage.chat.ask("/alert barge")
    edited = await stage.news.post("The ministry condemns the ferry")
    deleted = await stage.news.post("The tanker sails")
    matched = await stage.news.post("The boat sails")
    kept = await stage.news.post("Nothing of the kind")
    await stage.wait_stored(edited, deleted, matched, kept)
    await edited.edit("The ministry welcomes the ferry")
    await matched.edit("The boat, a barge, sails")
    await deleted.delete()
    texts = await wait_told(stage, 3)

    assert Counter(named(texts, ["welcomes", "The tanker", "a barge"])) == Counter(
        ["welcomes", "The tanker", "a barge"]
    )
    found = {document["message_id"]: document for document in stored(stage)}
    assert found[edited.id]["title"] == "The ministry welcomes the ferry"
    assert found[matched.id]["title"] == "The boat, a barge, sails"
    assert [id for id, one in found.items() if one.get("deleted_at")] == [deleted.id]
    rows = database_rows.read(stage.database_url, "SELECT json FROM revision")
    revisions = [json.loads(text)["title"] for (text,) in rows]
    assert sorted(revisions) == ["The boat sails", "The ministry condemns the ferry"]
    assert not any(refusal.hits for refusal in refusals)


async def test_pushes_that_come_twice_are_taken_once(ready_stage: Any) -> None:
    stage = ready_stage
    refusals = await start_deaf_to_history(stage, "ferry")
    fault = stage.sandbox.faults.duplicate_pushes(account=stage.watcher)
    names = [f"Ferry {word}" for word in ("alpha", "bravo", "charlie")]
    posts = [await stage.news.post(name) for name in names[:2]]
    album = await stage.news.post_album([media.photo(), media.photo()], names[2])
    await posts[0].edit("Ferry alpha, at noon")
    last = await stage.news.post("Weather")
    await stage.wait_stored(*posts, album[0], last)
    texts = await wait_told(stage, len(names))
    assert fault.hits >= 6
    assert named(texts, names) == names
    assert [one["message_id"] for one in stored(stage)] == [
        *(post.id for post in posts), album[0].id, last.id
    ]  # fmt: skip
    assert "at noon" in stored(stage)[0]["title"]
    assert not any(refusal.hits for refusal in refusals)
