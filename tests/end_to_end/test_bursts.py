"""Many alerts at once: three come alone, the others as a list that grows by edits."""

from collections import Counter
from typing import Any

import pytest

from bot.sandbox.state.repeats import MODES
from storage import database

PATIENCE = 120.0
LIST = "quick succession"
LONG = (
    "storage.outbox.bursts.MINUTE = storage.outbox.bursts.RING_EVERY ="
    " storage.outbox.bursts.MINUTE * 60"
)
"""A busy machine takes longer than a minute for what is to come within one."""
FAST = {"BURST_AFTER": "3", "SEND_RATE": "1000", "SEND_RATE_GROUP": "6000"}


def received(stage: Any, reader: Any) -> list[Any]:
    return [m for m in stage.sandbox.ledger.received_by(reader) if m.text.startswith("🔔")]


def lists(stage: Any, reader: Any) -> list[Any]:
    return [message for message in received(stage, reader) if LIST in message.text]


def counted(stage: Any, reader: Any, posts: list[Any]) -> Counter[str]:
    """In how many messages each post stands as they show by now."""
    shown = [message.text for message in received(stage, reader)]
    return Counter({post.text: sum(post.text in text for text in shown) for post in posts})


async def wait_once(stage: Any, reader: Any, posts: list[Any]) -> None:
    await stage.sandbox.wait_for(
        lambda: set(counted(stage, reader, posts).values()) == {1} or None,
        what="each post once",
        timeout=PATIENCE,
    )


async def post_all(channel: Any, start: int, count: int, word: str = "ferry") -> list[Any]:
    numbers = range(start, start + count)
    return [await channel.post(f"The {word} called number {n}: it sails.") for n in numbers]


async def hurry(stage: Any, kind: str) -> None:
    """Let the time come for which edits, or tallies, wait."""
    db = await database.open_database(stage.database_url)
    async with db.transaction() as tx:
        await tx.execute(
            "UPDATE delivery SET due_at = created_at WHERE state = 'queued' AND kind = ?", (kind,)
        )
    await db.close()
    await stage.chat.ask("/help")  # An answer makes the service look at its outbox.


async def make_urgent(stage: Any, query: str) -> None:
    db = await database.open_database(stage.database_url)
    async with db.transaction() as tx:
        await tx.execute("UPDATE alert SET urgent = 1 WHERE query = ?", (query,))
    await db.close()


