"""``/trend``: how much was posted of it, in the words of readers; what is drawn of it."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from handlers.render.answers import trends
from handlers.render.answers.trends import in_signs
from handlers.render.text.messages import CHART
from handlers.texts.languages import words_of
from handlers.trends import counting
from handlers.trends.trend import split_queries
from storage.channels import channels
from storage.connection import Database
from storage.document import Channel

QUAY = Channel(id=200, username="quay", title="Quay Watch")


async def watch_for_four_days(database: Database, now: datetime) -> None:
    async with database.transaction() as tx:
        added = await channels.add_channel(tx, username="harbour", now=now - timedelta(days=4))
        await channels.update_channel(tx, added.id, channel_id=100)
        await channels.begin_watching(tx, added.id, 1, now)


@pytest.fixture
def post(make_post: Any, now: Any) -> Any:
    """Makes a post of so many days ago."""

    def make(number: int, title: str, *, ago: int, **fields: Any) -> Any:
        at = now - timedelta(days=ago)
        return make_post(number, title, published_at=f"{at:%FT%TZ}", **fields)

    return make


def chart_of(message: Any) -> Any:
    assert message.attachment.format == CHART
    return json.loads(message.attachment.query)


async def test_posts_are_counted_by_day_and_channel(ann: Any, store: Any, post: Any) -> None:
    await store(
        *[post(n, f"A ferry sails, round {n}", ago=3) for n in range(1, 5)],
        post(9, "A ferry waits", ago=0),
        post(10, "A tram waits", ago=0),
        post(3, "One ferry more", ago=3, channel=QUAY),
        post(5, "A ferry of long ago", ago=40, channel=QUAY),
    )
    (message,) = await ann.say("/trend ferry 7d")
    assert message.text.text.splitlines() == [
        "📈 ferry: 6 posts of 2 channels in 7 days",
        "The most on a day: 5 (19 Nov).",
        "By channel: Harbour News 5, Quay Watch 1",
    ]
    chart = chart_of(message)
    assert [part["names"] for part in chart["parts"]] == [
        ["Harbour News", "100"],
        ["Quay Watch", "200"],
    ]
    assert [part["counts"] for part in chart["parts"]] == [
        [0, 0, 0, 4, 0, 0, 1],
        [0, 0, 0, 1, 0, 0, 0],
    ]
    assert chart["ticks"][-1] == [6, "22 Nov"]
    (found,) = (await ann.press(message.keyboard, "All posts")).reply
    assert "A ferry waits" in found.text.text


async def test_weeks_are_counted_of_long_spans_and_compared(
    ann: Any, store: Any, post: Any
) -> None:
    await store(
        *[post(n, f"A ferry sails, round {n}", ago=n) for n in range(1, 10)],
        *[post(100 + n, f"A tram sails, round {n}", ago=100 + n, channel=QUAY) for n in range(3)],
    )
    (message,) = await ann.say("/trend ferry, tram -lang:ru,en 20w")
    assert message.text.text.splitlines() == [
        "📈 Posts in 140 days:",
        "1. ferry: 9 posts",
        "The most in a week: 6 (from 16 Nov). The last 7 days: 6; the 7 before: 3.",
        "2. tram -lang:ru,en: 3 posts",
        "The most in a week: 3 (from 10 Aug). The last 7 days: 0; the 7 before: 0.",
    ]
    chart = chart_of(message)
    assert [sum(part["counts"]) for part in chart["parts"]] == [9, 3]
    assert len(chart["parts"][0]["counts"]) == 20
    plain = in_signs(message, words_of("en"))
    assert plain.attachment is None
    signs = plain.text.text.splitlines()[-3:]
    assert signs == ["··················▄█", "·····█··············", "A sign is 7 days."]


async def test_the_largest_stories_mark_their_days(
    ann: Any, store: Any, post: Any, database: Any
) -> None:
    told = "The ferry to the island has sunk off the old harbour in the night"
    towns = [Channel(id=300 + n, username=f"town_{n}", title=f"Town {n}") for n in range(8)]
    await store(
        *[post(1, told, ago=2, channel=one) for one in towns],
        post(20, "Another ferry sails", ago=0),
    )
    async with database.transaction() as tx:
        await tx.execute("UPDATE document SET story = 'tg:300/1' WHERE channel_id >= 300")
    (message,) = await ann.say("/trend ferry")
    assert message.text.text.splitlines()[-1] == f"① 20 Nov: {told} (8 posts)"
    assert ("link", "https://t.me/town_0/1") in [(s.kind, s.url) for s in message.text.spans]
    chart = chart_of(message)
    assert chart["marks"] == [[27, "1"]]
    assert [part["names"][0] for part in chart["parts"]][-1] == "4 others"
    assert "4 others 4" in message.text.text


async def test_days_that_nobody_read_are_not_told_as_empty(
    ann: Any, store: Any, post: Any, database: Any, now: Any
) -> None:
    await watch_for_four_days(database, now)
    await store(post(1, "A ferry sails", ago=2))
    (message,) = await ann.say("/trend ferry 8d")
    assert (
        message.text.text.splitlines()[-1]
        == "Of what was posted before 18 Nov nothing is kept here."
    )
    chart = chart_of(message)
    assert chart["unknown"] == 3
    signs = in_signs(message, words_of("en")).text.text.splitlines()[-2]
    assert signs == "░░░··█··"


async def test_lines_are_means_of_days_and_never_of_weeks(ann: Any, store: Any, post: Any) -> None:
    await store(*[post(n, f"A ferry sails, round {n}", ago=n) for n in range(1, 10)])
    notes = {}
    for span in ("44d", "45d", "52w"):
        (message,) = await ann.say(f"/trend ferry, tram {span}")
        chart = chart_of(message)
        notes[span] = (chart["note"], chart["mean"])
    assert notes == {
        "44d": ("44 days", False),
        "45d": ("45 days · each line the mean of 7 days", True),
        "52w": ("364 days · counted by weeks", False),
    }


async def test_what_one_query_knows_is_known_of_the_time(
    ann: Any, store: Any, post: Any, database: Any, now: Any
) -> None:
    await watch_for_four_days(database, now)
    await store(post(1, "A ferry sails", ago=2))
    await store(post(2, "A tram of an archive", ago=6, channel=QUAY))
    (message,) = await ann.say("/trend ferry, tram 8d")
    assert message.text.text.splitlines()[-1] == (
        "Of what was posted before 16 Nov nothing is kept here."
    )
    assert chart_of(message)["unknown"] == 1


@pytest.mark.parametrize(
    ("count", "ticks"),
    [
        (2, [0, 1]),
        (5, [0, 1, 2, 3, 4]),
        (7, [0, 2, 4, 6]),
        (10, [1, 3, 5, 7, 9]),
        (30, [0, 7, 14, 22, 29]),
        (90, [0, 22, 44, 67, 89]),
    ],
)
def test_the_first_day_and_the_last_are_named(count: int, ticks: list[int]) -> None:
    assert trends._ticks(count) == ticks


async def test_a_year_is_named_where_it_is_another(ann: Any, store: Any, post: Any) -> None:
    await store(post(1, "A ferry sails", ago=2))
    (message,) = await ann.say("/trend ferry 365d")
    dates = [text for _, text in chart_of(message)["ticks"]]
    assert dates[0] == "17 Nov 2025" and dates[-1] == "16 Nov" and len(dates) == 4
    assert not any(year in "".join(dates[1:]) for year in ("2025", "2026"))


@pytest.mark.parametrize(
    ("text", "queries"),
    [
        ("", []),
        ("oil", ["oil"]),
        ("oil, gas", ["oil", "gas"]),
        ("lang:ru,en oil", ["lang:ru,en oil"]),
        ('"oil, gas", coal,', ['"oil, gas"', "coal"]),
        ("«нефть, газ», уголь", ["«нефть, газ»", "уголь"]),
        ("don't, stop", ["don't", "stop"]),
        ("don't, won't", ["don't", "won't"]),
        ("'oil, gas', coal", ["'oil, gas'", "coal"]),
        ("«Завод «Волна», порт», уголь", ["«Завод «Волна», порт»", "уголь"]),
        ('text:"oil, gas", coal', ['text:"oil, gas"', "coal"]),
        ('"oil, gas', ['"oil', "gas"]),
    ],
)
def test_queries_stand_between_commas(text: str, queries: list[str]) -> None:
    assert split_queries(text) == queries


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("/trend", "What shall I count?"),
        ("/trend 90d", "What shall I count?"),
        ("/trend after:2026-01-01", "What shall I count?"),
        ("/trend (", "I can't read this query"),
        ("/trend a1, b1, c1, d1, e1", "4 queries at most"),
        ("/trend zeppelin 12d", "Nothing that is stored here was posted of zeppelin in 12 days."),
        ("/тренд дирижабль", "За 30 дней не нашлось"),
    ],
)
async def test_what_cannot_be_counted_is_said(ann: Any, written: str, said: str) -> None:
    if written.startswith("/т"):
        ann.language = "ru"
    assert said in await ann.read(written)


@pytest.mark.parametrize("days", [0, 2])
async def test_what_takes_too_long_is_not_told_as_nothing(
    days: int, ann: Any, store: Any, post: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store(*[post(n, f"A ferry sails, round {n}", ago=n - 1) for n in range(1, 7)])
    real, counted_days = counting.counted.count_by_channel, []

    async def slow(*given: Any, **span: Any) -> Any:
        counted_days.append(span)
        if len(counted_days) > days:
            raise TimeoutError
        return await real(*given, **span)

    monkeypatch.setattr(counting.counted, "count_by_channel", slow)
    said = (await ann.read("/trend ferry 7d")).splitlines()
    if not days:
        assert said == ["How many posts there are of that takes too long to count."]
    else:
        assert said[0] == "📈 ferry: 2 posts of 1 channel in 7 days"
        assert said[-1] == "Counted from yesterday on: the rest takes too long."


async def test_a_group_asks_too(member: Any, store: Any, post: Any) -> None:
    await store(post(1, "A ferry sails", ago=1))
    (message,) = await member.say("/trend@dateline_bot ferry")
    assert "1 post of 1 channel in 30 days" in message.text.text


@pytest.mark.parametrize(
    "asks", ["/trend ferry", "/compare @harbour @quay", "/digest now", "/catchup", "/review"]
)
@pytest.mark.parametrize("span", ["0d", "-3 days", "1.5w", "9999d", "999999999999999d", "1y"])
async def test_a_span_that_cannot_be_counted_is_said(ann: Any, asks: str, span: str) -> None:
    (message,) = await ann.say(f"{asks} {span}")
    assert message.text.text.startswith(f"{span} is no span that I can count here: it takes")
    assert message.attachment is None


@pytest.mark.parametrize(
    ("asked", "counted", "days"),
    [
        ("ferry 90d, tram", ["ferry", "tram"], 90),
        ("ferry, tram 90d", ["ferry", "tram"], 90),
        ("ferry 90d, tram 90 days", ["ferry", "tram"], 90),
        ("ferry, tram, 90d", ["ferry", "tram"], 90),
        ("90d, ferry, tram", ["ferry", "tram"], 90),
        ('"ferry 90d", tram', ['"ferry 90d"', "tram"], 30),
    ],
)
async def test_a_span_holds_for_all_wherever_it_stands(
    ann: Any, asked: str, counted: list[str], days: int
) -> None:
    said = f"Nothing that is stored here was posted of {', '.join(counted)} in {days} days."
    assert await ann.read(f"/trend {asked}") == said


@pytest.mark.parametrize(("oldest", "most"), [(3, 6), (60, 62)])
async def test_days_before_the_first_post_are_not_counted_one_by_one(
    ann: Any, store: Any, post: Any, monkeypatch: Any, oldest: int, most: int
) -> None:
    counted_days = []
    count = counting.counted.count_by_channel

    async def noted(conn: Any, query: Any, **stretch: Any) -> Any:
        counted_days.append(stretch)
        return await count(conn, query, **stretch)

    monkeypatch.setattr(counting.counted, "count_by_channel", noted)
    await store(post(1, "A ferry sails", ago=1), post(2, "A ferry waits", ago=oldest))
    (message,) = await ann.say("/trend ferry 90d")
    assert message.text.text.startswith("📈 ferry: 2 posts of 1 channel in 90 days")
    (part,) = chart_of(message)["parts"]
    assert [89 - day for day, count in enumerate(part["counts"]) if count] == [oldest, 1]
    assert len(part["counts"]) == 90
    assert len(counted_days) <= most


async def test_two_spans_hold_for_no_picture(ann: Any) -> None:
    assert await ann.read("/trend ferry 90d, tram 30d") == (
        "One span holds for all that is compared, and you wrote 90d, 30d. Write one, behind them: "
        "/trend ferry, tram 30d"
    )
    assert (await ann.read("/trend ferry 5000d, tram")).startswith("5000d is no span")


async def test_of_many_spans_a_few_are_named_and_other_faults_first(ann: Any) -> None:
    said = await ann.read("/trend a 1d, b 2d, c 3d, d 4d")
    assert said.endswith(
        "and you wrote 1d, 2d, 3d, …. Write one, behind them: /trend a, b, c, d 4d"
    )
    assert await ann.read("/trend 7d, 30d") == await ann.read("/trend")
    assert await ann.read("/trend a 1d, b 2d, c, d, e") == await ann.read("/trend a, b, c, d, e")


async def test_what_looks_like_one_is_counted_as_a_word_in_quotes(
    ann: Any, store: Any, post: Any
) -> None:
    await store(post(1, "The model 0d is sold", ago=1))
    assert "1 post" in await ann.read('/trend "0d"')
