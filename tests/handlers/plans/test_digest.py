"""Digests now and every day."""

from datetime import timedelta

import pytest

from handlers.digests import reading
from storage.document import Channel, Forward
from storage.errors import DatelineError
from storage.subscribers import plans, subscribers

CITY = Channel(id=200, username="city", title="City Desk")


async def planned(database):
    async with database.reader() as conn:
        return await plans.list_plans(conn, 1)


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
    ("written", "times", "zone", "query"),
    [
        ("daily 08:00 Europe/Berlin", "daily 08:00", "Europe/Berlin", ""),
        ("08:00 Europe/Berlin", "daily 08:00", "Europe/Berlin", ""),
        ("daily 8:30 pm america/new_york", "daily 20:30", "America/New_York", ""),
        ("Daily 7am Tokyo", "daily 07:00", "Asia/Tokyo", ""),
        ("daily 21.15", "daily 21:15", "UTC", ""),
        ("ежедневно в 8 вечера по Москве", "daily 20:00", "Europe/Moscow", ""),
        ("noon India", "daily 12:00", "Asia/Kolkata", ""),
        ('noon "India"', "daily 12:00", "UTC", '"India"'),
        ("weekdays 8, 18:00 grain -sport", "weekdays 08:00, 18:00", "UTC", "grain -sport"),
        ("every 3h Asia/Tokyo ferry", "every 3h", "Asia/Tokyo", "ferry"),
        ("по будням в 8 паром", "weekdays 08:00", "UTC", "паром"),
        ("daily 8 ferry/boat", "daily 08:00", "UTC", "ferry/boat"),
    ],
)
async def test_a_line_makes_a_plan_and_shows_it(
    ann, database, hooks, written: str, times: str, zone: str, query: str
) -> None:
    if written.endswith("ferry/boat"):  # It looks like a zone that nobody knows.
        assert "time zone ferry/boat" in await ann.read(f"/digest {written}")
        return
    told, preview = await ann.say(f"/digest {written}")
    assert told.text.text.startswith("A digest comes ")
    assert f"({zone}). The next one: " in told.text.text
    assert (f"🔎 {query}" in told.text.text) == bool(query)
    assert preview.text.text.startswith("👁 As it would come now:\n🗞 ")
    (made,) = await planned(database)
    assert (made.times, made.timezone, made.query) == (times, zone, query)
    assert hooks.plans[-1] == 1


async def test_a_place_that_is_taken_for_a_zone_says_so(ann) -> None:
    said = await ann.read("/digest noon India")
    assert 'For posts about it: /digest noon "India"' in said
    assert "For posts about it" not in await ann.read("/digest 8 Europe/Berlin")


async def test_a_chat_has_several_plans_each_once(ann, database) -> None:
    await ann.say("/digest daily 8")
    await ann.say("/digest 8:00 ferry")
    assert (await ann.read("/digest 08:00")).startswith("There is such a digest already.")
    assert len(await planned(database)) == 2
    await ann.say("/digest weekly mon 9")
    assert (await ann.read("/digest weekly tue 9")).startswith("There are 3 digests here")


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
        ("daily 25:00", "I can't read a time of day in 25:00. Write, for example: /digest week"),
        ("daily Europe/Berlin", "I can't read a time of day in Europe/Berlin."),
        ("daily", "When shall one come?"),
        ("weekly", "On which day of the week? Write, for example: /digest weekly mon 9"),
        ("every 5h", "Hours go by 1, 2, 3, 4, 6, 8 or 12."),
        ("hourly 9", "From when to when?"),
        ('daily 8 "ferry', "I can't read this query"),
        ("later please", "I don't understand later please here."),
    ],
)
async def test_what_can_not_be_read_is_said(ann, database, written: str, said: str) -> None:
    assert (await ann.read(f"/digest {written}")).startswith(said)
    assert await planned(database) == []


async def test_a_bare_digest_asks_or_lists_the_plans(ann) -> None:
    (asked,) = await ann.say("/digest")
    assert asked.text.text.startswith("You have no digest yet.\nWhen shall one come?")
    assert labels(asked) == ["7:00", "8:00", "9:00", "18:00", "21:00", "Now", "✕ Cancel"]
    taken = await ann.press(asked.keyboard, "18:00")
    assert taken.reply[0].text.text.startswith("A digest comes every day at 18:00 (UTC).")
    await ann.say("/digest weekdays 8, 18:00 Europe/Berlin grain -sport")
    (listed,) = await ann.say("/digest")
    assert listed.text.text == (
        "📰 Digests: 2\n"
        "1. All posts · every day at 18:00 · next: today 18:00\n"
        "2. grain -sport · on weekdays at 8:00 and 18:00 · next: tomorrow 8:00\n"
        "A tap opens one: when it comes, what is in it."
    )
    assert labels(listed) == ["📰 1. All posts", "📰 2. grain -sport", "＋ New"]


async def test_what_is_no_time_leaves_the_question_about_a_digest_open(ann) -> None:
    await ann.say("/digest")
    (problem,) = await ann.say("soon")
    assert problem.text.text.startswith("I don't understand soon here.")
    assert labels(problem)[-1] == "✕ Cancel"
    assert "at 20:00" in await ann.read("8pm")


def labels(message) -> list[str]:
    return [button.text for row in message.keyboard for button in row]


async def test_digest_off(ann, database, hooks) -> None:
    assert await ann.read("/digest off") == "There was no digest to turn off."
    await ann.say("/digest daily 08:00 UTC")
    (removed,) = await ann.say("/digest off")
    assert removed.text.text == "Removed: All posts\nYou have no digest yet."
    assert await planned(database) == []
    back = await ann.press(removed.keyboard, "Undo")
    assert "1. All posts · every day at 8:00" in back.edit.text.text
    await ann.say("/digest daily 09:00")
    assert (await ann.read("/digest off")).startswith("Which one?\n📰 Digests: 2\n")


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


@pytest.mark.parametrize(
    ("written", "offered"),
    [
        ("dayly 8", "/digest daily 8"),
        ("weekdasy 8, 18 ferry", "/digest weekdays 8, 18 ferry"),
        ("ежедненво", "/digest ежедневно"),
        ("noww", "/digest now"),
        ("yjdfz", "/digest новая"),
        ("ferry", None),
        ("at eight", None),
    ],
)
async def test_a_word_that_is_nearly_one_is_offered(ann, written: str, offered: str | None) -> None:
    text = await ann.read(f"/digest {written}")
    assert text.startswith(f"I don't understand {written} here.\n")
    assert text.endswith(f"Did you mean {offered}?" if offered else "/digest off")


@pytest.mark.parametrize(
    ("written", "query"),
    [
        ("daily 8 about ferry", "ferry"),
        ("ежедневно 8 про ferry", "ferry"),
        ("daily 8 about", "about"),
        ("daily 8 aboutness", "aboutness"),
    ],
)
async def test_the_word_before_a_query_is_none_of_it(ann, written: str, query: str) -> None:
    text = await ann.read(f"/digest {written}")
    assert f"\n🔎 {query}\n" in text
