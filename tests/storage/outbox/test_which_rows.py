"""Which rows each statement of the outbox means, among rows of every kind: as a rule of Python says
it, and all others stay as they are."""

import contextlib
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, NamedTuple, TypeAlias

import pytest

from storage import times
from storage.connection import Connection, Database
from storage.outbox import bundles, bursts, held, notices, outbox, sent_before, topics
from storage.outbox.bundles import Restored
from storage.subscribers import subscribers

CHAT, OTHER = 5, 6
NOW = datetime(2026, 5, 1, 12, 0, 0, 7, tzinfo=UTC)
DAY = timedelta(days=1)
PAYLOADS = {
    "answer": '{"text":"x"}', "notice": '{"text":"x"}', "digest": '{"text":"x"}',
    "alert": '{"doc_id":"tg:7/1"}', "update": "{}", "tally": '{"count":1}',
    "bundle": '{"posts":[]}',
}  # fmt: skip
STATES = ("queued", "sent", "dead", "dropped", "bundled", "gone")
HELD_KINDS = {"alert", "bundle", "digest", "update", "tally"}

Fields: TypeAlias = dict[str, Any]
"""A row as it stands in its table."""


def at(days: float) -> int:
    """A time so long after now, as it is stored."""
    return times.to_epoch(NOW + days * DAY)


