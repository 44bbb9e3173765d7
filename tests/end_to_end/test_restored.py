"""A database that was put back from an older copy: nothing twice, nothing lost, nothing swallowed.

Each in every way in which Telegram may take a random id that it was given before. Where it has
forgotten the ids, which a new session may mean, what the copy does not know of comes once more: no
client can tell, and more than once it never is.
"""

import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.state.repeats import MODES
from storage.connection import Connection

IN_EVERY_MODE = pytest.mark.parametrize("mode", MODES)
PATIENCE = 120.0
ALERTS = 8


def copy_aside(stage: Any) -> Path:
    """A copy of the database's files as they stand, the log of what was committed last too."""
    aside = stage.folder / "aside"
    aside.mkdir()
    for path in (stage.folder / "data").glob("dateline.db*"):
        shutil.copy(path, aside)
    shutil.copy(stage.folder / "data" / "instance.json", aside)
    return Path(aside)


def put_back(stage: Any, aside: Path) -> None:
    """Put them in the place of what the service has written since."""
    for path in (stage.folder / "data").glob("dateline.db*"):
        path.unlink()
    for path in aside.glob("dateline.db*"):
        shutil.copy(path, stage.folder / "data")


async def wait_marked(stage: Any, aside: Path) -> None:
    """Wait until the mark beside the database has gone on from the copy: it may take a second."""
    copied = (aside / "instance.json").read_bytes()

    async def is_marked(_: Connection) -> bool:
        return (stage.folder / "data" / "instance.json").read_bytes() != copied

    await stage.wait_database(is_marked)


def counted(stage: Any, reader: Any, *texts: str) -> Counter[str]:
    """In how many messages that bots sent to a reader each text stands."""
    received = stage.sandbox.ledger.received_by(reader)
    return Counter({text: sum(text in one.versions[0].text for one in received) for text in texts})


async def wait_told(stage: Any, reader: Any, *texts: str) -> None:
    await stage.sandbox.wait_for(
        lambda: all(counted(stage, reader, *texts).values()) or None,
        what=f"messages with {texts}",
        timeout=PATIENCE,
    )


def times_told(mode: str) -> int:
    """How often what the copy does not know of has come after a restore."""
    return 2 if mode == "forgotten" else 1


def outcomes(stage: Any) -> set[str]:
    return {duplicate.outcome for duplicate in stage.sandbox.ledger.duplicates}


EXPECTED = {"error": {"refused"}, "original": {"answered"}, "forgotten": {"forgotten"}}


@IN_EVERY_MODE
async def test_what_was_sent_since_the_copy_is_not_sent_again(ready_stage: Any, mode: str) -> None:
    """Copies are read in the other order then, and rows have the numbers of other messages."""
    stage = ready_stage
    stage.sandbox.manners.repeats = MODES[mode]
    mirror = stage.sandbox.add_channel("Mirror", username="mirror", members=[stage.watcher])
    service = await stage.run(CHANNELS="@harbour @mirror")
    await stage.chat.ask("/alert ferry")
    await stage.wait_drained()
    aside = copy_aside(stage)

    doomed = await stage.news.post("The ferry of a post that will be gone")
    first = await stage.news.post("The ferry that both tell of")
    await wait_told(stage, stage.ann, "will be gone", "that both tell of")
    copies = [await mirror.post(first.text), await mirror.forward(first)]
    posts = [await stage.news.post(f"The ferry, number {number}.") for number in range(ALERTS)]
    texts = [first.text, *(post.text for post in posts)]
    await wait_told(stage, stage.ann, *texts)
    await stage.wait_stored(first, *copies, *posts)
    await stage.wait_drained()
    await service.kill()
    assert set(counted(stage, stage.ann, *texts).values()) == {1}

    put_back(stage, aside)
    await doomed.delete()
    waits = stage.sandbox.faults.flood_wait("messages.getHistory", 2, peer=stage.news, times=None)
    stage.sandbox.faults.withhold_pushes(account=stage.watcher, channel=stage.news)
    await stage.run(CHANNELS="@harbour @mirror")
    await stage.wait_stored(*copies)
    news = await mirror.post("The ferry after all that")
    await wait_told(stage, stage.ann, news.text)
    waits.stop()
    await stage.wait_stored(first, *posts)
    await stage.wait_drained()

    assert await story_of(stage, first.text) == f"tg:{mirror.id}/{copies[0].id}"
    assert set(counted(stage, stage.ann, *texts).values()) == {times_told(mode)}
    assert counted(stage, stage.ann, news.text, doomed.text) == {news.text: 1, doomed.text: 1}
    assert outcomes(stage) == EXPECTED[mode]


