"""Reviews that come by a plan."""

from datetime import timedelta

import pytest

from handlers.plans import kinds
from handlers.plans.kinds import Period
from handlers.plans.review import is_plan
from storage.records import Plan
from storage.subscribers import plans


async def planned(database) -> list[Plan]:
    async with database.reader() as conn:
        return list(await plans.list_plans(conn, 1))


@pytest.mark.parametrize(
    ("written", "is_one"),
    [
        ("weekly mon 9", True),
        ("по понедельникам в 9", True),
        ("daily 8:00 oil", True),
        ("weekdays", True),  # a time is missing
        ("2w", False),
        ("40 people", False),
        ("oil price", False),
        ("", False),
    ],
)
def test_times_make_it_a_plan(written: str, is_one: bool) -> None:
    assert is_plan(written) == is_one


async def test_it_is_made_shown_and_listed(ann, database, hooks, store, make_post, now) -> None:
    await store(make_post(1, "Ferry late"))
    text = await ann.read("/review weekly mon 9 ferry")
    assert text.startswith("A review comes on Mon at 9:00 (UTC). The next one: tomorrow 9:00.")
    assert "👁 As it would come now:\n" in text
    assert "🗓 15 Nov 12:00 – 22 Nov 12:00\n🔎 ferry\n1 post · 1 channel" in text
    (plan,) = await planned(database)
    assert (plan.kind, plan.times, plan.query) == ("review", "weekly mon 09:00", "ferry")
    assert hooks.plans == [1]
    (listed,) = await ann.say("/digest")
    assert "1. Review: ferry · on Mon at 9:00" in listed.text.text
    card = (await ann.press(listed.keyboard, "Review: ferry")).edit
    assert "At most" not in card.text.text
    assert not any("At most" in one.text for row in card.keyboard for one in row)
    await ann.press(card.keyboard, "Remove")
    assert not await planned(database)


async def test_a_digest_at_the_same_times_is_another_plan(ann, database) -> None:
    await ann.say("/digest weekly mon 9")
    await ann.say("/review weekly mon 9")
    assert {plan.kind for plan in await planned(database)} == {"digest", "review"}


async def test_what_cannot_be_read_makes_none(ann, database) -> None:
    assert "Write the times" in await ann.read("/review weekdays")
    await ann.read("/review weekly mon 99")
    await ann.read("/review weekly mon 9 after:never")
    assert not await planned(database)


async def test_a_plan_of_reviews_tells_at_least_a_day(ann, database, store, make_post, now) -> None:
    await store(make_post(1, "Ferry late", published_at=f"{now - timedelta(hours=20):%FT%TZ}"))
    await ann.say("/review daily 9")
    (plan,) = await planned(database)
    period = Period(
        plan=plan, since=now - timedelta(hours=3), until=now, timezone="UTC", language="en"
    )
    async with database.reader() as conn:
        told = await kinds.compose(conn, period)
    assert told is not None
    assert told.message.text.text.startswith("🗓 21 Nov 12:00 – 22 Nov 12:00\n1 post")
    assert told.snapshot is not None


async def test_the_name_of_a_plan_heads_its_reviews(ann, database, store, make_post, now) -> None:
    await store(make_post(1, "Ferry late"))
    await ann.say("/review weekly mon 9")
    (plan,) = await planned(database)
    async with database.transaction() as tx:
        named = await plans.update_plan(tx, plan.id, name="Harbour")
    period = Period(
        plan=named, since=now - timedelta(days=7), until=now, timezone="UTC", language="ru"
    )
    async with database.reader() as conn:
        told = await kinds.compose(conn, period)
    assert told is not None
    assert told.message.text.text.startswith("🗓 Harbour · 15 ноя 12:00 – 22 ноя 12:00")


async def test_in_russian(ann, database) -> None:
    ann.language = "ru"
    text = await ann.read("/обзор по понедельникам в 9")
    assert text.startswith("Обзор будет приходить")
    assert (await planned(database))[0].kind == "review"


async def test_off_ends_the_plan_and_is_no_query(ann, database, store, make_post) -> None:
    await store(make_post(1, "Lights off in the harbour"))
    assert "There was no review to turn off." in await ann.read("/review off")
    await ann.say("/digest daily 8:00")
    await ann.say("/review weekly mon 9")
    assert {plan.kind for plan in await planned(database)} == {"digest", "review"}
    await ann.say("/review off")
    assert {plan.kind for plan in await planned(database)} == {"digest"}
    assert (await ann.read("/review =off")).startswith("🗓")
