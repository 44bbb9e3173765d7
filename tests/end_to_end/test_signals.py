"""A silence and a surge come to who asked for them, through the whole service."""

from datetime import UTC, datetime, timedelta
from typing import Any

from storage import database
from storage.document import Channel, Document, Source
from storage.documents import documents

QUICK = {"RECONCILE_INTERVAL": "0.5", "SCAN_REQUESTS_PER_MINUTE": "6000"}
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TITLES = ("sinks", "burns", "is late", "is sold", "turns back", "is found", "leaves", "waits")


async def seem_old(stage: Any) -> None:
    """Have the channels be watched for weeks in which something came in every hour."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    posts = [
        Document(
            kind="post",
            doc_id=f"tg:999/{number + 1}",
            source=Source(type="telethon"),
            channel=Channel(id=999, title="Weather"),
            message_id=number + 1,
            published_at=f"{now - number * HOUR:%FT%TZ}",
            title=f"Weather report {number}",
            content_hash=f"{number:016x}",
        )
        for number in range(400)
    ]
    db = await database.open_database(stage.database_url)
    async with db.transaction() as tx:
        await documents.store_documents(tx, posts, stored_at=now, live=True)
        added = int((now - 40 * DAY).timestamp() * 1_000_000)
        await tx.execute("UPDATE channel SET added_at = ?", (added,))
    await db.close()


async def test_a_silence_and_a_surge_are_told_to_who_asked(ready_stage: Any) -> None:
    stage = ready_stage
    last = datetime.now(UTC) - 40 * HOUR
    for number in range(160, -1, -1):
        await stage.news.post(f"Harbour bulletin {number}", date=last - 3 * number * HOUR)
    towns = [
        stage.sandbox.add_channel(f"Town {name}", username=f"town_{name}", members=[stage.watcher])
        for name in "abc"
    ]
    await stage.run(CHANNELS="@harbour @town_a @town_b @town_c", READ_ON_WATCH="30d,500", **QUICK)
    await stage.wait_stored(*stage.news.posts)
    asked = await stage.chat.ask("/silence @harbour")
    assert "It has been silent for unusually long." in asked.text
    silent = await stage.chat.wait_for("🔇 Harbour News is silent", after=asked)
    assert "40 hours ago" in silent.text
    assert f"/harbour/{stage.news.posts[-1].id}" in str([b.url for b in silent.buttons[0]])

    await seem_old(stage)
    assert "I'll say so here" in (await stage.chat.ask("/surge ferry")).text
    posts = [await towns[n % 3].post(f"A ferry {title}") for n, title in enumerate(TITLES)]
    await stage.wait_stored(*posts)
    again = await stage.chat.ask("/surge tram")  # It is looked at once.
    surge = await stage.chat.wait_for("📈 ferry: 8 posts of 3 channels", after=again)
    assert "next to none" in surge.text
    assert "A ferry sinks" in surge.text

    listed = await stage.chat.ask("/silence")
    for words, shown in (("🔇 Harbour News", "30 days"), ("✕ Remove", "Removed: Harbour News")):
        await stage.chat.press(listed, words)
        await stage.sandbox.wait_for(lambda: shown in listed.text or None, what=shown)  # noqa: B023
    await stage.wait_drained()
    assert len(stage.told("🔇")) == len(stage.told("📈")) == 1