async def test_twentyfive_posts_are_three_messages_and_lists_that_can_be_opened(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    mirror = stage.sandbox.add_channel("Mirror", username="mirror", members=[stage.watcher])
    await stage.run(LONG, **FAST, CHANNELS="@harbour @mirror")
    await stage.chat.ask("/alert ferry")
    posts = await post_all(stage.news, 0, 25)
    await stage.wait_stored(*posts)
    await hurry(stage, "update")
    await wait_once(stage, stage.ann, posts)
    first, second = lists(stage, stage.ann)
    assert len(received(stage, stage.ann)) == 3 + 2
    assert [message.text.count("\n• ") for message in (first, second)] == [20, 2]
    for message in (first, second):
        assert len(message.text.encode("utf-16-le")) // 2 <= 3500
        assert len(message.entities) <= 90

    in_full = posts[5]
    await stage.chat.press(first, "📖 Read in full")
    opened = await stage.chat.wait_for(lambda m: "1 / 20" in labels(m), after=second)
    for number in (2, 3):
        await stage.chat.press(opened, "Next ›")
        await stage.sandbox.wait_for(lambda n=number: f"{n} / 20" in labels(opened) or None)
    assert in_full.text in opened.text

    await stage.wait_stored(await mirror.post(posts[10].text))
    await in_full.delete()
    await stage.wait_database(is_deleted)
    await hurry(stage, "update")
    await stage.sandbox.wait_for(
        lambda: ("🔁 +1" in first.text and "🗑" in first.text) or None, timeout=PATIENCE
    )
    assert len(lists(stage, stage.ann)) == 2


async def is_deleted(conn: Any) -> bool:
    return bool(await conn.fetch_all("SELECT 1 FROM document WHERE json LIKE '%deleted_at%'"))


def labels(message: Any) -> list[str]:
    return [button.text for row in message.buttons for button in row]


@pytest.mark.parametrize("mode", MODES)
async def test_each_post_comes_once_though_the_process_is_killed_in_a_burst(
    ready_stage: Any, mode: str
) -> None:
    stage = ready_stage
    stage.sandbox.manners.repeats = MODES[mode]
    service = await stage.run(LONG, **FAST)
    await stage.chat.ask("/alert ferry")
    alone = await post_all(stage.news, 0, 3)
    await wait_once(stage, stage.ann, alone)
    fault = stage.sandbox.faults.withhold_reply("messages.sendMessage", account=stage.bot)
    (line,) = await post_all(stage.news, 3, 1)
    await fault.wait_hit()
    await service.kill()
    assert counted(stage, stage.ann, [line]) == {line.text: 1}
    # The list reads differently when it is looked for.
    await line.delete()
    await stage.news.set_username("harbour_news")

    service = await stage.run(LONG, **FAST)
    await stage.wait_database(is_deleted)
    await stage.wait_drained()
    fault = stage.sandbox.faults.withhold_reply("messages.editMessage", account=stage.bot)
    later = await post_all(stage.news, 4, 2)
    await stage.wait_stored(*later)
    await hurry(stage, "update")
    await fault.wait_hit()
    await service.kill()
    stage.sandbox.faults.clear()

    await stage.run(LONG, **FAST)
    last = await post_all(stage.news, 6, 1)
    await stage.wait_stored(*last)
    await hurry(stage, "update")
    await wait_once(stage, stage.ann, [*alone, line, *later, *last])
    assert len(lists(stage, stage.ann)) == 1


async def test_a_list_in_a_channel_that_can_be_edited_no_more_goes_on_as_another(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    club = stage.sandbox.add_channel("Ferry Club", username="ferry_club", admins=[stage.ann])
    await stage.run(LONG, **FAST)
    club.add_member(stage.bot, admin=True, by=stage.ann)
    await stage.chat.ask("/start")
    await club.post(f"/alert@{stage.bot.username} ferry")
    await club.wait_for("Alert set", sender=stage.bot)
    posts = await post_all(stage.news, 0, 5)
    await stage.wait_stored(*posts)
    await hurry(stage, "update")
    await wait_once(stage, club, posts)
    (first,) = lists(stage, club)
    assert not first.buttons
    stage.sandbox.faults.fail("messages.editMessage", "MESSAGE_ID_INVALID", account=stage.bot)
    more = await post_all(stage.news, 5, 2)
    await stage.wait_stored(*more)
    await hurry(stage, "update")
    await wait_once(stage, club, [*posts, *more])
    assert len(lists(stage, club)) == 2


async def test_a_follow_up_answers_the_list_and_what_is_urgent_comes_alone(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    await stage.run(LONG, **FAST)
    await stage.chat.ask("/alert ferry")
    await stage.chat.ask("/alert storm")
    posts = await post_all(stage.news, 0, 4)
    await wait_once(stage, stage.ann, posts)
    await stage.wait_stored(await stage.news.post(STATEMENT))
    await hurry(stage, "update")
    await stage.sandbox.wait_for(lambda: "turned back" in lists(stage, stage.ann)[0].text or None)
    await make_urgent(stage, "storm")
    await stage.news.post("A storm is coming, stay on land.")
    await stage.chat.wait_for("A storm is coming")
    await stage.wait_stored(await stage.news.post(STATEMENT.replace("twelve", "fifteen")))
    await hurry(stage, "update")
    await stage.sandbox.wait_for(lambda: "fifteen" in lists(stage, stage.ann)[0].text or None)
    assert len(received(stage, stage.ann)) == 3 + 1 + 1
    assert "↩️" in lists(stage, stage.ann)[0].text


STATEMENT = (
    "The port says that the ferry to the island was turned back this morning with twelve"
    " passengers on board, and that it will try again when the wind has gone down."
)
