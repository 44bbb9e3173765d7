"""``/silence``: asked for, listed, ended, asked for again, in the words of readers."""

from datetime import timedelta

import pytest

from storage.channels import channels
from storage.document import Channel
from storage.structs import replace
from storage.subscribers import silences

HARBOUR = Channel(id=100, username="harbour", title="Harbour News")
QUAY = Channel(id=101, username="quay", title="Quay")
HOUR = timedelta(hours=1)


@pytest.fixture
async def watched(post_weeks, now) -> None:
    """One channel that posts by day, up to now, and one that is new."""
    await post_weeks(HARBOUR, until=now, read_at=now)
    await post_weeks(QUAY, until=now, read_at=now, weeks=1)


async def test_it_is_asked_for_listed_and_ended_and_asked_for_again(ann, watched, hooks) -> None:
    assert "/silence @example_mfa" in await ann.read("/silence")
    (made,) = await ann.say("/silence @harbour")
    assert made.text.text.startswith("When Harbour News falls silent, I'll say so here.\n")
    assert "If it posts nothing more, that is said today " in made.text.text
    assert hooks.plans == [1]  # So that it is looked at once.
    assert (await ann.read("/silence harbour")).startswith("I already say here")
    shown = await ann.press(made.keyboard, "All silences")
    (listed,) = shown.reply
    assert listed.text.text.startswith(
        "Channels whose silence is told here: 1\nA tap opens one.\nHarbour News: "
    )
    (removed,) = (await ann.press(made.keyboard, "Remove")).reply
    assert removed.text.text == "The silence of Harbour News is told here no more."
    back = await ann.press(removed.keyboard, "Undo")
    assert (back.edit, back.toast) == (listed, "It is back.")
    assert "told here: 1" in await ann.read("/silence")
    assert "no more" in await ann.read("/silence off @harbour")
    assert "is not told here" in await ann.read("/silence off @harbour")
    await ann.read("/silence @harbour")
    assert "no more" in await ann.read("/silence @harbour off")


async def test_each_has_a_card_and_is_removed_and_put_back_as_it_was(
    ann, watched, database, now
) -> None:
    await ann.say("/silence @harbour")
    async with database.transaction() as tx:
        (one,) = await silences.list_silences(tx, 1)
        await silences.note_told(tx, one, now - HOUR)
        before = await silences.list_silences(tx, 1)
    (listed,) = await ann.say("/silence")
    card = (await ann.press(listed.keyboard, "🔇 Harbour News")).edit
    lines = card.text.text.splitlines()
    assert lines[0] == "🔇 Harbour News"
    assert lines[1].startswith("7 days: ") and lines[3].startswith("30 days: ")
    assert lines[-2].startswith("🕗 If it posts nothing more, that is said today ")
    assert lines[-1] == "➡️ To you, here"
    assert [[b.text for b in row] for row in card.keyboard] == [
        ["📖 Latest posts", "📡 The channel"],
        ["‹ All silences", "✕ Remove"],
    ]
    assert "@harbour" in (await ann.press(card.keyboard, "The channel")).edit.text.text
    gone = (await ann.press(card.keyboard, "Remove")).edit
    assert gone.text.text.startswith("Removed: Harbour News\n\nNo channel's silence is told here.")
    bob = replace(ann, chat_id=2, sender_id=2)
    assert (await bob.press(gone.keyboard, "Undo")).toast == "That can't be put back any more."
    assert (await ann.press(listed.keyboard, "🔇")).toast == "That was removed before."
    assert (await ann.press(gone.keyboard, "Undo")).edit == listed
    async with database.reader() as conn:
        assert await silences.list_silences(conn, 1) == before  # Of what it was told, too.


async def test_an_old_button_of_a_channel_off_the_list_removes_and_that_is_undone(
    ann, watched, database
) -> None:
    await ann.say("/silence @harbour")
    (listed,) = await ann.say("/silence")
    card = (await ann.press(listed.keyboard, "🔇 Harbour News")).edit
    async with database.transaction() as tx:
        (one,) = await silences.list_silences(tx, 1)
        await channels.remove_channel(tx, one.channel)
    gone = (await ann.press(card.keyboard, "Remove")).edit
    assert gone.text.text.startswith("Removed: Harbour News\n\n")
    async with database.reader() as conn:
        assert await silences.list_silences(conn, 1) == []
    assert (await ann.press(gone.keyboard, "Undo")).toast == "It is back."
    async with database.reader() as conn:
        assert await silences.list_silences(conn, 1) == [one]


async def test_what_cannot_be_known_yet_is_said(ann, watched) -> None:
    assert "Its pauses are not known well enough yet" in await ann.read("/silence @quay")


@pytest.mark.parametrize("named", ["@nobody", "#999", "#x", "two words", "https://t.me/nobody"])
async def test_only_watched_channels_fall_silent(ann, watched, named) -> None:
    assert "is not watched here" in await ann.read(f"/silence {named}")


async def test_there_is_a_limit_and_members_of_a_group_ask_for_none(
    ann, member, manager, watched, services
) -> None:
    assert "falls silent" in (await manager.read("/silence@dateline_bot @harbour"))
    assert "falls silent" not in (await member.read("/silence@dateline_bot @quay"))
    ann.services = replace(services, alerts_per_person=1)
    await ann.say("/silence @harbour")
    assert "There are 1 of these here" in await ann.read("/silence @quay")


async def test_it_is_said_in_russian_too(ann, watched) -> None:
    ann.language = "ru"
    assert "замолчит" in await ann.read("/молчание @harbour")
    assert "больше не сообщаю" in await ann.read("/silence выкл @harbour")
