"""Which alerts come alone, which are lines, and what is queued for them: over a real database."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from database_steps import mark_sent
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from storage import payloads
from storage.chats import moving
from storage.connection import Connection, Database
from storage.database import open_database
from storage.outbox import bursts, outbox, queueing, topics, updates
from storage.outbox.bursts import choose_lines
from storage.payloads import AlertPayload, EditPayload, ListPayload, TallyPayload, TextPayload
from storage.records import PRIORITY_ALERT, Delivery, NewDelivery
from storage.stories import folded
from storage.subscribers import subscribers

CHAT = 5
SECOND = timedelta(seconds=1)
DONE, EMPTY = TextPayload(text="Done."), ListPayload(posts=())


@dataclass
class Chat:
    """A chat with a list that may grow, on a clock of its own."""

    tx: Connection
    now: datetime
    limit: int = 3
    is_quiet: bool = False
    posts: int = 0

    async def post(
        self,
        count: int,
        expires_at: datetime | None = None,
        topic: int | None = None,
        **payload: Any,
    ) -> None:
        """So many alerts are due now."""
        for number in range(self.posts, self.posts + count):
            told = AlertPayload(doc_id=f"tg:1/{number}", alerts=((1, "oil"),), **payload)
            given = {
                "payload": told,
                "story": told.doc_id,
                "expires_at": expires_at,
                "topic": topic,
            }
            await self.add(f"alert:{CHAT}:{told.doc_id}", **given)
        self.posts += count

    async def add(self, key: str, **fields: Any) -> None:
        """One message is due now."""
        given = {"chat_id": CHAT, "kind": "alert", "priority": PRIORITY_ALERT}
        when = {"due_at": self.now, "created_at": self.now}
        await queueing.add_deliveries(
            self.tx, [NewDelivery(key=key, **{**given, **when, **fields})]
        )

    async def claim(self) -> list[Delivery]:
        until = self.now + timedelta(minutes=15)
        rows = await outbox.claim_due(
            self.tx, now=self.now, limit=100, lease_until=until, per_chat=3
        )
        return await bursts.gather(
            self.tx,
            rows,
            await subscribers.list_by_chat(self.tx, [CHAT]),
            burst_after=self.limit,
            is_quiet=lambda *_: self.is_quiet,
            now=self.now,
            lease_until=until,
        )

    async def deliver(self, *, is_known: bool = True) -> list[Delivery]:
        """Send all that is due; gives it in order."""
        sent: list[Delivery] = []
        while rows := await self.claim():
            for row in rows:
                await mark_sent(self.tx, row.id, row.id if is_known else None, self.now)
            sent += rows
        return sent

    async def rows(self, kind: str) -> list[Any]:
        return await self.tx.fetch_all(
            "SELECT *, (due_at - ?) / 1000000 AS after FROM delivery WHERE kind = ? ORDER BY id",
            (int(self.now.timestamp()) * 1_000_000, kind),
        )


@pytest.fixture
async def chat(database: Database, now: datetime) -> AsyncIterator[Chat]:
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=CHAT, now=now)
        yield Chat(tx, now.replace(microsecond=0))


def kinds(rows: list[Delivery]) -> str:
    return "".join(row.kind[0] for row in rows)


def told(rows: list[Delivery]) -> list[list[str]]:
    return [[post.doc_id.removeprefix("tg:1/") for post in row.listed.posts] for row in rows]


def delivery(id: int, *, tried: bool = False, urgent: bool = False) -> Delivery:
    at = datetime.fromisoformat("2026-11-22T12:00:00Z")
    return Delivery(
        id=id,
        chat_id=CHAT,
        kind="alert",
        key=str(id),
        random_id=id + 1,
        payload=AlertPayload(doc_id=str(id), urgent=urgent),
        priority=1,
        due_at=at,
        state="queued",
        attempts=1,
        created_at=at,
        tried_at=at if tried else None,
    )


@pytest.mark.parametrize(
    ("rows", "came", "limit", "lines"),
    [
        ("...", 0, 3, ""),
        ("...", 1, 3, "2"),
        ("...", 3, 3, "012"),
        ("...", 9, 3, "012"),
        ("u..", 2, 3, "12"),
        ("u..", 0, 3, ""),
        ("t..", 1, 3, "2"),
        ("t.u", 3, 3, "1"),
        ("..", 0, 1, "1"),
    ],
)
def test_the_first_of_a_minute_come_alone(rows: str, came: int, limit: int, lines: str) -> None:
    made = [
        delivery(number, tried=kind == "t", urgent=kind == "u") for number, kind in enumerate(rows)
    ]
    assert "".join(str(row.id) for row in choose_lines(made, came, limit)) == lines


async def test_from_the_fourth_on_a_list_takes_all_that_is_due(chat: Chat) -> None:
    await chat.post(25)
    sent = await chat.deliver()
    assert kinds(sent) == "aaabb"
    assert told(sent[3:]) == [[str(n) for n in range(3, 23)], ["23", "24"]]
    assert await outbox.count_by_state(chat.tx) == {"sent": 5, "bundled": 22}


async def test_what_comes_while_a_list_grows_is_added_by_an_edit(chat: Chat) -> None:
    await chat.post(4)
    assert kinds(await chat.deliver()) == "aaab"
    for _ in range(3):
        await chat.post(2)
        assert await chat.deliver() == []
    (edit,) = await chat.rows("update")
    assert (json.loads(edit["payload"]), edit["after"]) == ({"lines": 7}, 10)
    chat.now += 10 * SECOND
    assert [row.payload for row in await chat.deliver()] == [EditPayload(lines=7)]
    await chat.post(1)
    assert await chat.deliver() == []
    assert [row["after"] for row in await chat.rows("update")] == [0, 10]


async def test_once_a_minute_a_message_says_how_many_came(chat: Chat) -> None:
    await chat.post(4)
    await chat.deliver()
    told_at, counts = [], []
    for second in range(0, 150, 5):
        await chat.post(1 if second % 10 == 0 else 0)
        for row in await chat.deliver():
            if row.kind == "tally":
                told_at.append(second)
                counts.append(row.payload.count)
        chat.now += 5 * SECOND
    assert told_at == [60, 120]
    assert sum(counts) >= 12
    assert len(await chat.rows("bundle")) == 1


async def test_a_tally_goes_behind_the_edit_that_shows_what_it_counts(chat: Chat) -> None:
    began_at = chat.now
    await chat.post(4)
    await chat.deliver()
    order = []
    for second in (30, 55, 59, 60, 64, 65):
        chat.now = began_at + second * SECOND
        await chat.post(second < 60)
        sent = await chat.deliver() + await chat.deliver()  # the first may only queue an edit
        order += [(second, row.kind, getattr(row.payload, "count", None)) for row in sent]
    assert order == [
        (30, "update", None),
        (55, "update", None),
        (65, "update", None),
        (65, "tally", 3),
    ]


@pytest.mark.parametrize("is_quiet", [False, True])
async def test_a_tally_in_quiet_hours_makes_no_sound(chat: Chat, is_quiet: bool) -> None:
    chat.is_quiet = is_quiet
    await chat.post(4)
    await chat.deliver()
    await chat.post(1)
    await chat.deliver()
    (tally,) = await chat.rows("tally")
    assert payloads.read("tally", tally["payload"]) == TallyPayload(count=1, silent=is_quiet)


async def test_silent_alerts_make_no_sound_in_a_list(chat: Chat) -> None:
    await chat.post(4, silent=True)
    assert (await chat.deliver())[3].is_silent
    await chat.post(2, silent=True)
    await chat.deliver()
    assert await chat.rows("tally") == []
    await chat.post(1)
    await chat.deliver()
    assert [row["after"] for row in await chat.rows("tally")] == [10]


async def test_when_the_burst_is_over_alerts_come_alone_again(chat: Chat) -> None:
    await chat.post(6)
    assert kinds(await chat.deliver()) == "aaab"
    chat.now += 61 * SECOND
    await chat.post(5)
    assert kinds(await chat.deliver()) == "aaab"
    assert [len(posts) for posts in told(await chat.deliver())] == []
    assert len(await chat.rows("bundle")) == 2


@pytest.mark.parametrize("own", [None, 0, 1, 5])
async def test_each_chat_may_choose(chat: Chat, own: int | None) -> None:
    await subscribers.update_subscriber(chat.tx, CHAT, burst_after=own)
    await chat.post(8)
    alone = {None: 3, 0: 8, 1: 1, 5: 5}[own]
    assert kinds(await chat.deliver()) == "a" * alone + "b" * (alone < 8)


async def test_what_is_urgent_is_never_a_line(chat: Chat) -> None:
    await chat.post(4)
    await chat.deliver()
    await chat.post(1, urgent=True)
    await chat.post(2)
    await chat.post(1, urgent=True)
    assert kinds(await chat.deliver()) == "aa"
    assert json.loads((await chat.rows("update"))[0]["payload"]) == {"lines": 3}


async def test_what_was_tried_alone_before_a_crash_is_no_line(chat: Chat) -> None:
    await chat.post(3)
    await chat.claim()
    await outbox.release_all(chat.tx)
    await chat.post(4)
    sent = await chat.deliver()
    assert kinds(sent) == "aaab"
    assert told(sent[3:]) == [["3", "4", "5", "6"]]


async def test_a_list_whose_number_is_not_known_goes_on_as_another(chat: Chat) -> None:
    await chat.post(5)
    await chat.deliver(is_known=False)
    await chat.post(2)
    assert told(await chat.deliver()) == [["5", "6"]]


async def test_lines_that_a_list_did_not_show_are_told_anew(chat: Chat) -> None:
    await chat.post(5)
    await chat.deliver()
    await chat.post(2)
    await chat.deliver()
    (made,) = await chat.rows("bundle")
    await bursts.end(chat.tx, made["id"])
    assert json.loads((await chat.rows("bundle"))[0]["payload"])["rows"] == [4, 5]
    assert told([row for row in await chat.deliver() if row.kind == "bundle"]) == [["5", "6"]]


async def test_a_list_that_is_refused_is_told_post_by_post(chat: Chat) -> None:
    await chat.post(6)
    await chat.claim()
    await outbox.mark_all_sent(chat.tx, [(id, id, chat.now) for id in (1, 2, 3)])
    (made,) = [row for row in await chat.claim() if row.kind == "bundle"]
    await outbox.mark_dropped(chat.tx, made.id, "MESSAGE_TOO_LONG")
    await bursts.end(chat.tx, made.id, is_refused=True)
    assert kinds(await chat.deliver()) == "aaa"


@pytest.mark.slow
@examples(25)
@given(
    gaps=st.lists(st.sampled_from([0, 0, 0, 1, 2, 6, 13]), min_size=1, max_size=60),
    limit=st.integers(1, 6),
    urgent=st.sets(st.integers(0, 59)),
)
async def test_however_posts_arrive_each_is_told_once(
    tmp_path_factory: pytest.TempPathFactory,
    put_database: Callable[[Path], str],
    gaps: list[int],
    limit: int,
    urgent: set[int],
) -> None:
    folder = tmp_path_factory.mktemp("bursts")
    db = await open_database(put_database(folder / "dateline.db"))
    now = datetime.fromisoformat("2026-11-22T12:00:00Z")
    async with db.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=CHAT, now=now)
        chat = Chat(tx, now, limit=limit)
        shown: dict[int, int] = {}
        alone: list[tuple[datetime, str]] = []
        sent: list[Delivery] = []
        for number, gap in enumerate([*gaps, 16]):
            for _ in range(gap + 1):
                for row in await chat.deliver():
                    sent.append(row)
                    if row.kind == "bundle":
                        shown[row.id] = row.listed.first
                    elif row.kind == "update":
                        shown[row.target or 0] = row.payload.lines
                    elif row.kind == "alert":
                        alone.append((chat.now, row.alert.doc_id))
                chat.now += (5 if gap else 0) * SECOND
            if number < len(gaps):
                await chat.post(1, **({"urgent": True} if number in urgent else {}))
        lists = {
            row["id"]: json.loads(row["payload"])["posts"] for row in await chat.rows("bundle")
        }
    await db.close()
    lines = [post[0] for id, posts in lists.items() for post in posts[: shown[id]]]
    counts = Counter([*(post for _, post in alone), *lines])
    assert counts == Counter(f"tg:1/{number}" for number in range(len(gaps)))
    assert all(len(posts) <= bursts.MOST_LINES for posts in lists.values())
    assert not {f"tg:1/{number}" for number in urgent} & set(lines)
    calm = [at for at, post in alone if int(post.removeprefix("tg:1/")) not in urgent]
    for at in calm:
        assert sum(at - timedelta(minutes=1) < other <= at for other in calm) <= limit


async def test_who_wants_no_lists_any_more_goes_on_without_the_one_that_grew(chat: Chat) -> None:
    await chat.post(5)
    await chat.deliver()
    await subscribers.update_subscriber(chat.tx, CHAT, burst_after=0)
    await chat.post(5)
    assert kinds(await chat.deliver()) == "aaaaa"
    await subscribers.update_subscriber(chat.tx, CHAT, burst_after=1)
    await chat.post(2)
    assert told(await chat.deliver()) == [["10", "11"]]


async def test_a_group_that_moves_is_told_what_its_list_did_not_show(chat: Chat) -> None:
    await chat.post(5)
    await chat.deliver()
    await chat.post(2)
    await chat.deliver()
    await moving.move_chat(chat.tx, CHAT, CHAT + 1)
    rows = await chat.tx.fetch_all(
        "SELECT post FROM whole_delivery WHERE state = 'queued' ORDER BY id"
    )
    assert [row["post"] for row in rows] == ["tg:1/5", "tg:1/6"]


async def test_a_line_is_a_message_for_what_comes_of_its_story(chat: Chat) -> None:
    await chat.post(5)
    await chat.deliver()
    story = "tg:1/4"
    (made,) = await chat.rows("bundle")
    assert await folded.find_message(chat.tx, CHAT, [story], story) == made["message_id"]
    assert [one.post for one in (await folded.list_told(chat.tx, [story]))[CHAT, None, story]] == [
        story
    ]
    for _ in range(2):  # an edit that waits shows it too
        assert await updates.add_updates(chat.tx, {story}, now=chat.now) == 1
    (edit,) = await chat.rows("update")
    assert (json.loads(edit["payload"]), edit["after"]) == ({"lines": 2}, 10)
    await updates.close_target(chat.tx, made["id"])
    assert await folded.find_message(chat.tx, CHAT, [story], story) is None
    assert await folded.list_told(chat.tx, [story]) == {}


async def test_what_is_no_alert_makes_no_burst(chat: Chat) -> None:
    await chat.post(1)
    (alert,) = await chat.deliver()
    chat.now += 61 * SECOND
    assert await updates.add_updates_of(chat.tx, [alert.id], now=chat.now) == 1
    chat.now += 61 * SECOND
    await chat.post(3)
    assert kinds(await chat.deliver()) == "aaau"


async def test_a_list_that_its_reader_deleted_is_edited_no_more(chat: Chat) -> None:
    await chat.post(5)
    await chat.deliver()
    (made,) = await chat.rows("bundle")
    since = chat.now - SECOND
    story = ["tg:1/4"]
    assert await bursts.list_of_stories(chat.tx, story, since=since) == [made["id"]]
    assert await bursts.list_of_stories(chat.tx, ["tg:1/0"], since=since) == []
    assert await bursts.list_of_stories(chat.tx, story, since=chat.now) == []
    await updates.close_target(chat.tx, made["id"])
    assert await bursts.list_of_stories(chat.tx, story, since=since) == []


async def test_a_list_that_its_reader_deleted_takes_no_more_lines(chat: Chat) -> None:
    await chat.post(4)
    assert kinds(await chat.deliver()) == "aaab"
    (made,) = await chat.rows("bundle")
    await updates.close_target(chat.tx, made["id"])
    await chat.post(2)
    assert kinds(await chat.deliver()) == "b"
    assert await chat.rows("update") == []


async def test_a_line_says_all_that_its_alert_did(chat: Chat) -> None:
    await chat.post(4, follows="tg:1/0", fresh=((2, 5),))
    line = (await chat.deliver())[3].listed.posts[0]
    assert (line.doc_id, line.story, line.fresh) == ("tg:1/3", "tg:1/3", ((2, 5),))
    assert line.alerts == ((1, "oil"),)


async def test_when_a_list_ends_only_what_no_edit_has_shown_is_queued_again(chat: Chat) -> None:
    await chat.post(4)
    await chat.deliver()
    for _ in range(2):
        await chat.post(2)
        await chat.deliver()
        chat.now += 10 * SECOND
        assert [row.kind for row in await chat.deliver()] == ["update"]
    await chat.post(1)
    await chat.deliver()
    (made,) = await chat.rows("bundle")
    await bursts.end(chat.tx, made["id"])
    keys = [f"alert:{CHAT}:tg:1/{number}" for number in range(9)]
    found = [await outbox.find_delivery(chat.tx, key) for key in keys]
    assert [row.state for row in found if row is not None] == [
        *["sent"] * 3,
        *["bundled"] * 5,
        "queued",
    ]


@pytest.mark.parametrize(
    ("came", "seconds", "sent"),
    [
        ("sent", 0, "aab"),
        ("sent", 59, "aab"),
        ("sent", 60, "aaa"),
        ("under way", 0, "aab"),
        ("a line", 59, "aab"),
        ("in another message", 59, "aaa"),
        ("never sent", 0, "aaa"),
        ("expired", 0, "aaa"),
        ("a list of what was missed", 59, "aab"),
        ("a list of what was missed", 60, "aaa"),
        ("a list of what came too fast", 0, "aaa"),
        ("an answer", 0, "aaa"),
    ],
)
async def test_what_came_within_a_minute_counts_once(
    chat: Chat, came: str, seconds: int, sent: str
) -> None:
    lists = {"a list of what was missed": "late", "a list of what came too fast": bursts.BURST}
    if came in lists or came == "an answer":
        kind, payload = ("bundle", EMPTY) if came in lists else ("answer", DONE)
        await chat.add("other", kind=kind, payload=payload, bundle=lists.get(came))
    else:
        await chat.post(1, expires_at=chat.now if came == "expired" else None)
    (row,) = await outbox.list_deliveries(chat.tx, [1])
    match came:
        case "never sent":
            await outbox.drop(chat.tx, row.id, now=chat.now)
        case "expired":
            await outbox.expire(chat.tx, now=chat.now)
        case "under way":
            assert [row.id for row in await chat.claim()] == [row.id]
        case _:
            await mark_sent(chat.tx, row.id, 41, chat.now)
    if came == "a line":
        await chat.tx.execute("UPDATE delivery SET state = 'bundled', target = 1")
    elif came == "in another message":
        await chat.tx.execute("UPDATE delivery SET state = 'bundled'")
    chat.now += seconds * SECOND
    await chat.post(3)
    assert kinds(await chat.claim()) == sent


@pytest.mark.parametrize(
    ("fields", "is_line"),
    [
        ({}, True),
        ({"due_at": SECOND}, False),
        ({"expires_at": 0 * SECOND}, False),
        ({"expires_at": SECOND}, True),
        ({"bundle": "late"}, False),
        ({"kind": "answer", "payload": DONE}, False),
        ({"chat_id": CHAT + 1}, False),
        ({"payload": AlertPayload(doc_id="tg:1/x", urgent=True)}, False),
        ({"payload": AlertPayload(doc_id="tg:1/x", change="deleted")}, False),
    ],
)
async def test_a_list_takes_what_is_due_and_may_wait(
    chat: Chat, fields: dict[str, Any], is_line: bool
) -> None:
    chat.limit = 1
    await chat.post(3)  # As many as a claim takes of a chat: the other is found by the list alone.
    other = {
        name: chat.now + value if isinstance(value, timedelta) else value
        for name, value in fields.items()
    }
    plain = {"payload": AlertPayload(doc_id="tg:1/x"), "story": "tg:1/x", "priority": 3}
    await chat.add("other", **{**plain, **other})
    (sent,) = [row for row in await chat.claim() if row.kind == "bundle"]
    assert told([sent]) == [["1", "2", *["x"] * is_line]]


@pytest.mark.parametrize(
    ("change", "is_edited"),
    [
        ("state = 'sent'", True),
        ("versions = 59", True),
        ("versions = 60", False),
        ("closed = 1", False),
        ("message_id = NULL", False),
        ("state = 'queued', leased_until = 1", True),
        ("state = 'queued', leased_until = NULL", False),
        ("state = 'dead'", False),
        ("kind = 'answer'", False),
    ],
)
async def test_lists_that_are_out_or_under_way_are_edited_for_what_comes_of_their_stories(
    chat: Chat, change: str, is_edited: bool
) -> None:
    await chat.post(5)
    (made,) = [row.id for row in await chat.deliver() if row.kind == "bundle"]
    await chat.tx.execute(f"UPDATE delivery SET {change} WHERE id = {made}")  # noqa: S608
    stories = ["tg:1/3", "tg:1/4"]
    found = await bursts.list_of_stories(chat.tx, stories, since=chat.now - SECOND)
    assert found == [made] * is_edited
    if change == "state = 'sent'":
        await subscribers.update_subscriber(chat.tx, CHAT, active=False)
        assert await bursts.list_of_stories(chat.tx, stories, since=chat.now - SECOND) == []


async def test_edits_of_a_list_come_one_in_ten_seconds_each_under_its_own_key(chat: Chat) -> None:
    await chat.post(5)
    await chat.deliver()
    since = chat.now - SECOND
    for second in (4, 9, 10, 11, 20, 45):
        chat.now = since + (second + 1) * SECOND
        stories = ["tg:1/3", "tg:1/4"]
        assert await bursts.refresh(chat.tx, stories, since=since, now=chat.now) == 1
        await chat.deliver()
    assert await bursts.refresh(chat.tx, ["tg:1/0"], since=since, now=chat.now) == 0
    edits = await chat.rows("update")
    assert [row["after"] + 45 for row in edits] == [10, 20, 45]
    assert [json.loads(row["payload"]) for row in edits] == [{"lines": 2}] * 3
    assert [row["versions"] for row in await chat.rows("bundle")] == [3]
    assert [row["key"].rsplit(":", 1)[-1] for row in edits] == ["1", "2", "3"]


async def test_only_a_list_of_what_came_too_fast_ends(chat: Chat) -> None:
    await chat.add("late", kind="bundle", payload=ListPayload(posts=(), rows=(1, 2)), bundle="late")
    before = await chat.rows("bundle")
    for id in (1, 99):
        await bursts.end(chat.tx, id)
    assert await chat.rows("bundle") == before
    await chat.post(5)
    (made,) = [row for row in await chat.deliver() if row.bundle == bursts.BURST]
    await bursts.end(chat.tx, made.id)
    assert (await subscribers.get_subscriber(chat.tx, CHAT)).growing is None


async def test_a_list_that_is_heard_ends_the_message_that_would_say_how_many_came(
    chat: Chat,
) -> None:
    chat.limit = 1
    await chat.post(2)
    await chat.deliver()
    await chat.add("later", kind="answer", payload=DONE, due_at=chat.now + 60 * SECOND)
    await chat.post(30)
    sent = await chat.deliver()
    assert kinds(sent) == "b"
    (tally,) = await chat.rows("tally")
    assert (tally["state"], tally["finished_at"] is None) == ("dropped", False)
    assert [row["state"] for row in await chat.rows("answer")] == ["queued"]


async def test_of_two_lists_that_begin_at_once_the_last_goes_on(chat: Chat) -> None:
    await chat.post(25)
    await chat.deliver()
    for posts in (2, 17, 1):
        chat.now += 20 * SECOND
        await chat.post(posts)
        await chat.deliver()
    lists = [json.loads(row["payload"])["posts"] for row in await chat.rows("bundle")]
    assert [len(posts) for posts in lists] == [20, 20, 2]


async def test_a_list_that_is_under_way_is_edited_ten_seconds_later(chat: Chat) -> None:
    chat.limit = 1
    await chat.post(3)
    assert kinds(await chat.claim()) == "ab"
    since = chat.now - SECOND
    assert await bursts.refresh(chat.tx, ["tg:1/2"], since=since, now=chat.now) == 1
    assert [row["after"] for row in await chat.rows("update")] == [10]


async def test_what_is_never_to_be_sent_is_no_line(chat: Chat) -> None:
    chat.limit = 1
    await chat.post(4)
    assert await outbox.drop(chat.tx, 4, now=chat.now)
    assert told([row for row in await chat.claim() if row.kind == "bundle"]) == [["1", "2"]]


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        ("state = state", "123"),
        ("leased_until = due_at", "12"),
        ("tried_at = due_at", "012"),  # It counts as one that comes alone.
        ("state = 'dead'", "12"),
        ("state = 'dropped'", "12"),
    ],
)
async def test_what_is_under_way_alone_is_no_line(chat: Chat, change: str, lines: str) -> None:
    chat.limit = 1
    await chat.post(4)
    claimed = await outbox.claim_due(
        chat.tx, now=chat.now, limit=3, lease_until=chat.now + 60 * SECOND
    )
    assert [row.id for row in claimed] == [1, 2, 3]
    await chat.tx.execute(f"UPDATE delivery SET {change} WHERE id = 4")  # noqa: S608
    (listed,) = [
        row
        for row in await bursts.gather(
            chat.tx,
            claimed,
            await subscribers.list_by_chat(chat.tx, [CHAT]),
            burst_after=1,
            is_quiet=lambda *_: False,
            now=chat.now,
            lease_until=chat.now + 60 * SECOND,
        )
        if row.kind == "bundle"
    ]
    assert told([listed]) == [list(lines)]


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ("state = state", "dropped"),
        ("leased_until = due_at", "queued"),
        ("state = 'sent'", "sent"),
        ("state = 'dead'", "dead"),
        ("chat_id = 6", "queued"),
    ],
)
async def test_only_a_count_of_the_chat_that_is_not_under_way_is_dropped_for_a_list_that_is_heard(
    chat: Chat, change: str, state: str
) -> None:
    chat.limit = 1
    counted = TallyPayload(count=2)
    await chat.add("count", kind="tally", payload=counted, due_at=chat.now + 60 * SECOND)
    await chat.tx.execute(f"UPDATE delivery SET {change} WHERE kind = 'tally'")  # noqa: S608
    await chat.post(2)
    assert "b" in kinds(await chat.claim())
    assert [row["state"] for row in await chat.rows("tally")] == [state]


@pytest.mark.parametrize(
    ("change", "is_shown"),
    [
        ("state = 'sent'", True),
        ("state = 'queued'", False),
        ("leased_until = due_at, state = 'queued'", False),
        ("state = 'dead'", False),
    ],
)
async def test_only_an_edit_that_is_out_has_shown_its_lines(
    chat: Chat, change: str, is_shown: bool
) -> None:
    await chat.post(4)
    await chat.deliver()
    await chat.post(1)
    await chat.claim()
    await chat.tx.execute(f"UPDATE delivery SET {change} WHERE kind = 'update'")  # noqa: S608
    (made,) = await chat.rows("bundle")
    await bursts.end(chat.tx, made["id"])
    row = await outbox.find_delivery(chat.tx, f"alert:{CHAT}:tg:1/4")
    assert row is not None
    assert row.state == ("bundled" if is_shown else "queued")


@pytest.mark.parametrize("state", ["sent", "dead", "dropped", "gone"])
async def test_a_line_that_is_no_line_any_more_is_not_queued_again(chat: Chat, state: str) -> None:
    await chat.post(5)
    await chat.deliver()
    await chat.tx.execute("UPDATE delivery SET state = ? WHERE id = 4", (state,))
    (made,) = await chat.rows("bundle")
    await bursts.end(chat.tx, made["id"], is_refused=True)
    rows = await outbox.list_deliveries(chat.tx, [4, 5])
    assert [row.state for row in rows] == [state, "queued"]


@pytest.mark.parametrize(
    ("change", "lists"),
    [
        ("state = state", 1),
        ("state = 'queued', message_id = NULL", 1),
        ("message_id = NULL", 2),
        ("closed = 1", 2),
        ("state = 'queued', closed = 1", 2),
        ("state = 'dead'", 2),
        ("state = 'gone'", 2),
    ],
)
async def test_a_list_takes_more_lines_only_while_it_can_be_edited(
    chat: Chat, change: str, lists: int
) -> None:
    await chat.post(4)
    await chat.deliver()
    await chat.tx.execute(f"UPDATE delivery SET {change} WHERE kind = 'bundle'")  # noqa: S608
    await chat.post(1)
    await chat.claim()
    assert len(await chat.rows("bundle")) == lists


async def test_each_topic_has_a_list_of_its_own(chat: Chat) -> None:
    await chat.post(4)
    await chat.post(2, topic=12)
    sent = await chat.deliver()
    lists = [row for row in sent if row.kind == "bundle"]
    assert sorted((row.topic or 0, len(row.listed.posts)) for row in lists) == [(0, 1), (12, 2)]
    for round in range(2):
        chat.now += 2 * SECOND
        await chat.post(1, topic=12)
        await chat.post(1)
        await chat.post(1, topic=13)
        made = [row for row in await chat.deliver() if row.kind == "bundle"]
        assert [row.topic for row in made] == ([13] if round == 0 else [])
    rows = await outbox.list_deliveries(chat.tx, [row["id"] for row in await chat.rows("bundle")])
    grown = {row.topic: len(row.listed.posts) for row in rows}
    assert grown == {None: 3, 12: 4, 13: 2}
    assert {row["topic"] for row in await chat.rows("tally")} <= {None, 12, 13}


@pytest.mark.parametrize("topic", [None, 12, 13])
async def test_a_list_of_any_topic_ends(chat: Chat, topic: int | None) -> None:
    await chat.post(4)
    await chat.post(2, topic=12)
    await chat.post(2, topic=13)
    (former,) = [one for one in await chat.deliver() if one.kind == "bundle" and one.topic == topic]
    await chat.post(1, topic=topic)
    await chat.deliver()
    await bursts.end(chat.tx, former.id)
    made = [one for one in await chat.deliver() if one.kind == "bundle"]
    assert [one.topic for one in made] == [topic]
    assert told(made) == [["8"]]
    assert made[0].id > former.id
    await chat.post(1, topic=topic)
    assert not [one for one in await chat.deliver() if one.kind == "bundle"]


async def test_no_line_of_general_comes_to_a_list_in_a_topic_that_was_left(chat: Chat) -> None:
    await chat.post(3)
    await chat.post(2, topic=12)
    (former,) = [one for one in await chat.deliver() if one.kind == "bundle"]
    assert former.topic == 12
    await topics.leave_topic(chat.tx, CHAT, 12)
    await chat.post(1)
    (made,) = [one for one in await chat.deliver() if one.kind == "bundle"]
    assert (made.topic, told([made])) == (None, [["5"]])
