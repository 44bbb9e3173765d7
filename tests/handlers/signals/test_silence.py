"""``/silence``: asked for, listed, ended, asked for again, in the words of readers."""

import dataclasses
from datetime import timedelta

import pytest

from storage.document import Channel

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
    assert made.text.text.startswith("When Harbour News falls silent, it is said here.\n")
    assert "If it posts nothing more, that is said today " in made.text.text
    assert hooks.plans == [1]  # So that it is looked at once.
    assert (await ann.read("/silence harbour")).startswith("That is said here already")
    shown = await ann.press(made.keyboard, "All silences")
    (listed,) = shown.reply
    assert listed.text.text.startswith("Channels whose silence is told here: 1\n1. Harbour News: ")
    (removed,) = (await ann.press(listed.keyboard, "Remove 1")).reply
    assert removed.text.text == "The silence of Harbour News is told here no more."
    await ann.press(removed.keyboard, "Undo")
    assert "told here: 1" in await ann.read("/silence")
    assert "no more" in await ann.read("/silence off @harbour")
    assert "is not told here" in await ann.read("/silence off @harbour")


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
    ann.services = dataclasses.replace(services, alerts_per_person=1)
    await ann.say("/silence @harbour")
    assert "There are 1 of these here" in await ann.read("/silence @quay")


async def test_it_is_said_in_russian_too(ann, watched) -> None:
    ann.language = "ru"
    assert "замолчит" in await ann.read("/молчание @harbour")
    assert "больше не говорится" in await ann.read("/silence выкл @harbour")
