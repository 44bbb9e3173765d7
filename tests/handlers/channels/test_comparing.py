"""``/compare``: what two channels have in common, who is first, and what cannot be said."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers.channels.copying import compare
from storage import times
from storage.channels import channels
from storage.channels.shared import PublishedPost
from storage.document import Channel, Forward

QUAY = Channel(id=200, username="quay", title="Quay Watch")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
BEGIN = NOON - timedelta(days=1)


def placed(story: str, minutes: float, origin: int | None = None) -> PublishedPost:
    return PublishedPost(NOON + timedelta(minutes=minutes), story, origin)


def test_shares_leads_and_lags_are_counted_both_ways() -> None:
    one = [placed("a", 0), placed("a", 9), placed("b", 10), placed("c", 5), placed("alone", 1)]
    other = [placed("a", 4, 1), placed("b", 16), placed("c", 0), placed("d", 7)]
    found = compare(one, other, one_id=1, other_id=2, since=BEGIN)
    assert (found.stories, found.together) == (3, 0)
    assert (found.one.posts, found.one.same, found.one.first) == (5, 4, 2)
    assert found.one.lead == timedelta(minutes=5)
    assert (found.other.posts, found.other.same, found.other.first) == (4, 3, 1)
    assert found.other.lead == timedelta(minutes=5)
    assert (found.one.forwarded, found.other.forwarded) == (0, 1)
    none = compare(one, [], one_id=1, other_id=2, since=BEGIN)
    assert (none.stories, none.one.same, none.one.lead, none.other.posts) == (0, 0, None, 0)
    same = compare([placed("a", 1)], [placed("a", 1)], one_id=1, other_id=2, since=BEGIN)
    assert (same.together, same.one.first, same.other.first) == (1, 0, 0)


def test_a_story_that_began_before_the_window_is_told_on_in_it_and_led_by_who_began_it() -> None:
    one = [placed("a", -10), placed("a", 20), placed("old", -9)]
    other = [placed("a", 5), placed("old", -8), placed("new", 3)]
    found = compare(one, other, one_id=1, other_id=2, since=NOON)
    assert (found.stories, found.one.posts, found.one.same) == (1, 1, 1)
    assert (found.other.posts, found.other.same, found.other.first) == (2, 1, 0)
    assert (found.one.first, found.one.lead) == (1, timedelta(minutes=15))


@pytest.fixture
async def watched(database: Any, now: Any) -> None:
    """Two channels that are watched."""
    async with database.transaction() as tx:
        for one in (Channel(id=100, username="harbour", title="Harbour News"), QUAY):
            added = await channels.add_channel(tx, username=one.username, now=now)
            await channels.update_channel(tx, added.id, channel_id=one.id, title=one.title)


@pytest.fixture
def tell(database: Any, store: Any, make_post: Any, now: Any) -> Any:
    """Has Harbour News say something and Quay Watch forward it so many minutes later."""

    async def told(count: int, minutes: int) -> None:
        posts = []
        for n in range(1, count + 1):
            at = now - timedelta(days=n)
            later = at + timedelta(minutes=minutes)
            origin = Forward(channel_id=100, message_id=n)
            posts += [
                make_post(n, f"News {n}", published_at=f"{at:%FT%TZ}"),
                make_post(
                    n,
                    f"News {n}",
                    published_at=f"{later:%FT%TZ}",
                    channel=QUAY,
                    forwarded_from=origin,
                ),
            ]
        await store(*posts, make_post(99, "A tram"))
        async with database.transaction() as tx:
            await tx.execute("UPDATE document SET story = 's' || message_id WHERE message_id < 99")

    return told


async def test_who_is_first_and_by_how_much_is_said(ann: Any, watched: None, tell: Any) -> None:
    await tell(7, 90)
    assert (await ann.read("/compare @harbour @quay 14d")).splitlines() == [
        "↔️ Harbour News and Quay Watch, 14 days",
        "Harbour News: 8 posts, of which 7 (88 %) say what the other says.",
        "Quay Watch: 7 posts, of which 7 (100 %) say what the other says.",
        "",
        "Harbour News was first 7 of 7, by 90 minutes in the median.",
        "Quay Watch forwarded 7 posts of Harbour News.",
        "Counted are forwards and copies of the words, also changed a little. Who tells of the "
        "same in other words does not count.",
    ]
    assert "2 posts, of which 1 (50 %)" in await ann.read("/compare @quay, @harbour 1d")


async def test_only_the_time_that_both_are_known_of_is_compared(
    ann: Any, watched: None, tell: Any, database: Any, now: Any
) -> None:
    await tell(9, 90)
    async with database.transaction() as tx:
        await tx.execute("DELETE FROM document WHERE channel_id = 200 AND message_id >= 4")
        await tx.execute(
            "UPDATE channel SET last_scan_at = added_at, added_at = ? WHERE channel_id = 200",
            (times.to_epoch(now - timedelta(days=3, hours=12)),),
        )
    said = (await ann.read("/compare @harbour @quay 14d")).splitlines()
    assert said[1:3] == [
        "Harbour News: 4 posts, of which 3 (75 %) say what the other says.",
        "Quay Watch: 3 posts, of which 3 (100 %) say what the other says.",
    ]
    assert said[-1].startswith("Compared is what was posted since 19 Nov: ")


async def test_of_a_channel_with_very_many_posts_the_other_is_compared_with_no_more(
    ann: Any, watched: None, tell: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tell(9, 90)
    monkeypatch.setattr("storage.channels.shared.MOST", 3)
    said = (await ann.read("/compare @harbour @quay 14d")).splitlines()
    assert said[1].startswith("Harbour News: 2 posts, of which 1 ")
    assert said[-1].startswith("Compared is what was posted since ")


async def test_too_few_stories_say_nothing_of_who_copies(
    ann: Any, watched: None, tell: Any
) -> None:
    await tell(3, 10)
    said = await ann.read("/compare t.me/harbour @quay")
    assert "Harbour News was first 3 of 3." in said and "median" not in said
    assert "too few to say who copies whom" in said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("/compare", "Which two channels"),
        ("/compare @harbour", "It takes two channels"),
        ("/compare @harbour @harbour", "It takes two channels"),
        ("/compare @harbour @quay @far", "It takes two channels"),
        ("/compare @harbour @nowhere", "@nowhere is not watched here"),
        ("/compare @harbour @quay", "Harbour News: no posts."),
        ("/сравнить @harbour @quay 7д", "Harbour News: постов нет."),
    ],
)
async def test_what_cannot_be_compared_is_said(
    ann: Any, watched: None, written: str, said: str
) -> None:
    if "с" in written:
        ann.language = "ru"
    assert said in await ann.read(written)


@pytest.mark.parametrize(
    ("seconds", "lag"),
    [
        (1, "1 second"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (149, "2 minutes"),
        (151, "3 minutes"),
        (7199, "120 minutes"),
        (7200, "2 hours"),
        (9001, "3 hours"),
    ],
)
async def test_by_how_much_is_told_in_a_unit_that_fits(
    ann: Any, watched: None, tell: Any, seconds: int, lag: str
) -> None:
    await tell(5, seconds / 60)
    said = await ann.read("/compare @quay @harbour 14d")
    assert f"\nHarbour News was first 5 of 5, by {lag} in the median.\n" in said
    assert "too few" not in said and "Quay Watch was first" not in said


async def test_four_common_stories_are_too_few(ann: Any, watched: None, tell: Any) -> None:
    await tell(4, 1)
    lines = (await ann.read("/compare @quay @harbour 14d")).splitlines()
    assert "Harbour News was first 4 of 4." in lines
    assert lines[-2] == "That is too few to say who copies whom."


async def test_what_came_in_the_same_second_nobody_was_first_with(
    ann: Any, watched: None, tell: Any
) -> None:
    await tell(5, 0)
    lines = (await ann.read("/compare @quay @harbour 14d")).splitlines()
    assert "5 came in the same second." in lines
    assert not any("was first" in line for line in lines)


async def test_nothing_in_common_is_said(
    ann: Any, watched: None, store: Any, make_post: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store(make_post(1, "A tram"), make_post(2, "A bus", channel=QUAY))
    whole = await ann.read("/compare @quay @harbour 14d")
    assert whole.splitlines()[1:5] == [
        "Quay Watch: 1 post, of which 0 (0 %) say what the other says.",
        "Harbour News: 1 post, of which 0 (0 %) say what the other says.",
        "",
        "They have nothing in common that is stored here.",
    ]
    assert "Compared is" not in whole
    monkeypatch.setattr("storage.channels.shared.MOST", 1)
    cut = await ann.read("/compare @quay @harbour 14d")
    assert cut.splitlines()[-1].startswith("Compared is what was posted since today 9:02: ")
