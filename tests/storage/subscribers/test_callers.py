"""Who knocks at a private instance, the links that let in, and questions that wait."""

from datetime import datetime, timedelta

import pytest

from storage.connection import Connection
from storage.outbox import outbox, queueing
from storage.payloads import TextPayload
from storage.records import NewDelivery
from storage.subscribers import callers, links, questions, subscribers

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


async def test_who_wrote_is_known_as_they_are_now(tx: Connection, now: datetime) -> None:
    await callers.note_caller(tx, chat_id=2, now=now)
    await callers.note_caller(tx, chat_id=1, access_hash=9, username="ann", name="Ann", now=now)
    before = await callers.find_caller(tx, 1)
    assert before is not None
    assert (before.asked_at, before.denied_at, before.is_denied(now)) == (None, None, False)
    assert await callers.ask(tx, 1, now=now)
    await callers.note_caller(tx, chat_id=1, name="Bea", language="ru", now=now + HOUR)
    found = await callers.find_caller(tx, 1)
    assert found is not None
    assert (found.access_hash, found.username, found.name, found.language) == (9, None, "Bea", "ru")
    assert found.asked_at == now
    assert found.request != before.request
    assert await callers.find_by_request(tx, found.request) == found
    assert await callers.find_by_request(tx, before.request) is None
    other = await callers.find_caller(tx, 2)
    assert other is not None
    assert other.asked_at is None


async def test_who_was_denied_is_for_a_week(tx: Connection, now: datetime) -> None:
    for chat_id in (1, 2):
        await callers.note_caller(tx, chat_id=chat_id, now=now)
        await callers.ask(tx, chat_id, now=now)
    await callers.settle(tx, 1, denied_at=now)
    found, other = await callers.find_caller(tx, 1), await callers.find_caller(tx, 2)
    assert found is not None and other is not None
    assert (found.asked_at, found.denied_at) == (None, now)
    assert (other.asked_at, other.denied_at) == (now, None)
    assert found.is_denied(now + 7 * DAY - HOUR)
    assert not found.is_denied(now + 7 * DAY)
    await callers.ask(tx, 1, now=now + 8 * DAY)
    found = await callers.find_caller(tx, 1)
    assert found is not None
    assert (found.asked_at, found.denied_at) == (now + 8 * DAY, None)


async def test_so_many_requests_wait_and_so_many_callers_are_kept(
    tx: Connection, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callers, "PENDING", 2)
    monkeypatch.setattr(callers, "KEPT", 3)
    for chat_id in range(1, 4):
        await callers.note_caller(tx, chat_id=chat_id, now=now + chat_id * HOUR)
    assert [await callers.ask(tx, chat_id, now=now) for chat_id in (1, 2, 3)] == [True, True, False]
    await callers.settle(tx, 2, denied_at=now)
    for chat_id in range(4, 8):
        await callers.note_caller(tx, chat_id=chat_id, now=now + chat_id * HOUR)
    # Who asked, or was denied, is not forgotten for others.
    known = [n for n in range(1, 8) if await callers.find_caller(tx, n) is not None]
    assert known == [1, 2, 5, 6, 7]


async def test_the_person_with_a_name_is_who_wrote_last(tx: Connection, now: datetime) -> None:
    await callers.note_caller(tx, chat_id=1, username="Ann", now=now + HOUR)
    await subscribers.add_subscriber(tx, chat_id=2, username="ann", now=now)
    await subscribers.add_subscriber(tx, chat_id=-3, username="ann", now=now + 9 * HOUR)
    assert await callers.find_by_username(tx, "aNN") == 1
    await subscribers.add_subscriber(tx, chat_id=4, username="ann", now=now + 2 * HOUR)
    assert await callers.find_by_username(tx, "ann") == 4
    assert await callers.find_by_username(tx, "bea") is None


async def test_who_is_forgotten_is_not_told_of(tx: Connection, now: datetime) -> None:
    keys = {}
    for chat_id in (1, 2):
        await callers.note_caller(tx, chat_id=chat_id, now=now)
        found = await callers.find_caller(tx, chat_id)
        assert found is not None
        keys[chat_id] = f"notice:7:access:{found.request}"
    rows = [
        NewDelivery(
            payload=TextPayload(text="Somebody asks"),
            chat_id=7,
            kind=kind,
            key=key,
            priority=1,
            due_at=now,
            created_at=now,
        )
        for kind, key in (
            ("notice", keys[1]),
            ("notice", keys[2]),
            ("answer", f"{keys[1]}!"),
            ("notice", "trouble"),
        )
    ]
    await queueing.add_deliveries(tx, rows)
    await callers.remove_caller(tx, 1)
    left = [row.key for row in rows if await outbox.find_delivery(tx, row.key) is not None]
    assert left == [keys[2], f"{keys[1]}!", "trouble"]
    assert await callers.find_caller(tx, 1) is None
    assert await callers.find_caller(tx, 2) is not None