async def story_of(stage: Any, text: str) -> str:
    """The name of the story with this text, that of the post which was stored first."""
    found: list[str] = []

    async def read(conn: Connection) -> bool:
        rows = await conn.fetch_all(
            "SELECT coalesce(story, doc_id) AS name FROM document WHERE json LIKE ?", (f"%{text}%",)
        )
        found.extend({row["name"] for row in rows})
        return True

    await stage.wait_database(read)
    (name,) = found
    return name


@IN_EVERY_MODE
async def test_lists_after_a_restore(ready_stage: Any, mode: str) -> None:
    """What was missed by minutes is the list that it was before. What is older than an hour comes
    as one list, though it was told post by post: it does not rely on ids."""
    stage = ready_stage
    stage.sandbox.manners.repeats = MODES[mode]
    bob = stage.sandbox.add_user("Bob")
    service = await stage.run()
    await stage.chat.ask("/alert ferry")
    await bob.chat_with(stage.bot).ask("/alert lighthouse")
    await stage.wait_drained()
    aside = copy_aside(stage)

    now = datetime.now(UTC)
    await stage.sandbox.stop_serving()
    minutes, hours = now - timedelta(minutes=20), now - timedelta(hours=2)
    old = [await stage.news.post(f"The lighthouse, day {n}.", date=hours) for n in range(3)]
    late = [await stage.news.post(f"The ferry, trip {n}.", date=minutes) for n in range(12)]
    await stage.sandbox.serve_again()
    await wait_told(stage, stage.ann, "12 posts that were missed")
    await wait_told(stage, bob, *(post.text for post in old))
    await stage.wait_drained()
    await wait_marked(stage, aside)
    await service.kill()

    put_back(stage, aside)
    await stage.run()
    await wait_told(stage, bob, "While I was away: 3 posts")
    await stage.wait_stored(*old, *late)
    await stage.wait_drained()
    shown = counted(stage, stage.ann, "12 posts that were missed", *(post.text for post in late))
    assert shown["12 posts that were missed"] == times_told(mode)
    assert max(shown.values()) == times_told(mode)
    assert outcomes(stage) == EXPECTED[mode]
    lists = [one for one in stage.sandbox.ledger.received_by(bob) if "While I was" in one.text]
    assert len(lists) == 1
    assert [post.text in lists[0].text for post in old] == [True] * 3
    assert len(stage.sandbox.ledger.received_by(bob)) == 1 + len(old) + 1


@IN_EVERY_MODE
async def test_who_comes_back_is_told_what_was_told_before(ready_stage: Any, mode: str) -> None:
    stage = ready_stage
    stage.sandbox.manners.repeats = MODES[mode]
    await stage.run()
    for number in (1, 2):
        await stage.chat.ask("/start")
        await stage.chat.ask("/alert ferry")
        await stage.news.post("The ferry sails to Marby tonight")
        await stage.sandbox.wait_for(lambda n=number: len(stage.alerts()) == n or None)
        await stage.news.post("The ferry sails to Marby tonight")
        asked = await stage.chat.ask("/forgetme")
        await stage.chat.press(asked, "fy")
    await stage.wait_drained()
    assert len(stage.alerts()) == 2
    assert not stage.sandbox.ledger.duplicates
