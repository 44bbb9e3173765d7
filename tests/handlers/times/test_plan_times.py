"""When a plan comes, as people write it in either language."""

import re
from datetime import time
from pathlib import Path

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from handlers.render.text.plan_times import times_text
from handlers.times.plan_times import PlanTimes, TimesError, parse_times, read_times, write_times

GUIDE = Path(__file__).parents[3] / "docs" / "digests.md"


@pytest.mark.parametrize(
    ("text", "kept", "rest"),
    [
        ("daily 08:00", "daily 08:00", ""),
        ("every day at 8 and 20:30", "daily 08:00, 20:30", ""),
        ("08:00 Europe/Berlin", "daily 08:00", "Europe/Berlin"),
        ("8pm, 9 in the morning ice", "daily 09:00, 20:00", "ice"),
        ("noon", "daily 12:00", ""),
        ("Daily 7am Tokyo", "daily 07:00", "Tokyo"),
        ("at 9 Moscow time", "daily 09:00", "Moscow time"),
        ("weekdays 8, 18:00 grain -sport", "weekdays 08:00, 18:00", "grain -sport"),
        ("on weekends 10", "weekends 10:00", ""),
        ("weekly mon 9", "weekly mon 09:00", ""),
        ("Mondays at 9", "weekly mon 09:00", ""),
        ("mon, thu and sat 9, 21:30 x", "weekly mon, thu, sat 09:00, 21:30", "x"),
        ("mon-fri 9", "weekdays 09:00", ""),
        ("mon - fri 9", "weekdays 09:00", ""),
        ("mon –  fri 9", "weekdays 09:00", ""),
        ("fri-mon 10", "weekly mon, fri, sat, sun 10:00", ""),
        ("every 3h", "every 3h", ""),
        ("every 6 hours ice OR snow", "every 6h", "ice OR snow"),
        ("every hour", "every 1h", ""),
        ("hourly 9-18", "hourly 9-18", ""),
        ("hourly from 9am to 6pm ice", "hourly 9-18", "ice"),
        ("hourly 22-1", "daily 00:00, 01:00, 22:00, 23:00", ""),
        ("weekdays hourly 9-18", "weekdays hourly 9-18", ""),
        ("weekdays every 12h", "weekdays every 12h", ""),
        ("daily 0:00, 12:00", "every 12h", ""),
        ("ежедневно в 8 вечера по Москве", "daily 20:00", "по Москве"),
        ("каждый день в 8 и 20", "daily 08:00, 20:00", ""),
        ("полдень", "daily 12:00", ""),
        ("будни 8, 18:00 зерно -спорт", "weekdays 08:00, 18:00", "зерно -спорт"),
        ("по выходным в 10", "weekends 10:00", ""),
        ("еженедельно пн 9", "weekly mon 09:00", ""),
        ("по понедельникам и четвергам в 9 утра", "weekly mon, thu 09:00", ""),
        ("пн-пт 9:30", "weekdays 09:30", ""),
        ("каждые 3 часа", "every 3h", ""),
        ("раз в 6 часов лёд", "every 6h", "лёд"),
        ("каждый час с 9 до 18", "hourly 9-18", ""),
        ("ежечасно 9–18", "hourly 9-18", ""),
    ],
)
def test_times_are_read(text: str, kept: str, rest: str) -> None:
    found = read_times(text)
    assert found is not None
    assert (write_times(found[0]), found[1]) == (kept, rest)
    assert parse_times(kept) == found[0]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("daily 9", {0, 1, 2, 3, 4, 5, 6}),
        ("9:00", {0, 1, 2, 3, 4, 5, 6}),
        ("weekdays 9", {0, 1, 2, 3, 4}),
        ("weekends 9", {5, 6}),
        ("weekly sun 9", {6}),
        ("weekly mon, sat 9", {0, 5}),
        ("weekends and mon 9", {0, 5, 6}),
        ("sat-mon 9", {0, 5, 6}),
        ("sun-sun 9", {6}),
        ("по выходным в 9", {5, 6}),
    ],
)
def test_days_are_counted_from_monday(text: str, days: set[int]) -> None:
    assert parse_times(text).days == days


def test_the_times_of_the_guide_are_read() -> None:
    rows = [line for line in GUIDE.read_text("utf-8").splitlines() if line.startswith("| `")]
    written = [text for row in rows for text in re.findall("`([^`]+)`", row)]
    assert len(written) > 15
    for text in written:
        found = read_times(text)
        assert found is not None and not found[1], text