async def make(tx: Connection, now: datetime, **fields: object) -> str:
    given = {"kind": "invite", "made_by": 1, "people": 2, "now": now, "ends_at": now + DAY}
    return await links.add_link(tx, **{**given, **fields})  # type: ignore[arg-type]


async def test_an_invitation_lets_so_many_in_until_it_ends(tx: Connection, now: datetime) -> None:
    token, other = await make(tx, now), await make(tx, now)
    search = await make(tx, now, kind="search", target="oil", people=5)
    assert len(token) >= 22
    found = await links.find_link(tx, token, now=now)
    assert found is not None
    assert (found.kind, found.made_by, found.ends_at, found.people) == ("invite", 1, now + DAY, 2)
    assert not await links.use_invite(tx, token, now=now + DAY)
    assert not await links.use_invite(tx, search, now=now)
    used = [await links.use_invite(tx, token, now=now) for _ in range(3)]
    assert used == [True, True, False]
    left = await links.find_link(tx, other, now=now)
    assert left is not None
    assert left.people == 2
    assert await links.find_link(tx, token, now=now + DAY) is None
    # An invitation that nobody can use any more is not listed, nor one that has ended.
    assert [one.token for one in await links.list_links(tx, 1, now=now, invites=True)] == [other]
    assert await links.list_links(tx, 1, now=now + DAY, invites=True) == []


async def test_links_are_listed_newest_first_and_end_with_who_made_them(
    tx: Connection, now: datetime
) -> None:
    first = await make(tx, now, kind="search", target="oil", people=0)
    second = await make(tx, now + HOUR, kind="channel", target="77", people=0)
    theirs = await make(tx, now, kind="search", made_by=2, people=0)
    await make(tx, now)

    async def shown(by: int, at: datetime) -> list[str]:
        return [one.token for one in await links.list_links(tx, by, now=at, invites=False)]

    assert await shown(1, now) == [second, first]
    assert await shown(1, now + DAY) == [second]
    assert await links.remove_link(tx, first, 2, now=now) is None
    assert await links.remove_link(tx, first, 1, now=now) is not None
    assert await links.remove_link(tx, first, 1, now=now) is None
    await links.forget_chat(tx, 1)
    assert await shown(1, now) == []
    assert await shown(2, now) == [theirs]


async def test_the_latest_links_of_each_chat_are_kept(
    tx: Connection, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "KEPT", 2)
    theirs = await make(tx, now, made_by=2)
    over = await make(tx, now, made_by=2, ends_at=now + HOUR)
    mine = [await make(tx, now + n * HOUR, ends_at=now + 2 * DAY) for n in range(1, 4)]
    alive = [one for one in (theirs, over, *mine) if await links.find_link(tx, one, now=now)]
    assert alive == [theirs, *mine[1:]]


async def test_a_person_has_one_question_in_a_chat(tx: Connection, now: datetime) -> None:
    old = now - DAY

    async def ask(chat_id: int, sender_id: int, at: datetime = now) -> questions.Question:
        return await questions.ask(
            tx, chat_id=chat_id, sender_id=sender_id, command="alert", before="-", suggestion="oil",
            forgotten_before=old, now=at,
        )  # fmt: skip

    forgotten = await ask(9, 9, old - HOUR)
    kept = await ask(8, 8, old)
    first = await ask(1, 5)
    here, there, again = await ask(1, 6), await ask(2, 5), await ask(1, 5, now + HOUR)
    assert (again.command, again.before, again.suggestion) == ("alert", "-", "oil")
    assert (again.asked_at, again.answered_by) == (now + HOUR, None)
    assert await questions.find_question(tx, forgotten.id) is None
    assert await questions.find_question(tx, first.id) is None
    assert await questions.find_latest(tx, 1, 5) == again
    assert await questions.find_latest(tx, 1, 6) == here
    assert await questions.find_latest(tx, 2, 6) is None
    assert await questions.list_known(tx, since=old) == [kept, here, there, again]
    assert await questions.list_known(tx, since=now + HOUR) == [again]
    await questions.close(tx, again.id, answered_by=31)
    found = await questions.find_latest(tx, 1, 5)
    assert found is not None
    assert found.answered_by == 31
    assert await questions.find_question(tx, here.id) == here
    await questions.forget_chat(tx, 5)
    assert await questions.list_known(tx, since=old) == [kept, here]
    await questions.forget_chat(tx, 1)
    assert await questions.list_known(tx, since=old) == [kept]
