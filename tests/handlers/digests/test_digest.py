"""Digests now and every day."""

from datetime import time, timedelta

import pytest

from handlers.digests import reading
from storage.document import Channel, Forward
from storage.errors import DatelineError
from storage.subscribers import digests, subscribers

CITY = Channel(id=200, username="city", title="City Desk")


async def plan(database):
    async with database.reader() as conn:
        return await digests.find_plan(conn, 1)


async def test_digest_now_tells_what_came_in_since_the_last_one(ann, store, make_post, now) -> None:
    await store(make_post(1, "Before yesterday"), at=now - timedelta(hours=25))
    await store(
        make_post(2, "Ferry late"),
        make_post(3, "Ferry on time", channel=CITY),
        make_post(4, "Ferry late", channel=CITY, forwarded_from=Forward(channel_id=100)),
    )
    text = await ann.read("/digest now")
    title, *stories = text.split("\n\n")
    assert title == "🗞 yesterday 12:00 – today 12:00\n3 posts · 2 channels"
    assert sorted(story.partition(". ")[2] for story in stories) == [
        "Ferry late\nCity Desk 9:04",
        "Ferry late\nHarbour News 9:02",
        "Ferry on time\nCity Desk 9:03",
    ]
    assert await ann.read("/digest now") == "Nothing new since today 12:00."
    ann.now += timedelta(hours=1)
    await store(make_post(9, "Ice warning"), at=now + timedelta(minutes=30))
    assert (await ann.read("/digest now")).startswith("🗞 today 12:00 – today 13:00\n1 post")


async def test_a_digest_whose_answer_was_lost_is_told_again(ann, store, make_post) -> None:
    await store(make_post(2, "Ferry late"))
    told = await ann.say("/digest now")
    ann.said -= 1
    ann.now += timedelta(seconds=5)
    assert await ann.say("/digest now") == told
    assert (await ann.read("/digest now")).startswith("Nothing new since")


@pytest.mark.parametrize(
    ("written", "clock", "zone"),
    [
        ("daily 08:00 Europe/Berlin", time(8), "Europe/Berlin"),
        ("08:00 Europe/Berlin", time(8), "Europe/Berlin"),
        ("daily 8:30 pm america/new_york", time(20, 30), "America/New_York"),
        ("Daily 7am Tokyo", time(7), "Asia/Tokyo"),
        ("daily 21.15", time(21, 15), "UTC"),
        ("ежедневно 8:00 Europe/Moscow", time(8), "Europe/Moscow"),
        ("ежедневно в 8 вечера по Москве", time(20), "Europe/Moscow"),
        ("noon India", time(12), "Asia/Kolkata"),
    ],
)
async def test_digest_daily_makes_a_plan(
    ann, database, hooks, written: str, clock: time, zone: str
) -> None:
    said = await ann.read(f"/digest {written}")
    assert said.startswith(f"A digest comes every day at {clock.hour}:{clock:%M} ({zone}).")
    made = await plan(database)
    assert (made.local_time, made.timezone) == (clock, zone)
    assert hooks.plans == [1]


async def test_the_next_digest_is_told_in_its_own_zone(ann) -> None:
    said = await ann.read("/digest daily 08:00 Europe/Berlin")
    assert "The next one: tomorrow 8:00." in said


async def test_the_zone_of_a_digest_is_the_chats_zone(ann, database) -> None:
    await ann.say("/digest daily 08:00 Asia/Tokyo")
    async with database.reader() as conn:
        assert (await subscribers.get_subscriber(conn, 1)).timezone == "Asia/Tokyo"
    assert "(Asia/Tokyo)" in await ann.read("/digest daily 09:00")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "daily 8:00 Europe/Berlni",
            "I know no time zone Europe/Berlni. Did you mean Europe/Berlin, where it is",
        ),
        ("daily 25:00", "I can't read a time of day in 25:00."),
        ("daily Europe/Berlin", "I can't read a time of day in Europe/Berlin."),
        ("daily", "You have no daily digest.\nWhen shall one come every day?"),
        ("weekly", "I don't understand weekly here."),
        ("later please", "I don't understand later please here."),
    ],
)
async def test_what_can_not_be_read_is_said(ann, database, written: str, said: str) -> None:
    assert (await ann.read(f"/digest {written}")).startswith(said)
    assert await plan(database) is None