def population() -> Iterator[Fields]:
    """Rows of every kind, state and time; what matters to few goes round among them."""
    every = product(
        (CHAT, OTHER), PAYLOADS, STATES, (None, -1, 1), (-2, 0, 2), (None, "held:1", "burst")
    )
    for number, (chat_id, kind, state, leased, due, bundle) in enumerate(every, start=1):
        is_queued = state == "queued"
        yield {
            "id": number, "chat_id": chat_id, "kind": kind, "key": f"{number}",
            "random_id": number, "payload": PAYLOADS[kind], "priority": number % 3,
            "due_at": at(due), "state": state, "attempts": 1 + number % 4, "last_error": None,
            "leased_until": None if leased is None or not is_queued else at(leased),
            "message_id": number if state == "sent" and number % 2 else None,
            "created_at": at(-3), "finished_at": None if is_queued else at(-(number % 4)),
            "expires_at": (None, at(-1), at(0), at(1), None)[number % 5],
            "bundle": bundle, "target": (None, 3, 4)[number % 3], "versions": 0,
            "closed": number % 3, "tried_at": (None, at(-1))[number % 2],
            "topic": (None, 7, 8)[number // 2 % 3],
        }  # fmt: skip


ROWS = list(population())


def is_free(row: Fields) -> bool:
    return row["leased_until"] is None or row["leased_until"] <= at(0)


def is_open(row: Fields) -> bool:
    return row["expires_at"] is None or row["expires_at"] > at(0)


def waits(row: Fields, *kinds: str) -> bool:
    of_kind = not kinds or row["kind"] in kinds
    return bool(row["chat_id"] == CHAT and row["state"] == "queued" and of_kind)


class Change(NamedTuple):
    """``do`` changes the rows that ``rule`` says, and no others, to what ``to`` says."""

    do: Callable[[Connection], Awaitable[object]]
    rule: Callable[[Fields], bool]
    to: Callable[[Fields], Fields]


async def each(tx: Connection, do: Callable[..., Awaitable[object]], *args: Any) -> None:
    """Every seventh row, which is a good mixture."""
    for row in ROWS[::7]:
        await do(tx, row["id"], *args)


def is_seventh(row: Fields) -> bool:
    return bool(row["id"] % 7 == 1)


def to(**fields: Any) -> Callable[[Fields], Fields]:
    return lambda _: fields


def newest_first(rule: Callable[[Fields], bool]) -> list[Fields]:
    return [row for row in reversed(ROWS) if rule(row)]


WAITING = newest_first(
    lambda row: waits(row, "notice") and row["leased_until"] is None and is_open(row)
)
TOLD = {row["id"] for row in WAITING[: notices.MOST]}
CHANGES = {
    "a lease is taken back": Change(
        lambda tx: outbox.release(tx, [row["id"] for row in ROWS]),
        lambda row: row["state"] == "queued" and row["leased_until"] is not None,
        lambda row: {"leased_until": None, "attempts": row["attempts"] - 1},
    ),
    "all leases end": Change(
        outbox.release_all,
        lambda row: row["state"] == "queued" and row["leased_until"] is not None,
        lambda row: {"leased_until": None, "attempts": row["attempts"] - 1},
    ),
    "all leases of a share end": Change(
        lambda tx: outbox.release_all(tx, {outbox.share_of(CHAT)}),
        lambda row: waits(row) and row["leased_until"] is not None,
        lambda row: {"leased_until": None, "attempts": row["attempts"] - 1},
    ),
    "all leases but one end": Change(
        lambda tx: outbox.release_others(tx, [4], {outbox.share_of(CHAT)}),
        lambda row: waits(row) and row["leased_until"] is not None and row["id"] != 4,
        lambda row: {"leased_until": None, "attempts": row["attempts"] - 1},
    ),
    "what expired is given up": Change(
        lambda tx: outbox.expire(tx, now=NOW),
        lambda row: row["state"] == "queued" and not is_open(row) and is_free(row),
        to(state="expired", leased_until=None, finished_at=at(0)),
    ),
    "messages are given up": Change(
        lambda tx: each(tx, outbox.mark_dead, "why"),
        lambda row: is_seventh(row) and row["state"] == "queued",
        to(state="dead", leased_until=None, last_error="why"),
    ),
    "messages are needed no more": Change(
        lambda tx: each(tx, outbox.mark_dropped, "why"),
        lambda row: is_seventh(row) and row["state"] == "queued",
        to(state="dropped", leased_until=None, last_error="why"),
    ),
    "messages are replaced": Change(
        lambda tx: each(tx, outbox.mark_replaced),
        lambda row: is_seventh(row) and row["state"] == "dead",
        to(state="dropped"),
    ),
    "messages are dropped by hand": Change(
        lambda tx: each(tx, lambda tx, id: outbox.drop(tx, id, now=NOW)),
        lambda row: (
            is_seventh(row)
            and (row["state"] == "dead" or (row["state"] == "queued" and is_free(row)))
        ),
        to(state="dropped", leased_until=None, finished_at=at(0)),
    ),
    "what was given up is tried again": Change(
        lambda tx: outbox.revive(tx, now=NOW),
        lambda row: row["state"] == "dead",
        to(state="queued", attempts=0, due_at=at(0), leased_until=None, expires_at=None,
           finished_at=None),
    ),
    "a chat has left": Change(
        lambda tx: outbox.mark_gone(tx, CHAT),
        lambda row: waits(row) and row["kind"] != "notice",
        to(state="gone", leased_until=None),
    ),
    "a chat that had left is back": Change(
        lambda tx: notices.return_gone(tx, CHAT, now=NOW),
        lambda row: (
            row["chat_id"] == CHAT
            and row["state"] == "gone"
            and row["kind"] not in ("answer", "notice")
            and (row["created_at"] > at(-7) if row["expires_at"] is None
                 else row["expires_at"] > at(0))
            and (row["target"] is None
                 or any(one["id"] == row["target"] and not one["closed"] for one in ROWS))
        ),
        to(state="queued", attempts=0, last_error=None),
    ),
    "a chat that had left wants nothing any more": Change(
        lambda tx: notices.drop_gone(tx, CHAT),
        lambda row: (
            row["chat_id"] == CHAT
            and row["state"] == "gone"
            and row["kind"] not in ("answer", "notice")
        ),
        to(state="dropped"),
    ),
    "a chat is told nothing that waits": Change(
        lambda tx: held.drop_all(tx, CHAT, now=NOW),
        lambda row: waits(row, *HELD_KINDS) and row["leased_until"] is None,
        to(state="dropped", finished_at=at(0)),
    ),
    "and is told it all the same": Change(
        lambda tx: held.put_all_back(tx, CHAT, dropped_at=NOW - DAY),
        lambda row: (
            row["chat_id"] == CHAT
            and row["state"] == "dropped"
            and row["finished_at"] == at(-1)
            and row["kind"] in HELD_KINDS
        ),
        to(state="queued", finished_at=None),
    ),
    "what is held for a time is held for another": Change(
        lambda tx: held.move_held(tx, CHAT, NOW + 2 * DAY, NOW + DAY, now=NOW),
        lambda row: (
            waits(row, "alert")
            and row["due_at"] == at(2)
            and row["leased_until"] is None
            and row["bundle"] is not None
        ),
        to(due_at=at(1), bundle=held.bundle_name(NOW + DAY)),
    ),
    "what was held until now is held no more": Change(
        lambda tx: held.move_held(tx, CHAT, NOW, NOW + DAY, now=NOW), lambda _: False, to()
    ),
    "notices are put off": Change(
        lambda tx: notices.hold_notices(tx, CHAT, reason="why"),
        lambda row: waits(row, "notice"),
        lambda row: {
            "due_at": at(7 - 3) if row["expires_at"] is None else row["expires_at"],
            "leased_until": None, "attempts": 0, "last_error": "why",
        },
    ),
    "notices are told, those before the latest twenty not": Change(
        lambda tx: notices.release_notices(tx, CHAT, now=NOW),
        lambda row: row in WAITING,
        lambda row: (
            {"due_at": at(0), "last_error": None}
            if row["id"] in TOLD
            else {"state": "expired", "finished_at": at(0)}
        ),
    ),
    "what may have been told before a restore is put into a list": Change(
        lambda tx: bundles.hold_doubtful(
            tx, Restored(at=NOW - DAY, told_at=NOW + DAY), now=NOW, expires_at=NOW + 9 * DAY
        ),
        lambda row: row["state"] == "queued" and row["kind"] == "alert" and row["due_at"] < at(-1),
        to(bundle="away", due_at=at(1), expires_at=at(9), leased_until=None, attempts=0,
           last_error=None),
    ),
    "and not what was due an hour ago": Change(
        lambda tx: bundles.hold_doubtful(
            tx, Restored(at=NOW, told_at=NOW), now=NOW + DAY / 24, expires_at=NOW + 9 * DAY
        ),
        lambda row: row["state"] == "queued" and row["kind"] == "alert" and row["due_at"] < at(0),
        to(bundle="away", due_at=at(1 / 24), expires_at=at(9), leased_until=None, attempts=0,
           last_error=None),
    ),
    "a topic is left": Change(
        lambda tx: topics.leave_topic(tx, CHAT, 7),
        lambda row: row["chat_id"] == CHAT and row["topic"] == 7,
        to(topic=None),
    ),
}  # fmt: skip


async def in_order(rows: Awaitable[list[tuple[int, int]]]) -> list[tuple[int, int]]:
    return sorted(await rows)


async def came(tx: Connection) -> dict[int, int]:
    return await bursts._count_came(tx, {CHAT: [], OTHER: []}, NOW)


def has_come(row: Fields) -> bool:
    """Within a minute before now; what is under way too."""
    if row["kind"] == "alert" and row["state"] == "queued":
        return row["tried_at"] is not None
    if row["finished_at"] is None or row["finished_at"] <= at(-1 / 1440):
        return False
    if row["kind"] == "alert":
        in_list = row["state"] == "bundled" and row["target"] is not None
        return bool(row["state"] == "sent" or in_list)
    is_other = row["kind"] == "bundle" and row["bundle"] != "burst"
    return bool(is_other and row["state"] == "sent")


def count(rule: Callable[[Fields], bool], chat_id: int) -> int:
    return sum(rule(row) for row in ROWS if row["chat_id"] == chat_id)


async def claimed(tx: Connection, **given: Any) -> set[int]:
    given = {"limit": 9999, **given}
    rows = await outbox.claim_due(tx, now=NOW, lease_until=NOW + DAY, **given)
    return {row.id for row in rows}


def may_go(row: Fields) -> bool:
    is_due = row["state"] == "queued" and row["due_at"] <= at(0)
    return bool(is_due and is_free(row) and is_open(row))


def ids(rule: Callable[[Fields], bool]) -> set[int]:
    return {row["id"] for row in ROWS if rule(row)}


def last_sent(rule: Callable[[Fields], bool]) -> int | None:
    found = [row["message_id"] for row in ROWS if row["message_id"] is not None and rule(row)]
    return found[-1] if found else None


async def find_topics(tx: Connection) -> list[int | None]:
    return [
        await topics.find_topic(tx, CHAT, row["message_id"])
        for row in ROWS
        if row["chat_id"] == CHAT and row["message_id"] is not None
    ]


LATEST = newest_first(lambda row: row["kind"] == "notice" and row["chat_id"] == CHAT)[0]
ASKED: dict[str, tuple[Callable[[Connection], Awaitable[object]], object]] = {
    "what is due": (claimed, ids(may_go)),
    "what is due and urgent": (
        lambda tx: claimed(tx, at_least=1),
        ids(lambda row: may_go(row) and row["priority"] <= 1),
    ),
    "what is due of a share": (
        lambda tx: claimed(tx, shares={outbox.share_of(OTHER)}),
        ids(lambda row: may_go(row) and row["chat_id"] == OTHER),
    ),
    "what is due of no share": (lambda tx: claimed(tx, shares=()), set()),
    "what is leased": (
        lambda tx: in_order(outbox.list_leased(tx)),
        sorted(
            (row["chat_id"], row["id"])
            for row in ROWS
            if row["state"] == "queued" and row["leased_until"] is not None
        ),
    ),
    "when the next is due": (outbox.next_due, NOW - 2 * DAY),
    "when the next of a share is due": (
        lambda tx: outbox.next_due(tx, {outbox.share_of(CHAT)}),
        NOW - 2 * DAY,
    ),
    "when the next of nobody is due": (lambda tx: outbox.next_due(tx, {11}), None),
    "what was queued last": (outbox.find_newest, len(ROWS)),
    "how many there are": (
        outbox.count_by_state,
        {state: sum(row["state"] == state for row in ROWS) for state in STATES},
    ),
    "what a topic's message is of": (
        find_topics,
        [
            row["topic"] if row["closed"] != 2 else None
            for row in ROWS
            if row["chat_id"] == CHAT and row["message_id"] is not None
        ],
    ),
    "what went out before a time": (
        lambda tx: sent_before.find_sent_before(tx, NOW - DAY, range(CHAT, CHAT + 1)),
        last_sent(lambda row: row["chat_id"] == CHAT and row["finished_at"] < at(-1)),
    ),
    "what went out to anybody before a time": (
        lambda tx: sent_before.find_sent_before(tx, NOW, range(1, 1000)),
        last_sent(lambda row: row["finished_at"] < at(0)),
    ),
    "what is known to be a row's": (
        lambda tx: sent_before.list_known(tx, CHAT, range(1, len(ROWS))),
        frozenset(
            row["id"]
            for row in ROWS[:-1]
            if row["message_id"] is not None and row["chat_id"] == CHAT
        ),
    ),
    "how many came within a minute": (came, {one: count(has_come, one) for one in (CHAT, OTHER)}),
    "why the last notice did not go": (
        lambda tx: notices.find_refusal(tx, CHAT),
        None if LATEST["state"] in ("queued", "sent") else "it was given up",
    ),
}


class _Undone(Exception): ...


@pytest.fixture
async def filled(database: Database) -> Database:
    """With rows of every kind."""
    names = list(ROWS[0])
    marks = ", ".join("?" * len(names))
    async with database.transaction() as tx:
        for chat_id in (CHAT, OTHER):
            await subscribers.add_subscriber(tx, chat_id=chat_id, now=NOW)
        await tx.execute_many(
            f"INSERT INTO delivery ({', '.join(names)}) VALUES ({marks})",  # noqa: S608
            [tuple(row.values()) for row in ROWS],
        )
    return database


async def read(tx: Connection) -> dict[int, Fields]:
    names = list(ROWS[0])
    found = await tx.fetch_all(f"SELECT {', '.join(names)} FROM delivery ORDER BY id")  # noqa: S608
    return {row["id"]: {name: row[name] for name in names} for row in found}


@pytest.mark.slow
async def test_each_statement_changes_the_rows_it_is_to_and_no_others(filled: Database) -> None:
    wrong = {}
    for name, change in CHANGES.items():
        with contextlib.suppress(_Undone):
            async with filled.transaction() as tx:
                await change.do(tx)
                present = await read(tx)
                wrong[name] = [
                    (row, present[row["id"]])
                    for row in ROWS
                    if present[row["id"]] != row | (change.to(row) if change.rule(row) else {})
                ][:2]
                raise _Undone
    assert {name: rows for name, rows in wrong.items() if rows} == {}


async def test_each_question_is_answered_of_the_rows_that_it_means(filled: Database) -> None:
    wrong = {}
    for name, (ask, answer) in ASKED.items():
        with contextlib.suppress(_Undone):
            async with filled.transaction() as tx:
                found = await ask(tx)
                if found != answer:
                    wrong[name] = (found, answer)
                raise _Undone
    assert wrong == {}


def test_each_rule_means_some_rows() -> None:
    none = [name for name, change in CHANGES.items() if not any(map(change.rule, ROWS))]
    assert none == ["what was held until now is held no more"]
