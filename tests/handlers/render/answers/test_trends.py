"""Counts over time as text, buttons and what a picture is drawn of: where each limit lies."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handlers.render.answers import trends
from handlers.render.answers.trends import Line, Mark, Trend, in_signs, trend_message
from handlers.render.text.dates import Here
from handlers.render.text.keyboards import RUN, data
from handlers.render.text.messages import DATA_BYTES, Message
from handlers.render.text.rich import utf16_length
from handlers.texts.languages import words_of
from storage.structs import replace

EN = words_of("en")
# In Berlin it is the next day already.
HERE = Here(ZoneInfo("Europe/Berlin"), datetime(2026, 11, 22, 23, 30, 5, 77, tzinfo=UTC))
OTHERS = Line(names=("",), counts=(4, 0, 1))


def trend(*counts: int | None, step: int = 1, **fields: Any) -> Trend:
    """Of one query, the last stretch of which ends today."""
    ago = tuple(range(len(counts) * step - 1, -1, -step))
    totals = (Line(names=("ferry",), counts=counts),)
    return Trend(**{"queries": ("ferry",), "step": step, "ago": ago, "totals": totals, **fields})


def part(name: str, *counts: int | None) -> Line:
    return Line(names=(name, f"@{name}"), counts=counts)


def lines_of(shown: Trend) -> list[str]:
    return trend_message(shown, HERE, EN).text.text.splitlines()


def chart_of(message: Message) -> Any:
    assert message.attachment is not None
    return json.loads(message.attachment.query)


def test_the_days_are_those_of_whoever_reads() -> None:
    message = trend_message(trend(0, 2, 1), HERE, EN)
    assert message.text.text.splitlines() == [
        "📈 ferry: 3 posts of 0 channels in 3 days",
        "The most on a day: 2 (yesterday).",
    ]
    assert chart_of(message)["ticks"] == [[0, "21 Nov"], [1, "22 Nov"], [2, "23 Nov"]]
    assert message.attachment is not None
    assert message.attachment.asked_at == datetime(2026, 11, 22, 23, 30, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((1, 3, 3, 0), "The most on a day: 3 (yesterday)."),
        ((3, 1), "The most on a day: 3 (yesterday)."),
        ((None, 1, None), "The most on a day: 1 (yesterday)."),
    ],
)
def test_of_days_with_as_many_posts_the_last_is_the_top(
    counts: tuple[int | None, ...], told: str
) -> None:
    assert lines_of(trend(*counts))[1] == told


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((1,) * 13, None),
        ((1,) * 7 + (2,) * 7, "The last 7 days: 14; the 7 before: 7."),
        ((9,) + (1,) * 7 + (2,) * 7, "The last 7 days: 14; the 7 before: 7."),
        ((None,) + (1,) * 6 + (2,) * 7, None),
        ((None,) + (1,) * 7 + (2,) * 7, "The last 7 days: 14; the 7 before: 7."),
        ((0,) * 7 + (0,) * 6 + (2000,), "The last 7 days: 2,000; the 7 before: 0."),
    ],
)
def test_two_weeks_are_compared_where_both_are_known_whole(
    counts: tuple[int | None, ...], told: str | None
) -> None:
    course = lines_of(trend(*counts))[1]
    assert course.partition(". ")[2] == (told or "")


def test_weeks_are_compared_as_one_stretch_each() -> None:
    assert lines_of(trend(5, 3, 4, step=7))[:2] == [
        "📈 ferry: 12 posts of 0 channels in 21 days",
        "The most in a week: 5 (from 3 Nov). The last 7 days: 4; the 7 before: 3.",
    ]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"parts": (part("Quay", 1, 2, 0),)}, None),
        (
            {"parts": (part("Quay", 1, 2, 0), part("Pier", 1, 0, 0))},
            "By channel: Quay 3, Pier 1",
        ),
        (
            {"parts": (part("Quay", 1, None, 0),), "others": OTHERS, "other_channels": 1},
            "By channel: Quay 1, 1 other 5",
        ),
        (
            {"parts": (part("Quay", 1, 2, 0),), "others": OTHERS, "other_channels": 2},
            "By channel: Quay 3, 2 others 5",
        ),
        (
            {"parts": (part("Q" * 40, 1, 2, 0), part("P" * 41, 1, 0, 0))},
            f"By channel: {'Q' * 40} 3, {'P' * 39}… 1",
        ),
    ],
)
def test_channels_are_told_apart_where_there_are_several(
    fields: dict[str, Any], told: str | None
) -> None:
    lines = lines_of(trend(1, 2, 0, **fields))
    assert lines[2:] == ([told] if told else [])
    count = len(fields["parts"]) + fields.get("other_channels", 0)
    assert f" of {count} channel{'' if count == 1 else 's'} in" in lines[0]


@pytest.mark.parametrize(
    ("counts", "is_cut", "told"),
    [
        ((1, 0, 2), False, []),
        ((0, 0, 2), True, []),
        ((None, 0, 2), False, ["Of what was posted before yesterday nothing is kept here."]),
        ((None, None, 2), True, ["Counted from today on: the rest takes too long."]),
    ],
)
def test_from_when_on_it_is_known_is_said_where_not_all_is(
    counts: tuple[int | None, ...], is_cut: bool, told: list[str]
) -> None:
    assert lines_of(trend(*counts, is_cut=is_cut))[2:] == told


@pytest.mark.parametrize(
    ("counts", "is_cut", "told"),
    [
        ((None, None), True, ["How many posts there are of that takes too long to count."]),
        ((None, None), False, ["Nothing that is stored here was posted of ferry in 2 days."]),
        ((0,), False, ["Nothing that is stored here was posted of ferry in 1 day."]),
        (
            (None, 0),
            True,
            [
                "Nothing that is stored here was posted of ferry in 2 days.",
                "Counted from today on: the rest takes too long.",
            ],
        ),
    ],
)
def test_nothing_and_not_counted_are_different(
    counts: tuple[int | None, ...], is_cut: bool, told: list[str]
) -> None:
    message = trend_message(trend(*counts, is_cut=is_cut), HERE, EN)
    assert message.text.text.splitlines() == told
    assert message.attachment is None
    assert message.keyboard == ()


def test_a_story_has_the_sign_of_its_place_in_the_picture() -> None:
    marks = (
        Mark(place=0, title="T" * 90, url="https://t.me/quay/1", posts=1),
        Mark(place=2, title="T" * 91, url=None, posts=1200),
    )
    shown = trend(1, 2, 3, marks=marks)
    lines = lines_of(shown)
    assert lines[-3:] == [
        "",
        f"① 21 Nov: {'T' * 90} (1 post)",
        f"② today: {'T' * 89}… (1,200 posts)",
    ]
    assert chart_of(trend_message(shown, HERE, EN))["marks"] == [[0, "1"], [2, "2"]]
    weeks = lines_of(trend(1, 2, 3, step=7, marks=marks[:1]))
    assert weeks[-1] == f"① Week from 3 Nov: {'T' * 90} (1 post)"


def test_stories_give_way_where_a_caption_holds_no_more() -> None:
    names = tuple(part(f"{n}" * 40, 1, 2, 3) for n in range(6))
    marks = tuple(Mark(place=n % 3, title="T" * 90, url=None, posts=3) for n in range(5))
    several = tuple("q" * 60 + str(n) for n in range(4))
    shown = trend(1, 2, 3, parts=names, marks=marks)
    message = trend_message(shown, HERE, EN)
    assert utf16_length(message.text.text) <= trends.CAPTION_UNITS
    assert len(chart_of(message)["marks"]) == sum(sign in message.text.text for sign in "①②③④⑤")
    line = Line(names=("q",), counts=(1,) * 14)
    crowded = replace(
        trend(*(1,) * 14, marks=marks),
        queries=several,
        totals=(line,) * 4,
        marks=tuple(replace(one, title="T" * 90, posts=10**15) for one in marks),
    )
    message = trend_message(crowded, HERE, EN)
    shown_marks = chart_of(message)["marks"]
    assert 0 < len(shown_marks) < 5
    assert shown_marks == [[n % 3, str(n + 1)] for n in range(len(shown_marks))]
    assert utf16_length(message.text.text) <= trends.CAPTION_UNITS


def test_the_caption_is_full_to_the_last_unit() -> None:
    def told(units: int) -> str:
        marks = tuple(Mark(place=0, title="T" * 90, url=None, posts=3) for _ in range(4))
        parts = (*(part("N" * 40, 1, 2, 3) for _ in range(11)), part("N" * units, 1, 2, 3))
        return trend_message(trend(1, 2, 3, parts=parts, marks=marks), HERE, EN).text.text

    lengths = {units: utf16_length(told(units)) for units in range(1, 41)}
    assert trends.CAPTION_UNITS in lengths.values()
    assert max(lengths.values()) == trends.CAPTION_UNITS
    full = next(units for units, length in lengths.items() if length == trends.CAPTION_UNITS)
    assert "④" in told(full)
    assert "④" not in told(full + 1) and "③" in told(full + 1)


def test_without_any_story_the_rest_is_cut() -> None:
    parts = tuple(part(f"{n:040}", 1, 2, 3) for n in range(40))
    text = trend_message(trend(1, 2, 3, parts=parts), HERE, EN).text.text
    assert trends.CAPTION_UNITS - 44 < utf16_length(text) <= trends.CAPTION_UNITS
    assert text.endswith(" 6,…")


@pytest.mark.parametrize("over", [0, 1])
def test_all_posts_are_a_press_away_where_a_button_holds_the_query(over: int) -> None:
    room = DATA_BYTES - len(data(RUN, "search", "").encode())
    query = "q" * (room + over)
    message = trend_message(trend(1, queries=(query,)), HERE, EN)
    found = [(button.text, button.data) for row in message.keyboard for button in row]
    assert found == ([] if over else [("🔎 All posts", data(RUN, "search", query))])


@pytest.mark.parametrize(("units", "written"), [(60, "q" * 60), (61, "q" * 59 + "…")])
def test_a_long_query_is_cut_in_the_text_and_whole_in_the_picture(units: int, written: str) -> None:
    message = trend_message(trend(1, queries=("q" * units,)), HERE, EN)
    assert message.text.text.startswith(f"📈 {written}: 1 post of ")
    assert chart_of(message)["title"] == "q" * units


def test_what_is_drawn_of_one_query_is_its_channels() -> None:
    parts = (part("Quay", None, 2, 0), part("Pier", None, 1, 0))
    shown = trend(
        None, 3, 1200, parts=parts, others=Line(names=("",), counts=(None, 0, 1200)),
        other_channels=2,
    )  # fmt: skip
    chart = chart_of(trend_message(shown, HERE, EN))
    assert chart == {
        "title": "ferry",
        "note": "1,203 posts · 3 days",
        "stacked": True,
        "step": 1,
        "rest": True,
        "mean": False,
        "thousands": ",",
        "unknown": 1,
        "parts": [
            {"names": ["Quay", "@Quay"], "total": "2", "counts": [None, 2, 0]},
            {"names": ["Pier", "@Pier"], "total": "1", "counts": [None, 1, 0]},
            {"names": ["2 others"], "total": "1,200", "counts": [None, 0, 1200]},
        ],
        "ticks": [[0, "21 Nov"], [1, "22 Nov"], [2, "23 Nov"]],
        "marks": [],
    }
    assert chart_of(trend_message(trend(1, parts=parts), HERE, EN))["rest"] is False


@pytest.mark.parametrize(("days", "note"), [(44, "44 days"), (45, "45 days · each line the mean")])
def test_what_is_drawn_of_several_queries_is_each_of_them(days: int, note: str) -> None:
    counts = (1,) * days
    totals = (Line(names=("ferry",), counts=counts), Line(names=("tram",), counts=(0,) * days))
    shown = trend(*counts, queries=("ferry", "tram"), totals=totals, others=OTHERS)
    message = trend_message(shown, HERE, EN)
    chart = chart_of(message)
    assert (chart["title"], chart["stacked"], chart["rest"]) == ("", False, False)
    assert chart["note"].startswith(note) and chart["note"].count("mean") == (days == 45)
    assert [one["total"] for one in chart["parts"]] == [str(days), "0"]
    assert message.keyboard == ()
    assert message.text.text.splitlines()[-1] == "2. tram: 0 posts"


@pytest.mark.parametrize(
    ("count", "places"),
    [
        (1, [0]),
        (2, [0, 1]),
        (5, [0, 1, 2, 3, 4]),
        (6, [1, 3, 5]),
        (9, [0, 2, 4, 6, 8]),
        (10, [1, 3, 5, 7, 9]),
        (11, [0, 2, 5, 8, 10]),
        (30, [0, 7, 14, 22, 29]),
    ],
)
def test_at_most_five_days_are_named_below_the_picture(count: int, places: list[int]) -> None:
    chart = chart_of(trend_message(trend(*(1,) * count), HERE, EN))
    assert [place for place, _ in chart["ticks"]] == places


def test_a_day_of_another_year_has_its_year_and_leaves_room_for_it() -> None:
    ago = tuple(range(365, -1, -1))
    counts = (1,) * len(ago)
    totals = (Line(names=("ferry",), counts=counts),)
    chart = chart_of(trend_message(trend(1, ago=ago, totals=totals), HERE, EN))
    assert [place for place, _ in chart["ticks"]] == [0, 122, 243, 365]
    assert [day for _, day in chart["ticks"]] == ["23 Nov 2025", "25 Mar", "24 Jul", "23 Nov"]


def test_a_day_is_known_where_it_is_of_any_query() -> None:
    totals = (
        Line(names=("a",), counts=(None, None, 1)),
        Line(names=("b",), counts=(None, 0, 1)),
    )
    lines = lines_of(trend(None, None, 1, queries=("a", "b"), totals=totals))
    assert lines[-1] == "Of what was posted before yesterday nothing is kept here."


def signs_of(shown: Trend) -> list[str]:
    plain = in_signs(trend_message(shown, HERE, EN), EN)
    assert plain.attachment is None
    return plain.text.text.split("\n\n")[-1].splitlines()


@pytest.mark.parametrize(
    ("counts", "step", "signs", "days"),
    [
        ((0,) * 30 + (1,), 1, "·" * 30 + "█", "A sign is 1 day."),
        # Of 32 each sign is two; of 33 the first has one alone.
        ((1,) + (0,) * 29 + (1, 1), 1, "▄" + "·" * 14 + "█", "A sign is 2 days."),
        ((1,) + (0,) * 30 + (1, 1), 1, "▄" + "·" * 15 + "█", "A sign is 2 days."),
        ((None,) * 4 + (0,) * 27 + (1,), 1, "░░" + "·" * 13 + "█", "A sign is 2 days."),
        ((None,) * 3 + (0,) * 28 + (1,), 1, "░" + "·" * 14 + "█", "A sign is 2 days."),
        ((0, 2, 1), 7, "·█▄", "A sign is 7 days."),
    ],
)
def test_where_no_picture_can_be_had_signs_stand_for_days(
    counts: tuple[int | None, ...], step: int, signs: str, days: str
) -> None:
    alone = part("Quay", *counts)
    assert signs_of(trend(*counts, step=step, parts=(alone,))) == [signs, days]


def test_channels_are_one_line_of_signs_and_queries_one_each() -> None:
    parts = (part("Quay", 1, 0, 0), part("Pier", 1, 1, None))
    assert signs_of(trend(2, 1, 0, parts=parts)) == ["█▄·", "A sign is 1 day."]
    totals = (Line(names=("a",), counts=(2, 1, 0)), Line(names=("b",), counts=(0, 0, 1)))
    shown = trend(2, 1, 0, queries=("a", "b"), totals=totals)
    assert signs_of(shown) == ["█▄·", "··█", "A sign is 1 day."]
    nothing = trend_message(trend(0, 0), HERE, EN)
    assert in_signs(nothing, EN) is nothing