async def test_a_bare_digest_shows_the_plan_and_how_to_change_it(ann) -> None:
    (asked,) = await ann.say("/digest")
    assert asked.text.text.startswith("You have no daily digest.\nWhen shall one come")
    assert labels(asked) == ["7:00", "8:00", "9:00", "18:00", "21:00", "Now", "✕ Cancel"]
    taken = await ann.press(asked.keyboard, "18:00")
    assert taken.reply[0].text.text.startswith("A digest comes every day at 18:00 (UTC).")
    await ann.say("/digest")
    assert "at 21:30 (UTC)" in await ann.read("в 9:30 вечера")
    await ann.say("/digest daily 08:00 Europe/Berlin")
    (asked,) = await ann.say("/digest")
    assert asked.text.text.startswith(
        "Your digest comes every day at 8:00 (Europe/Berlin). The next one: tomorrow 8:00"
    )
    off = await ann.press(asked.keyboard, "Off")
    assert off.reply[0].text.text == "The daily digest is off."


async def test_what_is_no_time_leaves_the_question_about_a_digest_open(ann) -> None:
    await ann.say("/digest")
    (problem,) = await ann.say("soon")
    assert problem.text.text.startswith("I don't understand soon here.")
    assert labels(problem)[-1] == "✕ Cancel"
    assert "at 20:00" in await ann.read("8pm")


def labels(message) -> list[str]:
    return [button.text for row in message.keyboard for button in row]


async def test_digest_off(ann, database, hooks) -> None:
    await ann.say("/digest daily 08:00 UTC")
    assert await ann.read("/digest off") == "The daily digest is off."
    assert await plan(database) is None
    assert await ann.read("/digest off") == "There was no daily digest to turn off."
    assert hooks.plans == [1, 1, 1]


async def test_a_look_takes_a_query_and_a_span_and_the_next_digest_tells_all(
    ann, store, make_post, now
) -> None:
    await store(make_post(1, "Ferry from yesterday"), at=now - timedelta(hours=30))
    await store(make_post(2, "Ferry late"), make_post(3, "Barley is cheaper"))
    text = await ann.read("/digest now ferry 2d")
    assert text.startswith("🗞 20 Nov 12:00 – today 12:00\n🔎 ferry\n2 posts")
    assert "Barley" not in text
    assert (await ann.read("/digest now ferry")).startswith("🗞 yesterday 12:00")
    assert await ann.read("/digest now zeppelin 3h") == "Nothing for zeppelin since today 9:00."
    assert (await ann.read("/digest now")).startswith("🗞 yesterday 12:00 – today 12:00\n2 posts")


async def test_a_query_that_cannot_be_read_is_answered_with_what_is_wrong(ann) -> None:
    assert "^" in await ann.read('/digest now "ferry 24h')


async def test_a_digest_that_failed_is_told_by_the_next(ann, database, store, make_post) -> None:
    """A damaged row keeps it from being read: nothing of its period is passed over."""
    await store(make_post(2, "Ferry late"))
    async with database.transaction() as tx:
        row = await tx.fetch_one("SELECT json FROM document")
        await tx.execute("UPDATE document SET json = '{}'")
    with pytest.raises(DatelineError):
        await ann.say("/digest now")
    async with database.transaction() as tx:
        await tx.execute("UPDATE document SET json = ?", (row["json"],))
    assert "Ferry late" in await ann.read("/digest now")


async def test_what_is_more_than_a_digest_holds_is_said(ann, store, make_post, monkeypatch) -> None:
    monkeypatch.setattr(reading, "LIMIT", 3)
    await store(*(make_post(n, f"Ferry {n} sails from pier {n} today") for n in range(1, 6)))
    text = await ann.read("/digest now")
    assert "2 older ones are more than one digest holds: /search finds them." in text
    assert {n for n in range(1, 6) if f"Ferry {n} sails" in text} == {3, 4, 5}
