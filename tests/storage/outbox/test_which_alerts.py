"""Which alerts and lists each question about what was told means, among rows of every kind: as a
rule of Python says it."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import pytest

from storage import payloads, times
from storage.connection import Connection, Database
from storage.outbox import bursts, changes, held, new_rows, traces, updates
from storage.payloads import AlertPayload
from storage.records import Alert
from storage.stories import folded
from storage.structs import replace
from storage.subscribers import subscribers

NOW = datetime(2026, 5, 1, 12, 0, 0, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
CHATS = (5, 6)
"""The second one has left."""
LISTS = range(1, 61)
PLAIN = AlertPayload(doc_id="x", alerts=((1, "q"),))
PAYLOADS = (
    PLAIN,
    replace(PLAIN, once=True),
    replace(PLAIN, alerts=((2, "p"),)),
    replace(PLAIN, alerts=((2, "p"), (1, "q"))),
    replace(PLAIN, urgent=True),
    replace(PLAIN, change="edited"),
)
ALERTS = range(61, 1801)

Fields: TypeAlias = dict[str, Any]


def at(hours: float) -> int:
    """A time so long after now, as it is stored."""
    return times.to_epoch(NOW + hours * HOUR)


def row(chance: random.Random, id: int, kind: str, states: tuple[str, ...]) -> Fields:
    """A row that nobody would queue but that may be there: each field by chance."""
    state = chance.choice(states)
    is_queued = state == "queued"
    return {
        "id": id, "chat_id": chance.choice(CHATS), "kind": kind, "key": f"k{id}:", "random_id": id,
        "told_post": None, "payload": "{}", "priority": 1, "due_at": at(chance.choice((-1, 0, 1))),
        "state": state, "leased_until": at(1) if is_queued and chance.random() < 0.5 else None,
        "message_id": id if state == "sent" and chance.random() < 0.8 else None,
        "created_at": at(chance.choice((-49, -48, -1))), "closed": chance.choice((0, 0, 1, 2)),
        "finished_at": None if is_queued else at(chance.choice((-2, -1))),
        "bundle": chance.choice((None, "held:1")), "target": None,
        "versions": chance.choice((0, 5, 6, 9, 10, 59, 60, 199, 200)),
        "tried_at": None, "topic": chance.choice((None, 7)),
    }  # fmt: skip


def population() -> dict[int, Fields]:
    """Lists, alerts of posts (``told_post`` numbers both post and story), and updates of them."""
    chance = random.Random(7)  # noqa: S311
    rows = [row(chance, id, "bundle", ("queued", "sent", "sent", "dead")) for id in LISTS]
    for one in rows:
        one["bundle"] = chance.choice(("burst", "held:1"))
        one["payload"] = '{"posts":[]}'
    for id in ALERTS:
        kind = chance.choice(("alert", "alert", "alert", "digest"))
        made = row(chance, id, kind, ("queued", "sent", "sent", "dead", "bundled", "bundled"))
        made["told_post"] = chance.choice((1, 2, 3, 4))
        made["payload"] = payloads.write(chance.choice(PAYLOADS))
        if made["state"] == "bundled":
            made["target"] = chance.choice(LISTS)
        rows.append(made)
    for id in range(1801, 2001):
        made = row(chance, id, chance.choice(("update", "update", "tally")), ("queued", "sent"))
        rows.append(made | {"target": chance.choice(chance.choice((ALERTS, LISTS)))})
    return {one["id"]: one for one in rows}


ROWS = population()
STORIES = {1: "s:1", 2: "s:1", 3: "s:2", 4: None}
POSTS = {number: f"tg:7/{number}" for number in STORIES}
OF_ALERTS = [one for one in ROWS.values() if one["kind"] == "alert"]


def is_out(one: Fields) -> bool:
    """Sent under a number that is known."""
    return one["state"] == "sent" and one["message_id"] is not None


def may_be_out(one: Fields) -> bool:
    return is_out(one) or (one["state"] == "queued" and one["leased_until"] is not None)


def stands(one: Fields, most: int, since: float) -> bool:
    is_open = one["closed"] == 0 and one["created_at"] > at(since) and one["versions"] < most
    return is_open and one["chat_id"] == CHATS[0] and may_be_out(one)


WAITING = {
    one["target"]
    for one in ROWS.values()
    if one["kind"] == "update" and one["state"] == "queued" and one["leased_until"] is None
}


def takes_an_update(one: Fields) -> bool:
    most = 200 if "once" in one["payload"] else 10
    return one["kind"] == "alert" and stands(one, most, -48) and one["id"] not in WAITING


def is_told(one: Fields) -> bool:
    """A chat has it, or will, for all that is known."""
    if one["state"] == "bundled":
        return bool(ROWS[one["target"]]["state"] != "dead" and one["closed"] != 1)
    return bool(one["state"] in ("queued", "sent") and one["closed"] != 1)


@pytest.fixture
async def filled(database: Database) -> Database:
    names = [name for name in ROWS[1] if name != "id"]  # They are given in this order.
    marks = ", ".join("?" * len(names))
    async with database.transaction() as tx:
        for chat_id in CHATS:
            await subscribers.add_subscriber(tx, chat_id=chat_id, now=NOW)
        await subscribers.deactivate(tx, CHATS[1])
        await tx.execute_many(
            "INSERT INTO told_post (id, name, post, story) VALUES (?, ?, ?, ?)",
            [(number, f"n{number}", POSTS[number], STORIES[number]) for number in STORIES],
        )
        await tx.execute_many(
            f"INSERT INTO delivery ({', '.join(names)}) VALUES ({marks})",  # noqa: S608
            [tuple(one[name] for name in names) for one in ROWS.values()],
        )
    return database


def ids(rule: Callable[[Fields], bool]) -> set[int]:
    return {one["id"] for one in ROWS.values() if rule(one)}


async def grown(tx: Connection) -> set[int]:
    """The rows of which one more version is counted."""
    found = await tx.fetch_all("SELECT id, versions FROM delivery")
    return {
        one["id"]
        for one in found
        if one["id"] in ROWS and one["versions"] == ROWS[one["id"]]["versions"] + 1
    }


async def test_updates_are_queued_of_what_is_out_and_may_be_edited(filled: Database) -> None:
    async with filled.transaction() as tx:
        added = await updates.add_updates_of(tx, list(ROWS), now=NOW)
        assert await grown(tx) == ids(takes_an_update)
        assert added == len(ids(takes_an_update)) > 10
        assert await updates.add_updates_of(tx, list(ROWS), now=NOW) == 0


async def test_updates_are_queued_of_the_stories_that_are_named(filled: Database) -> None:
    async with filled.transaction() as tx:
        await updates.add_updates(tx, ["s:1"], now=NOW)
        expected = ids(lambda one: takes_an_update(one) and STORIES[one["told_post"]] == "s:1")
        assert await grown(tx) - set(LISTS) == expected


async def test_lists_are_known_by_the_stories_of_their_lines(filled: Database) -> None:
    lines = {
        one["target"]
        for one in OF_ALERTS
        if one["state"] == "bundled" and STORIES[one["told_post"]] == "s:2"
    }
    for since in (-49, -48):
        expected = {id for id in lines if stands(ROWS[id], 60, since)}
        async with filled.reader() as conn:
            found = await bursts.list_of_stories(conn, ["s:2"], since=NOW + since * HOUR)
        assert (set(found), len(found)) == (expected, len(expected))
        assert len(expected) > 2


async def test_a_message_that_was_deleted_is_edited_no_more(filled: Database) -> None:
    closed = ids(lambda one: one["closed"] == 1)
    async with filled.transaction() as tx:
        for id in LISTS:
            await updates.close_target(tx, id)
            closed.add(id)
            if ROWS[id]["message_id"] is not None:
                closed |= {line["id"] for line in ROWS.values() if line["target"] == id}
            met = {*LISTS, *ALERTS}
            found = await tx.fetch_all("SELECT id FROM delivery WHERE closed = 1")
            assert {one["id"] for one in found} & met == closed & met
        gone = await tx.fetch_all("SELECT id FROM delivery WHERE state = 'dropped'")
        assert {one["id"] for one in gone} == ids(
            lambda one: one["target"] in LISTS and one["state"] == "queued"
        )


async def test_what_chats_were_told_of_stories(filled: Database) -> None:
    async with filled.reader() as conn:
        told = await folded.list_told(conn, ["s:1", "s:2", "none"])
    found = [
        (chat, topic, story, one.post, one.is_open)
        for (chat, topic, story), every in told.items()
        for one in every
    ]
    expected = [
        (
            one["chat_id"],
            one["topic"],
            STORIES[one["told_post"]],
            POSTS[one["told_post"]],
            one["closed"] == 0
            and one["state"] != "bundled"
            and one["bundle"] is None
            and one["versions"] < 6,
        )
        for one in OF_ALERTS
        if STORIES[one["told_post"]] is not None and is_told(one)
    ]
    assert sorted(found, key=repr) == sorted(expected, key=repr)


async def test_which_message_of_a_chat_told_of_a_post(filled: Database) -> None:
    async with filled.reader() as conn:
        for chat_id in CHATS:
            for topic in (None, 7):
                hosts = {
                    one["id"]: one["id"] if one["state"] == "sent" else one["target"]
                    for one in OF_ALERTS
                    if (one["chat_id"], one["topic"], one["told_post"]) == (chat_id, topic, 2)
                }
                out = {
                    id: ROWS[host]["message_id"]
                    for id, host in hosts.items()
                    if host and is_out(ROWS[host]) and ROWS[host]["closed"] == 0
                }
                found = await folded.find_message(conn, chat_id, ["s:1"], POSTS[2], topic=topic)
                assert found == out[max(out)]


@pytest.mark.slow
async def test_a_chats_message_is_known_by_its_number_and_what_it_was_told(
    filled: Database,
) -> None:
    async with filled.reader() as conn:
        for one in ROWS.values():
            sent = await traces.find_message(conn, CHATS[0], one["id"])
            is_its = one["chat_id"] == CHATS[0] and is_out(one) and one["closed"] != 2
            is_its = is_its and one["kind"] in ("alert", "bundle")
            assert (sent is not None and sent.id == one["id"]) is is_its
        found = await traces.list_traces(conn, CHATS[0], "s:1", {POSTS[1], POSTS[3]})
        about = ids(
            lambda one: (
                one["kind"] == "alert" and one["chat_id"] == CHATS[0] and one["told_post"] == 1
            )
        )
        assert [one.id for one in found] == sorted(about, reverse=True)[: traces.MOST]
        for hours in (-3, -2, -1):
            told = await traces.list_told(conn, CHATS[0], after=NOW + hours * HOUR)
            assert told == {
                POSTS[one["told_post"]]
                for one in OF_ALERTS
                if one["chat_id"] == CHATS[0] and (one["finished_at"] or 0) > at(hours)
            }


async def test_when_a_list_that_waits_is_due(filled: Database) -> None:
    def waits(one: Fields, bundle: str, hours: float) -> bool:
        is_free = one["state"] == "queued" and one["leased_until"] is None
        is_its = one["chat_id"] == CHATS[0] and one["bundle"] == bundle
        return is_free and is_its and one["due_at"] > at(hours)

    async with filled.reader() as conn:
        for bundle in ("held:1", "burst", "none"):
            for hours in (-2, -1, 0, 1):
                due = [one["due_at"] for one in ROWS.values() if waits(one, bundle, hours)]
                found = await changes.find_list_due(conn, CHATS[0], bundle, now=NOW + hours * HOUR)
                assert found == (times.from_epoch(min(due)) if due else None)


def told_by(one: Any) -> list[int]:
    """The alerts that a row is for."""
    told = payloads.read("alert", one["payload"])
    return told.alert_ids if isinstance(told, AlertPayload) else []


def is_held(one: Fields) -> bool:
    """Whether an alert of the first chat is held for later."""
    is_free = one["state"] == "queued" and one["leased_until"] is None
    is_its = one["kind"] == "alert" and one["chat_id"] == CHATS[0]
    return is_free and is_its and one["due_at"] > at(0) and one["bundle"] is not None


async def present(tx: Connection) -> dict[int, Fields]:
    names = [*ROWS[1]]
    found = await tx.fetch_all(f"SELECT {', '.join(names)} FROM delivery")  # noqa: S608
    return {one["id"]: {name: one[name] for name in names} for one in found if one["id"] in ROWS}


async def changed(tx: Connection) -> set[int]:
    return {id for id, one in (await present(tx)).items() if one != ROWS[id]}


async def test_what_is_held_for_an_alert_is_dropped_and_comes_back(filled: Database) -> None:
    held_rows = ids(lambda one: is_held(one) and 1 in told_by(one))
    alone = {id for id in held_rows if told_by(ROWS[id]) == [1]}
    async with filled.transaction() as tx:
        met = await held.drop_held(tx, CHATS[0], [1], now=NOW)
        assert (sorted(met), await changed(tx)) == (sorted(held_rows), held_rows)
        found = await present(tx)
        assert {id for id in held_rows if found[id]["state"] == "dropped"} == alone
        assert all(found[id]["finished_at"] == at(0) for id in alone)
        assert {*map(tuple, (told_by(found[id]) for id in held_rows - alone))} == {(2,)}
        await tx.execute("UPDATE delivery SET kind = 'digest' WHERE id = ?", (min(alone),))
        await tx.execute("UPDATE delivery SET leased_until = 1 WHERE id = ?", (max(alone),))
        alert = Alert(id=1, chat_id=CHATS[0], query="q", created_at=NOW)
        given = [*met, *ids(lambda one: one["state"] == "dead")]
        put = await held.put_back(tx, CHATS[0], given, alert, dropped_at=NOW)
        assert put == len(held_rows) - 2
        assert await changed(tx) == {min(alone), max(alone)}
    assert min(len(alone), len(held_rows - alone)) > 2


async def test_what_is_held_for_no_other_alert_is_held_longer(filled: Database) -> None:
    async with filled.transaction() as tx:
        expected = ids(lambda one: is_held(one) and told_by(one) == [1])
        assert await held.hold_until(tx, CHATS[0], [1], NOW + HOUR * 5, now=NOW) == len(expected)
        assert await changed(tx) == expected
        found = await present(tx)
        name = held.bundle_name(NOW + HOUR * 5)
        assert {(found[id]["due_at"], found[id]["bundle"]) for id in expected} == {(at(5), name)}


async def test_what_is_held_of_a_story_is_told_at_once_where_that_is_due(filled: Database) -> None:
    told = replace(PLAIN, doc_id="tg:7/9", alerts=((3, "r"),))
    new = new_rows.alert(CHATS[0], f"alert:{CHATS[0]}:tg:7/9", told, now=NOW, story="s:1")
    expected = ids(
        lambda one: is_held(one) and one["topic"] == 7 and STORIES[one["told_post"]] == "s:1"
    )
    async with filled.transaction() as tx:
        later = replace(new, bundle="held:2", topic=7)
        assert await held.bring_forward(tx, [later], now=NOW) == 0
        assert await held.bring_forward(tx, [replace(new, topic=7)], now=NOW) == len(expected) > 1
        assert await changed(tx) == expected
        found = await tx.fetch_all("SELECT * FROM whole_delivery WHERE bundle IS NULL")
        for one in found:
            if one["id"] in expected:
                assert told_by(one) == [3, *told_by(ROWS[one["id"]])]
                assert one["due_at"] == at(0)


@pytest.mark.parametrize("topic", [None, 7])
async def test_what_is_due_comes_to_the_list_of_its_topic(
    filled: Database, topic: int | None
) -> None:
    def comes(one: Fields) -> bool:
        told = payloads.read("alert", one["payload"])
        is_plain = isinstance(told, AlertPayload) and not (told.urgent or told.change)
        is_its = one["chat_id"] == CHATS[0] and one["topic"] == topic and one["kind"] == "alert"
        is_free = one["state"] == "queued" and one["leased_until"] is None
        return is_its and is_free and is_plain and one["due_at"] <= at(0) and one["bundle"] is None

    values = (CHATS[0], at(0), at(0), topic or 0)
    async with filled.transaction() as tx:
        found = await tx.fetch_all(bursts._DUE, values)
        expected = sorted(ids(comes))
        assert [one["id"] for one in found] == expected
        first, second, third, *_ = expected
        await tx.execute("UPDATE delivery SET tried_at = 1 WHERE id = ?", (first,))
        await tx.execute("UPDATE delivery SET expires_at = ? WHERE id = ?", (at(0), second))
        await tx.execute("UPDATE delivery SET expires_at = ? WHERE id = ?", (at(1), third))
        found = await tx.fetch_all(bursts._DUE, values)
        assert [one["id"] for one in found] == expected[2:]
        for after in LISTS:
            last = await tx.fetch_one(bursts._LAST_LIST, (CHATS[0], CHATS[0], after, topic or 0))
            lists = ids(
                lambda one, after=after: (  # type: ignore[misc]
                    one["kind"] == "bundle"
                    and (one["chat_id"], one["topic"], one["bundle"]) == (CHATS[0], topic, "burst")
                    and one["id"] > after
                )
            )
            assert last is not None
            assert last["id"] == (max(lists) if lists else None)