@pytest.mark.parametrize(
    ("text", "problem", "about"),
    [
        ("daily", "time", ""),
        ("daily 25:00", "time", "25:00"),
        ("25:00 UTC", "time", "25:00"),
        ("8:3 Paris", "time", "8:3 Paris"),
        ("daily Europe/Berlin", "time", "Europe/Berlin"),
        ("weekdays noonish", "time", "noonish"),
        ("weekly", "day", "weekly"),
        ("weekly 9", "day", "weekly 9"),
        ("еженедельно 9", "day", "еженедельно 9"),
        ("every 5h", "step", "every 5h"),
        ("каждые 90 часов", "step", "каждые 90 часов"),
        ("hourly 9", "hours", "9"),
        ("hourly 9-30", "hours", "9-30"),
        ("daily " + ", ".join(f"8:{minute}" for minute in range(10, 40)), "many", None),
    ],
)
def test_what_is_wrong_is_named(text: str, problem: str, about: str | None) -> None:
    with pytest.raises(TimesError) as error:
        read_times(text)
    assert error.value.problem == problem
    assert about is None or error.value.text == about


@pytest.mark.parametrize(
    "text", ["", "later please", "Europe/Berlin", "noonday", "every", "dailyx"]
)
def test_what_begins_like_no_times_is_something_else(text: str) -> None:
    assert read_times(text) is None


@examples(60)
@given(
    days=st.frozensets(st.integers(0, 6), min_size=1),
    hours=st.sets(st.integers(0, 23), min_size=1),
    minutes=st.sampled_from([0, 0, 30]),
)
def test_what_is_kept_is_read_the_same(days: frozenset[int], hours: set[int], minutes: int) -> None:
    when = PlanTimes(days, tuple(time(hour, minutes) for hour in sorted(hours)))
    assert parse_times(write_times(when)) == when


@examples(100)
@given(st.text(max_size=80) | st.from_regex(r"(daily|пн|every|hourly) .{0,40}"))
def test_hostile_text_is_read_or_refused(text: str) -> None:
    try:
        read_times(text)
    except TimesError as error:
        assert error.problem


@pytest.mark.parametrize(
    ("kept", "english", "russian"),
    [
        ("daily 08:00", "every day at 8:00", "каждый день в 8:00"),
        ("daily 08:00, 12:00, 18:30", "every day at 8:00, 12:00 and 18:30", None),
        ("weekdays 08:00, 18:00", "on weekdays at 8:00 and 18:00", "по будням в 8:00 и 18:00"),
        ("weekends 10:00", "on weekends at 10:00", "по выходным в 10:00"),
        ("weekly mon, thu 09:00", "on Mon, Thu at 9:00", "по пн, чт в 9:00"),
        ("every 1h", "every hour", "каждый час"),
        ("every 3h", "every 3 hours", "каждые 3 часа"),
        ("weekdays every 3h", "every 3 hours, on weekdays", "каждые 3 часа, только по будням"),
        ("hourly 9-18", "every hour from 9:00 to 18:00", "каждый час с 9:00 до 18:00"),
    ],
)
def test_times_are_said(kept: str, english: str, russian: str | None) -> None:
    when = parse_times(kept)
    assert times_text(when, "en") == english
    assert russian is None or times_text(when, "ru") == russian


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("9, 10, 11", "daily hourly 9-11"),
        ("9, 10", "daily 09:00, 10:00"),
        ("9, 10, 12", "daily 09:00, 10:00, 12:00"),
        ("9:30, 10:30, 11:30", "daily 09:30, 10:30, 11:30"),
    ],
)
def test_three_times_an_hour_apart_are_told_as_hourly(text: str, kept: str) -> None:
    assert write_times(parse_times(text)) == kept.replace("daily hourly", "hourly")


@pytest.mark.parametrize(("text", "left"), [("oil", "oil"), ("8:00 oil", "oil"), ("", "")])
def test_what_is_no_times_alone_is_named(text: str, left: str) -> None:
    with pytest.raises(TimesError) as caught:
        parse_times(text)
    assert (caught.value.problem, caught.value.text) == ("time", left)
    assert str(caught.value) == f"times of a plan: time: {left!r}"
