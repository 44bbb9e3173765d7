"""Channels that chats ask for: who may, what waits, and what was answered."""

from datetime import datetime, timedelta

import pytest

from storage.channels import wishes
from storage.connection import Connection
from storage.subscribers import subscribers

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
async def askers(tx: Connection, now: datetime) -> None:
    """The chats that ask."""
    for chat_id in (*range(1, 7), *range(100, 100 + wishes.PENDING)):
        await subscribers.add_subscriber(tx, chat_id=chat_id, now=now)


async def test_all_who_ask_for_one_channel_make_one_request(tx: Connection, now: datetime) -> None:
    first, is_first = await wishes.add_wish(tx, 1, "@Harbour", now=now)
    second, is_second = await wishes.add_wish(tx, 2, "@harbour", now=now)
    other, _ = await wishes.add_wish(tx, 1, "@mill", now=now)
    assert (is_first, is_second) == (True, False)
    assert first.request == second.request != other.request
    assert await wishes.list_asking(tx, first.request) == [first, second]
    assert await wishes.list_requests(tx, ["@HARBOUR", "@nobody"]) == [first.request]
    again, _ = await wishes.add_wish(tx, 1, "@Harbour", now=now)
    assert await wishes.list_asking(tx, first.request) == [second, again]


async def test_what_is_granted_or_denied_waits_no_more(tx: Connection, now: datetime) -> None:
    granted, _ = await wishes.add_wish(tx, 1, "@harbour", now=now)
    denied, _ = await wishes.add_wish(tx, 1, "@mill", now=now)
    open_one, _ = await wishes.add_wish(tx, 2, "@port", now=now)
    await wishes.grant(tx, granted.request)
    await wishes.deny(tx, denied.request, now=now)
    assert await wishes.list_requests(tx, ["@harbour", "@mill", "@port"]) == [open_one.request]
    assert await wishes.find_wish(tx, 1, "@harbour", now=now) is None
    for request in (granted.request, denied.request):
        assert await wishes.list_asking(tx, request) == []
    found = await wishes.find_wish(tx, 1, "@mill", now=now + 7 * DAY - timedelta(seconds=1))
    assert found is not None
    assert found.denied_at == now
    assert await wishes.find_wish(tx, 2, "@mill", now=now) is None
    assert await wishes.find_wish(tx, 1, "@mill", now=now + 7 * DAY) is None
    # What is answered stays answered.
    await wishes.deny(tx, denied.request, now=now + DAY)
    await wishes.grant(tx, denied.request)
    found = await wishes.find_wish(tx, 1, "@mill", now=now)
    assert found is not None
    assert found.denied_at == now


async def test_what_was_denied_long_ago_is_forgotten_when_somebody_asks(
    tx: Connection, now: datetime
) -> None:
    for number, when in enumerate((now - 8 * DAY, now - 6 * DAY)):
        wish, _ = await wishes.add_wish(tx, 5 + number, f"@mill_{number}", now=when)
        await wishes.deny(tx, wish.request, now=when)
    await wishes.add_wish(tx, 1, "@harbour", now=now)
    rows = await tx.fetch_all("SELECT target FROM wish ORDER BY target")
    assert [row["target"] for row in rows] == ["@harbour", "@mill_1"]
    # To the second a week later, and not before.
    for step, left in ((timedelta(seconds=1), ["@mill_1"]), (timedelta(0), [])):
        await wishes.add_wish(tx, 2, "@port", now=now + DAY - step)
        rows = await tx.fetch_all("SELECT target FROM wish WHERE denied_at IS NOT NULL")
        assert [row["target"] for row in rows] == left


async def test_who_asks_again_for_what_was_denied_them_asks_anew(
    tx: Connection, now: datetime
) -> None:
    wish, _ = await wishes.add_wish(tx, 1, "@mill", now=now)
    other, _ = await wishes.add_wish(tx, 2, "@mill", now=now)
    await wishes.deny(tx, wish.request, now=now)
    again, is_first = await wishes.add_wish(tx, 1, "@mill", now=now)
    assert is_first and again.request != wish.request
    assert await wishes.find_wish(tx, 1, "@mill", now=now) == again
    assert (await wishes.find_wish(tx, 2, "@mill", now=now)) is not None
    assert again.id != other.id


