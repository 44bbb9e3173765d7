"""Alerts that are no noise: quiet hours, snoozes and muted channels, in a running service."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from handlers.times.alert_timing import period_end
from storage import database, times

HOUR = timedelta(hours=1)


async def press(stage: Any, message: Any, verb: bytes) -> None:
    """Press the button of a message whose data begins so, and see the message change."""
    button = next(b for row in message.buttons for b in row if b.data and b.data.startswith(verb))
    edits = len(message.edits)
    await stage.chat.press(message, button)
    await stage.sandbox.wait_for(lambda: len(message.edits) > edits or None)


def is_held(*posts: Any) -> Callable[[Any], Awaitable[bool]]:
    """Whether alerts of these posts wait for a bundle."""
    names = {f"tg:{post.channel.id}/{post.id}" for post in posts}

    async def look(conn: Any) -> bool:
        rows = await conn.fetch_all(
            "SELECT payload, due_at FROM whole_delivery WHERE bundle IS NOT NULL"
        )
        held = {
            json.loads(row["payload"])["doc_id"]
            for row in rows
            if times.from_epoch(row["due_at"]) > datetime.now(UTC)
        }
        return held >= names

    return look


async def end_waiting(stage: Any) -> None:
    """Let the time come for which alerts are held."""
    db = await database.open_database(stage.database_url)
    async with db.transaction() as tx:
        due = times.to_epoch(datetime.now(UTC))
        await tx.execute("UPDATE delivery SET due_at = ? WHERE state = 'queued'", (due,))
    await db.close()
    await stage.chat.ask("/help")  # An answer makes the service look at its outbox.


async def test_what_comes_in_quiet_hours_comes_as_one_message_afterwards(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    await stage.run()
    await stage.chat.ask("/alert ferry")
    now = datetime.now(UTC)
    start, end = now - HOUR, now + 2 * HOUR
    saved = await stage.chat.ask(f"/quiet {start:%H:%M}-{end:%H:%M}")
    assert saved.text.startswith("From ")
    posts = [await stage.news.post(f"The ferry number {n} sails at {n} sharp") for n in (1, 2, 3)]
    await stage.wait_database(is_held(*posts))
    assert not stage.alerts()
    await end_waiting(stage)
    bundle = await stage.chat.wait_for("number 2", after=saved)
    assert all(f"number {n}" in bundle.text for n in (1, 2, 3))
    await stage.wait_drained()
    told = [m for m in stage.sandbox.ledger.received_by(stage.ann) if "number" in m.text]
    assert len(told) == 1


async def test_a_snoozed_alert_waits_and_a_muted_channel_is_not_heard(ready_stage: Any) -> None:
    stage = ready_stage
    other = stage.sandbox.add_channel("Mirror", username="mirror", members=[stage.watcher])
    await stage.run(CHANNELS="@harbour @mirror")
    await stage.chat.ask("/alert ferry")
    await stage.news.post("The ferry sails")
    alert = await stage.chat.wait_for("The ferry sails")
    await press(stage, alert, b"uf")
    await press(stage, alert, b"mu")
    await stage.wait_database(_is_muted)
    unheard = await stage.news.post("Another ferry of the harbour is late today")
    await stage.wait_stored(unheard)
    await other.post("A very different ferry, told of by the mirror")
    await stage.chat.wait_for("told of by the mirror")
    assert not any("Another ferry" in message.text for message in stage.alerts())

    await press(stage, alert, b"zq")
    await press(stage, alert, b"zs|8")
    held = await other.post("The third ferry sank in the storm of this night")
    await stage.wait_database(is_held(held))
    assert len(stage.alerts()) == 2
    await end_waiting(stage)
    await stage.chat.wait_for("The third ferry")
    await stage.wait_drained()
    assert len(stage.alerts()) == 3


async def _is_muted(conn: Any) -> bool:
    return bool(await conn.fetch_all("SELECT 1 FROM mute"))


async def test_similar_posts_are_a_press_away(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run()
    await stage.chat.ask("/alert ferry")
    await stage.news.post("The ferry sails")
    alert = await stage.chat.wait_for("🔔")
    await press(stage, alert, b"uf")
    similar = next(b for row in alert.buttons for b in row if b.data and b.data.startswith(b"ml"))
    await stage.chat.press(alert, similar)
    found = await stage.chat.wait_for("Found for", after=alert)
    assert "The ferry sails" in found.text


async def test_messages_asked_for_by_buttons_count_as_commands(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run(COMMANDS_PER_MINUTE="2")
    await stage.chat.ask("/alert ferry")
    await stage.news.post("The ferry sails")
    alert = await stage.chat.wait_for("🔔")
    await press(stage, alert, b"uf")
    similar = next(b for row in alert.buttons for b in row if b.data and b.data.startswith(b"ml"))
    first = await stage.chat.press(alert, similar)
    # On a busy machine one may be given back meanwhile.
    others = [await stage.chat.press(alert, similar) for _ in range(3)]
    await stage.wait_drained()
    assert first is not None and not first.text
    refused = [one.text for one in others if one is not None and one.text]
    assert set(refused) == {"That was too much at once. Try again in a minute."}


async def set_by_page(stage: Any, *labels: str) -> None:
    """Change the only alert on its page, one button after the other."""
    page = await stage.chat.ask("/alerts")
    for label in (page.buttons[0][0].text, "How it comes", *labels, "‹ Back", "‹ Alerts"):
        edits = len(page.edits)
        button = next(b for row in page.buttons for b in row if label in b.text)
        await stage.chat.press(page, button)
        await stage.sandbox.wait_for(lambda edits=edits: len(page.edits) > edits or None)


async def test_beyond_its_limit_an_alert_is_bundled_and_a_silent_one_makes_no_sound(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    await stage.run()
    await stage.chat.ask("/alert ferry")
    await set_by_page(stage, "Silent", "1 an hour")
    await stage.news.post("The first ferry of the day sails")
    first = await stage.chat.wait_for("The first ferry")
    assert first.silent
    more = [await stage.news.post(f"Ferry {word}, {word} again") for word in ("two", "three")]
    await stage.wait_database(is_held(*more))
    await end_waiting(stage)
    bundle = await stage.chat.wait_for("2 posts")
    assert bundle.silent
    assert bundle.text.index("Ferry three") < bundle.text.index("Ferry two")
    await stage.wait_drained()
    assert len(stage.alerts()) == 2


async def test_an_urgent_alert_comes_in_quiet_hours_and_a_period_waits_for_its_end(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    await stage.run()
    now = datetime.now(UTC)
    await stage.chat.ask(f"/quiet {now - HOUR:%H:%M}-{now + 2 * HOUR:%H:%M} urgent")
    await stage.chat.ask("/alert ferry")
    await set_by_page(stage, "Urgent")
    await stage.news.post("The urgent ferry sails")
    await stage.chat.wait_for("The urgent ferry sails")
    await set_by_page(stage, "Every 15 min")
    due = period_end(15, datetime.now(UTC))
    waits = await stage.news.post("Another ferry, which can wait a quarter of an hour")
    held = is_held(waits)

    async def is_held_or_over(conn: Any) -> bool:
        # A quarter of an hour may end just now.
        is_over = datetime.now(UTC) >= due
        return await held(conn) or (is_over and bool(stage.told("which can wait")))

    await stage.wait_database(is_held_or_over)
    await end_waiting(stage)
    await stage.chat.wait_for("which can wait")
    await stage.wait_drained()
    assert len(stage.alerts()) == 2
