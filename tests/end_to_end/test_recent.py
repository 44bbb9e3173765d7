"""A channel that is newly watched: its recent posts are there to be found, and alert nobody."""

from datetime import UTC, datetime, timedelta
from typing import Any

from storage.channels import backfills, channels

QUICK = {"RECONCILE_INTERVAL": "0.3", "SCAN_REQUESTS_PER_MINUTE": "6000"}


def ago() -> datetime:
    """What is posted within the second in which a channel is put on the list counts as news."""
    return datetime.now(UTC) - timedelta(hours=1)


async def wait_read(stage: Any, username: str, posts: int) -> None:
    """Wait until so many recent posts of a channel are read, and it is over."""

    async def is_read(conn: Any) -> bool:
        channel = await channels.find_channel(conn, username=username)
        known = channel and await backfills.find_backfill(conn, channel.id)
        return bool(known and known.finished_at and known.posts == posts)

    await stage.wait_database(is_read)


async def test_recent_posts_are_found_and_alert_nobody_though_it_is_killed(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    town = stage.sandbox.add_channel("Town", username="town", members=[stage.watcher])
    for n in range(250):
        await town.post(f"The ferry of yesterday, part {n}", date=ago())
    limits = {"READ_ON_WATCH": "14d,220", "ADMINS": str(stage.ann.id), **QUICK}
    service = await stage.run(**limits)
    await stage.chat.ask("/alert ferry")
    await stage.chat.ask("/watch @town")
    await service.kill()
    service = await stage.run(**limits)
    await wait_read(stage, "town", 220)
    await town.post("A ferry now")
    await stage.chat.wait_for("A ferry now")
    assert not any("yesterday" in message.text for message in stage.chat.messages)
    assert "part 249" in (await stage.chat.ask('/search "part 249"')).text
    assert "part 30" in (await stage.chat.ask('/search "part 30"')).text
    assert "Nothing" in (await stage.chat.ask('/search "part 29"')).text


NO_READER = (
    "bot.watching.recent.RecentReader.run = lambda self: __import__('asyncio').Event().wait()"
)


async def test_the_newest_page_is_found_after_the_first_scan_alone(ready_stage: Any) -> None:
    stage = ready_stage
    town = stage.sandbox.add_channel("Town", username="town")
    for n in range(60):
        await town.post(f"The ferry of yesterday, part {n}", date=ago())
    await stage.news.post("The ferry of the day before", date=ago())
    limits = {"READ_ON_WATCH": "14d,500", "ADMINS": str(stage.ann.id), **QUICK}
    await stage.run(NO_READER, **limits)
    await stage.chat.ask("/alert ferry")
    fault = stage.sandbox.faults.withhold_request("messages.getHistory", peer=town)
    watching = await stage.chat.ask("/watch @town")
    await fault.wait_hit()
    await town.post("A ferry now, on the page that the first scan reads")
    fault.release()

    async def is_read(conn: Any) -> bool:
        rows = await backfills.list_backfills(conn)
        return [row.posts for row in rows] == [1, 49] and rows[0].finished_at is not None

    await stage.wait_database(is_read)
    await stage.chat.wait_for("A ferry now")
    for there in ("day before", "part 59", "part 11"):
        assert there in (await stage.chat.ask(f'/search "{there}"')).text
    assert "Nothing" in (await stage.chat.ask('/search "part 9"')).text
    digest = (await stage.chat.ask("/digest now")).text
    assert "A ferry now" in digest and "of yesterday" not in digest
    assert [alert.text.count("now") for alert in stage.alerts()] == [1]
    assert "The archive reaches back to" in (await stage.chat.ask("/alert sail")).text
    await stage.chat.press(watching, "Read further back")
    await stage.chat.wait_for("How much of @town")
    await stage.chat.press(watching, "All")
    await stage.chat.wait_for("History of @town")
    assert "part 9" in (await stage.chat.ask('/search "part 9"')).text
