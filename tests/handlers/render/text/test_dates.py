"""Dates as people read them, in every language and zone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.render.text import dates
from handlers.render.text.dates import Here, here_in
from handlers.texts.languages import words_of

EN, RU = words_of("en"), words_of("ru")
NOW = datetime(2026, 11, 27, 20, tzinfo=UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-11-28T09:05", "28 Nov"),
        ("2026-11-27T23:59", "today"),
        ("2026-11-26T00:00", "yesterday"),
        ("2026-11-25T23:59", "25 Nov"),
        ("2025-12-31T22:00", "31 Dec 2025"),
    ],
)
def test_a_day_is_told_without_its_time(at: str, day: str) -> None:
    assert dates.day_of(utc(at), here_in("UTC", NOW), EN) == day
    local = dates.dated(utc(at), ZoneInfo("Europe/Moscow"), EN)
    assert local == f"{utc(at) + timedelta(hours=3):%-d %b %-H:%M}"


@pytest.mark.parametrize(
    ("at", "zone", "english", "russian"),
    [
        ("2026-11-27T18:42", "Europe/Moscow", "today 21:42", "сегодня 21:42"),
        ("2026-11-27T06:05", "Europe/Moscow", "today 9:05", "сегодня 9:05"),
        ("2026-11-26T06:05", "Europe/Moscow", "yesterday 9:05", "вчера 9:05"),
        ("2026-11-25T20:59", "Europe/Moscow", "25 Nov", "25 ноя"),
        ("2026-11-25T21:00", "Europe/Moscow", "yesterday 0:00", "вчера 0:00"),
        ("2024-11-26T06:05", "Europe/Moscow", "26 Nov 2024", "26 ноя 2024"),
        # In Auckland it is the 28th already.
        ("2026-11-27T06:00", "Pacific/Auckland", "yesterday 19:00", "вчера 19:00"),
        ("2026-11-27T06:00", "America/Los_Angeles", "yesterday 22:00", "вчера 22:00"),
        ("2026-05-09T06:00", "UTC", "9 May", "9 мая"),
        ("2025-12-31T22:00", "UTC", "31 Dec 2025", "31 дек 2025"),
        ("2025-12-31T22:00", "Europe/Moscow", "1 Jan", "1 янв"),
        # A message that came on the 27th, and is updated on the 28th.
        ("2026-11-28T09:05", "UTC", "28 Nov 9:05", "28 ноя 9:05"),
    ],
)
def test_what_has_been(at: str, zone: str, english: str, russian: str) -> None:
    here = here_in(zone, NOW)
    assert dates.moment(utc(at), here, EN) == english
    assert dates.moment(utc(at), here, RU) == russian


@pytest.mark.parametrize(
    ("at", "english", "russian"),
    [
        ("2026-11-27T21:42", "today 21:42", "сегодня 21:42"),
        ("2026-11-28T08:00", "tomorrow 8:00", "завтра 8:00"),
        ("2026-11-29T08:00", "29 Nov 8:00", "29 ноя 8:00"),
        ("2027-01-02T08:00", "2 Jan 2027 8:00", "2 янв 2027 8:00"),
    ],
)
def test_what_is_to_come(at: str, english: str, russian: str) -> None:
    assert dates.coming(utc(at), here_in("UTC", NOW), EN) == english
    assert dates.coming(utc(at), here_in("UTC", NOW), RU) == russian


@given(
    at=st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)),  # noqa: DTZ001
    zone=st.sampled_from(["UTC", "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns"]),
)
def test_the_day_is_the_readers_and_never_left_out(at: datetime, zone: str) -> None:
    here = Here(ZoneInfo(zone), NOW)
    told = dates.moment(at.replace(tzinfo=UTC), here, EN)
    local = at.replace(tzinfo=UTC).astimezone(here.zone)
    today = NOW.astimezone(here.zone).date()
    if told.startswith("today "):
        assert local.date() == today
    elif told.startswith("yesterday "):
        assert local.date() == today - timedelta(days=1)
    else:
        assert told.startswith(f"{local.day} {EN.months_short[local.month - 1]}")
        assert (str(local.year) in told) == (local.year != today.year)


@pytest.mark.parametrize(
    ("at", "shown"), [(time(0), "0:00"), (time(9, 5), "9:05"), (time(21, 42), "21:42")]
)
def test_times_of_day(at: time, shown: str) -> None:
    assert dates.clock(at) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-11-22T10:00:00Z", "2026-11-22 11:00 CET"),
        ("2026-07-22T10:00:00Z", "2026-07-22 12:00 CEST"),
        ("2026-11-22", "22 Nov 2026"),
        ("2024-11-22", "22 Nov 2024"),
        ("2026-11-22T10:00", "22 Nov 2026"),
        ("2026-11-22T10:00:30", "22 Nov 2026"),
        ("2026-11-31T10:00:00Z", None),
        ("--11-22", "22 Nov (year unknown)"),
        ("2026-11", "November 2026"),
        ("2026", "2026"),
        ("9999-12-31T23:59:59-12:00", None),
        ("whenever", None),
        (None, None),
    ],
)
def test_what_is_read_later_names_no_day_that_passes(text: str | None, shown: str | None) -> None:
    here = here_in("Europe/Berlin", datetime(2026, 11, 22, 12, tzinfo=UTC))
    assert dates.lasting(text, here, EN) == shown


def test_an_unknown_zone_is_utc() -> None:
    assert str(dates.zone_of("Mars/Olympus")) == "UTC"
