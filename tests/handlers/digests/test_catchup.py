"""What came in while one was away."""

from datetime import timedelta

import pytest

from handlers.digests.catchup import MOST_STORIES, count_stories
from storage.subscribers import subscribers


@pytest.fixture
async def posted(store, make_post, now) -> None:
    """Posts of five days, one a day; today is a Sunday."""
    for day in range(5):
        await store(make_post(day + 1, f"Ferry {day} sails"), at=now - timedelta(days=day, hours=1))


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("friday", 3),
        ("с пятницы", 3),
        ("yesterday", 2),
        ("3d", 3),
        ("неделю", 5),
        ("ferry week", 5),
        ("1 friday", 1),
        ("3d ferry", 3),
        ("3 days ferry sails", 3),
        ("за 3 дня ferry", 3),
    ],
)
async def test_it_tells_all_since_then(ann, posted, written: str, days: int) -> None:
    text = await ann.read(f"/catchup {written}")
    assert text.startswith("🗞 ")
    assert f"\n{days} post{'s' * (days > 1)} · " in text


async def test_no_period_is_moved_and_buttons_turn(ann, posted, database) -> None:
    (message,) = await ann.say("/catchup week")
    async with database.reader() as conn:
        assert (await subscribers.get_subscriber(conn, 1)).last_digest_at is None
    assert "100" in (await ann.press(message.keyboard, "Why")).edit.text.text
    assert (await ann.read("/digest now")).startswith("🗞 ")
    assert (await ann.read("/catchup last digest")).startswith("Nothing new since")


async def test_bare_it_asks_since_when(ann, posted) -> None:
    (question,) = await ann.say("/catchup")
    labels = [button.text for row in question.keyboard for button in row]
    assert labels == ["Yesterday", "Friday", "3 days", "A week", "✕ Cancel"]
    told = await ann.press(question.keyboard, "Friday")
    assert "3 posts" in told.reply[0].text.text
    await ann.say("/digest now")
    (question,) = await ann.say("/catchup")
    assert await ann.press(question.keyboard, "Last digest")


@pytest.mark.parametrize(("days", "offered"), [(366, True), (367, False)])
async def test_no_button_leads_further_back_than_can_be_told(
    ann, posted, database, now, days: int, offered: bool
) -> None:
    await ann.say("/digest now")
    async with database.transaction() as tx:
        await subscribers.update_subscriber(tx, 1, last_digest_at=now - timedelta(days=days))
    (question,) = await ann.say("/catchup")
    labels = [button.text for row in question.keyboard for button in row]
    assert ("Last digest" in labels) is offered


async def test_words_without_a_time_are_kept_for_the_answer(ann, posted) -> None:
    (question,) = await ann.say('/catchup "ferry 4"')
    (told,) = (await ann.press(question.keyboard, "A week")).reply
    assert '🔎 "ferry 4"\n1 post' in told.text.text


async def test_what_is_not_found_or_not_read_is_said(ann, posted) -> None:
    assert (await ann.read("/catchup cranes 3d")).startswith("Nothing for cranes since ")
    assert (await ann.read("/catchup today")).startswith("🗞 today 0:00 – today 12:00\n1 post")
    assert "after:" in await ann.read("/catchup after:never 3d")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("5000d", "5000d is no span that I can count here"),
        ("ferry -3 days", "-3 days is no span that I can count here"),
        ("2001-01-01", "That is more than 366 days ago, further back than I can look."),
        ("ferry since 20.11.2024", "That is more than 366 days ago"),
    ],
)
async def test_what_is_too_long_ago_is_said_and_nothing_shorter_told(
    ann, posted, written: str, said: str
) -> None:
    assert (await ann.read(f"/catchup {written}")).startswith(said)


async def test_it_speaks_russian(ann, posted) -> None:
    ann.language = "ru"
    (question,) = await ann.say("/catchup")
    assert question.text.text.startswith("С какого времени вас не было?")
    assert "3 поста" in (await ann.press(question.keyboard, "Пятница")).reply[0].text.text


@pytest.mark.parametrize(
    ("days", "stories"), [(0.5, 10), (1, 10), (2, 15), (3, 20), (7, MOST_STORIES)]
)
def test_longer_spans_tell_more_stories(days: float, stories: int) -> None:
    assert count_stories(timedelta(days=days)) == stories


@pytest.mark.parametrize(
    "written",
    [
        "20.11.2026",
        "20/11/2026",
        "20 November",
        "Nov 20",
        "november 20, 2026",
        "since 20 nov. 2026",
        "20 ноября",
        "с 20 ноября 2026",
        "20 ноя",
    ],
)
async def test_a_date_is_read_as_people_write_it(ann, posted, written: str) -> None:
    assert (await ann.read(f"/catchup {written}")).startswith("🗞 20 Nov 0:00 – today 12:00\n")


@pytest.mark.parametrize("written", ["31 November", "0 May", "9/11", "ferry may"])
async def test_what_is_no_date_is_words(ann, posted, written: str) -> None:
    text = await ann.read(f"/catchup {written}")
    assert text.startswith(f"🔎 {written}\n")
    assert "Since when" in text


@pytest.mark.parametrize("last", ["pdf", "list", "form", "lasso"])
async def test_a_word_that_leads_to_a_time_is_offered_for_none(ann, posted, last: str) -> None:
    assert "Did you mean" not in await ann.read(f"/catchup ferry {last}")


async def test_a_day_that_is_misspelled_is_offered(ann, posted) -> None:
    (question,) = await ann.say("/catchup ferry fridya")
    assert question.text.text.startswith("🔎 ferry fridya\n")
    assert "Did you mean /catchup ferry friday?" in question.text.text
    (told,) = (await ann.press(question.keyboard, "/catchup ferry friday")).reply
    assert "3 posts" in told.text.text
