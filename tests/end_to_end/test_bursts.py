"""Many alerts at once: three come alone, the others as a list that grows by edits."""

from collections import Counter
from typing import Any

from storage import database

PATIENCE = 60.0
LIST = "in quick succession"
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
    db = await database.open_database(f"sqlite:///{stage.folder / 'data' / 'dateline.db'}")
    async with db.transaction() as tx:
        await tx.execute(
            "UPDATE delivery SET due_at = created_at WHERE state = 'queued' AND kind = ?", (kind,)
        )
    await db.close()
    await stage.chat.ask("/help")  # An answer makes the service look at its outbox.


async def test_twentyfive_posts_are_three_messages_and_lists(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run(**FAST)
    await stage.chat.ask("/alert ferry")
    posts = await post_all(stage.news, 0, 25)
    await stage.wait_stored(*posts)
    await hurry(stage, "update")
    await wait_once(stage, stage.ann, posts)
    shown = lists(stage, stage.ann)
    assert len(received(stage, stage.ann)) - len(shown) == 3
    assert [message.text.count("\n• ") for message in shown] == [20, 2]
    assert all(len(message.text.encode("utf-16-le")) // 2 <= 3500 for message in shown)
    assert all(len(message.entities) <= 90 for message in shown)