async def test_a_wish_is_taken_back_by_its_own_chat_while_it_waits(
    tx: Connection, now: datetime
) -> None:
    mine, _ = await wishes.add_wish(tx, 1, "@harbour", now=now)
    denied, _ = await wishes.add_wish(tx, 1, "@mill", now=now)
    await wishes.deny(tx, denied.request, now=now)
    assert await wishes.remove_wish(tx, 2, mine.id, now=now) is None
    assert await wishes.remove_wish(tx, 1, denied.id, now=now) is None
    assert await wishes.remove_wish(tx, 1, mine.id, now=now) == "@harbour"
    assert await wishes.remove_wish(tx, 1, mine.id, now=now) is None
    assert await wishes.find_wish(tx, 1, "@mill", now=now) is not None


async def test_one_chat_asks_for_few_and_all_for_not_too_many(
    tx: Connection, now: datetime
) -> None:
    assert (wishes.OPEN, wishes.PENDING, wishes.DENIED_FOR) == (3, 50, 7 * DAY)
    for number in range(wishes.OPEN):
        assert await wishes.may_ask(tx, 1)
        await wishes.add_wish(tx, 1, f"@mill_{number}", now=now)
    assert not await wishes.may_ask(tx, 1)
    assert await wishes.may_ask(tx, 2)
    wish, _ = await wishes.add_wish(tx, 1, "@mill_0", now=now)
    await wishes.deny(tx, wish.request, now=now)
    assert await wishes.may_ask(tx, 1)
    for number in range(wishes.PENDING - wishes.OPEN + 1):
        assert await wishes.may_ask(tx, 3)
        await wishes.add_wish(tx, 100 + number, "@port", now=now)
    assert not await wishes.may_ask(tx, 3)


@pytest.mark.parametrize("others", [0, 1, 2])
async def test_what_was_taken_back_is_asked_for_again_with_whoever_does_by_now(
    tx: Connection, now: datetime, others: int
) -> None:
    mine, _ = await wishes.add_wish(tx, 1, "@harbour", now=now)
    assert await wishes.find_removed(tx, 1, mine.id, now=now) is None
    await wishes.remove_wish(tx, 1, mine.id, now=now)
    asked = [(await wishes.add_wish(tx, 2 + n, "@harbour", now=now))[0] for n in range(others)]
    assert await wishes.find_removed(tx, 1, mine.id, now=now) == "@harbour"
    assert await wishes.find_removed(tx, 2, mine.id, now=now) is None
    assert await wishes.restore_wish(tx, 2, mine.id, now=now) == (None, False)
    back, is_first = await wishes.restore_wish(tx, 1, mine.id, now=now)
    assert back is not None
    assert (back.id, back.target, is_first) == (mine.id, "@harbour", not others)
    requests = {one.request for one in (back, *asked)}
    assert await wishes.list_requests(tx, ["@harbour"]) == [*requests]
    assert mine.request not in requests  # its buttons may have been answered
    assert await wishes.find_removed(tx, 1, mine.id, now=now) is None
    assert await wishes.restore_wish(tx, 1, mine.id, now=now) == (back, False)


async def test_of_what_was_taken_back_and_asked_for_anew_the_new_one_stands(
    tx: Connection, now: datetime
) -> None:
    mine, _ = await wishes.add_wish(tx, 1, "@harbour", now=now)
    await wishes.remove_wish(tx, 1, mine.id, now=now)
    anew, _ = await wishes.add_wish(tx, 1, "@harbour", now=now)
    assert await wishes.restore_wish(tx, 1, mine.id, now=now) == (anew, False)
    assert await wishes.list_asking(tx, anew.request) == [anew]
