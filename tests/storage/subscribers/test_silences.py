"""Who asks for the silences of which channels."""

from datetime import timedelta

import pytest

from storage.channels import channels
from storage.subscribers import signals, silences, subscribers

DAY = timedelta(days=1)


@pytest.fixture
async def rows(tx, now) -> list[int]:
    """The rows of two watched channels; chats 1 and 2 are there."""
    for chat_id in (1, 2):
        await subscribers.add_subscriber(tx, chat_id=chat_id, now=now)
    made = [
        await channels.add_channel(tx, channel_id=number, username=f"name{number}", now=now)
        for number in (77, 78)
    ]
    return [one.id for one in made]


async def test_each_is_asked_for_once_and_forgotten_with_its_chat(tx, now, rows) -> None:
    first, second = rows
    assert await silences.add_silence(tx, 1, first, now=now)
    assert not await silences.add_silence(tx, 1, first, now=now)
    assert await silences.add_silence(tx, 1, second, now=now)
    assert await silences.add_silence(tx, 2, first, now=now)
    assert await signals.count_signals(tx, 1) == 2
    assert [one.channel for one in await silences.list_silences(tx, 1)] == [first, second]
    assert await silences.remove_silence(tx, 1, second)
    assert not await silences.remove_silence(tx, 1, second)
    await subscribers.remove_subscriber(tx, 1)
    assert await silences.list_silences(tx, 1) == []
    assert [one.chat_id for one in await silences.list_asked(tx)] == [2]


async def test_nobody_is_asked_for_by_a_stopped_chat_or_of_a_channel_not_watched(
    tx, now, rows
) -> None:
    first, second = rows
    for chat_id in (1, 2):
        for row in rows:
            await silences.add_silence(tx, chat_id, row, now=now)
    await subscribers.deactivate(tx, 2)
    await channels.remove_channel(tx, second)
    assert [(one.chat_id, one.channel) for one in await silences.list_asked(tx)] == [(1, first)]


async def test_what_was_told_is_known(tx, now, rows) -> None:
    await silences.add_silence(tx, 1, rows[0], now=now)
    (asked,) = await silences.list_asked(tx)
    assert (asked.told_of, asked.unread_of) == (None, None)
    await silences.note_told(tx, asked, now - DAY)
    await silences.note_unread(tx, asked, now)
    (asked,) = await silences.list_silences(tx, 1)
    assert (asked.told_of, asked.unread_of, asked.created_at) == (now - DAY, now, now)


async def test_one_that_was_made_again_is_what_there_is_now(tx, now, rows) -> None:
    for row in rows:
        await silences.add_silence(tx, 1, row, now=now)
    await silences.add_silence(tx, 2, rows[0], now=now)
    asked, other = await silences.list_silences(tx, 1)
    await silences.note_told(tx, asked, now - DAY)
    present = await silences.find_present(tx, asked)
    assert present is not None
    assert (present.id, present.told_of) == (asked.id, now - DAY)
    await silences.remove_silence(tx, 1, rows[0])
    assert await silences.find_present(tx, asked) is None
    assert await silences.find_present(tx, other) == other
    await silences.add_silence(tx, 1, rows[0], now=now + DAY)
    present = await silences.find_present(tx, asked)
    assert present is not None
    assert (present.created_at, present.told_of) == (now + DAY, None)


async def test_one_that_was_asked_for_anew_is_left_as_it_is(tx, now, rows) -> None:
    for row in rows:
        await silences.add_silence(tx, 1, row, now=now)
    assert await silences.remove_silence(tx, 1, rows[0], now=now)
    await silences.add_silence(tx, 1, rows[0], now=now + DAY)
    before = await silences.list_silences(tx, 1)
    assert await silences.restore_silence(tx, 1, rows[0], now=now + DAY)
    assert await silences.list_silences(tx, 1) == before
    # There is nothing left to put back.
    assert await silences.restore_silence(tx, 1, rows[0], now=now + DAY)
    assert not await silences.restore_silence(tx, 2, rows[0], now=now + DAY)
    assert await silences.list_silences(tx, 1) == before


@pytest.mark.parametrize("meanwhile", ["gone", "another's", "numbered"])
async def test_one_comes_back_for_the_same_channel_alone(tx, now, meanwhile: str) -> None:
    await subscribers.add_subscriber(tx, chat_id=1, now=now)
    channel = await channels.add_reference(tx, "https://t.me/+Harbour", now=now)
    await silences.add_silence(tx, 1, channel.id, now=now)
    assert await silences.remove_silence(tx, 1, channel.id, now=now)
    if meanwhile == "numbered":
        await channels.number_channel(tx, channel.id, 77)
    else:
        await channels.drop_reference(tx, channel.id)
    if meanwhile == "another's":
        await tx.execute(
            "INSERT INTO channel (id, channel_id, watched, added_at) VALUES (?, 88, 1, 0)",
            (channel.id,),
        )
    is_same = meanwhile == "numbered"
    assert await silences.restore_silence(tx, 1, channel.id, now=now) == is_same
    assert bool(await silences.list_silences(tx, 1)) == is_same


async def test_two_rows_that_are_one_channel_keep_who_asked(tx, now, rows) -> None:
    first, _ = rows
    other = await channels.add_channel(tx, username="quay", now=now)
    await silences.add_silence(tx, 1, first, now=now)
    await silences.add_silence(tx, 1, other.id, now=now)
    await silences.add_silence(tx, 2, other.id, now=now)
    kept = await channels.number_channel(tx, other.id, 77)
    asked = await silences.list_asked(tx)
    assert sorted((one.chat_id, one.channel) for one in asked) == [(1, kept.id), (2, kept.id)]
