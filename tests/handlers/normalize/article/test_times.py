"""The time line of a news page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.normalize.article import times
from handlers.normalize.article.times import PageTime


@pytest.mark.parametrize(
    ("line", "date", "clock", "zone"),
    [
        ("5 May. 16:30", "--05-05", "16:30", None),
        ("30 October 2024 15:05 (UTC+04:00)", "2024-10-30", "15:05", "+04:00"),
        ("21 сентября 2025, 13:50", "2025-09-21", "13:50", None),
        ("5 мая 2022 г., 16:30 МСК", "2022-05-05", "16:30", "+03:00"),
        ("Friday, May 5, 2023", "2023-05-05", None, None),
        ("08:05 GMT 18.01.2023", "2023-01-18", "08:05", "Z"),
        ("08:05 MSK 18.01.2023", "2023-01-18", "08:05", "+03:00"),
        ("08:05 UTC 18.01.2023", "2023-01-18", "08:05", "Z"),
        ("2024-02-09T07:01+0000", "2024-02-09", "07:01", "Z"),
        ("2024-02-09 07:01:30+05:30", "2024-02-09", "07:01", "+05:30"),
        ("19:26, November 28, 2011", "2011-11-28", "19:26", None),
        ("Posted: Nov 02, 2016 9:59 PM", "2016-11-02", "21:59", None),
        ("Published: 12 May 2020, 12:05 a.m.", "2020-05-12", "00:05", None),
        ("• 11/13/2024", "2024-11-13", None, None),
        ("6 May 201619:21", "2016-05-06", "19:21", None),
        ("Posted: 6 May 201619:21", "2016-05-06", "19:21", None),
        ("Published: Fri, 6 May 201619:21 GMT", "2016-05-06", "19:21", "Z"),
        ("Posted: 11/13/2024 15:00", "2024-11-13", "15:00", None),
        ("12:58 17/01/2017", "2017-01-17", "12:58", None),
        ("6 Apr, 2010 02:49 / Updated 2 hours ago", "2010-04-06", "02:49", None),
        ("01/08/2022 08:01 PM EST", "2022-01-08", "20:01", None),
        ("·  2026-03-08  ·   Source: The Crier", "2026-03-08", None, None),
        ("5 May 2022 · 16:30 Share on Facebook", "2022-05-05", "16:30", None),
        ("11 Sep. 15:00 (UTC+3 MSK)", "--09-11", "15:00", "+03:00"),
        ("Wed, 3 Jun 2026 16:05:00 GMT", "2026-06-03", "16:05", "Z"),
        ("Published: 16:05 BST, 3 June 2026", "2026-06-03", "16:05", None),
        ("Mittwoch, 3. Juni 2026, 16:05 Uhr", "2026-06-03", "16:05", None),
        ("Publicado: 3 jun 2026 16:05 GMT", "2026-06-03", "16:05", "Z"),
        ("Опубліковано 3 червня 2026, 16:05", "2026-06-03", "16:05", None),
    ],
)
def test_a_time_line_gives_what_it_says(
    line: str, date: str, clock: str | None, zone: str | None
) -> None:
    assert times.parse(line) == PageTime(date=date, clock=clock, zone=zone)


@pytest.mark.parametrize(
    "line",
    [
        "19:26",
        "Towns in 2022",
        "1509 GMT — A bridge opens",
        "05/06/2022",
        "31/02/2022",
        "5 May 2022 Share prices fall",
        "May Day",
        "",
        "  ",
    ],
)
def test_other_lines_are_no_time(line: str) -> None:
    assert times.parse(line) is None


def test_a_section_may_stand_before_the_time() -> None:
    found = times.split("Town News 1 January 2024 11:46 (UTC +04:00)")
    assert found == ("Town News", PageTime(date="2024-01-01", clock="11:46", zone="+04:00"))
    found = times.split("World News | June 3, 2026 4:05 PM")
    assert found == ("World News", PageTime(date="2026-06-03", clock="16:05"))


@pytest.mark.parametrize(
    "line",
    [
        "Briefing on June 3, 2026 4:05 PM",
        "Minister arrives Wednesday June 3, 2026 4:05 PM",
        "Town News June 3, 4:05 PM",
        "Town News 4:05 PM",
        "Town News June 3, 2026",
    ],
)
def test_a_headline_that_ends_in_a_time_is_a_headline(line: str) -> None:
    assert times.split(line) is None


@pytest.mark.parametrize(
    "word",
    ["On", "At", "By", "From", "Until", "Till", "В", "На", "С", "До", "По", "К", "От"],
)
def test_a_label_that_leads_on_to_the_time_is_no_section(word: str) -> None:
    assert times.split("Town News June 3, 2026 4:05 PM") is not None
    assert times.split(f"Town {word} June 3, 2026 4:05 PM") is None
    assert times.split(f"Порт {word} 3 июня 2026 16:05") is None


@given(st.text(alphabet="0123456789:./-+ MayGMTUTC()", max_size=60))
def test_no_line_is_too_odd(line: str) -> None:
    times.parse(line)
    times.split(line)


@pytest.mark.parametrize(
    "line", ["01/08/202214:05 EST", "01/08/20225:05 PM EST", "23/08/202214:05", "23/08/20225:05"]
)
def test_a_year_has_four_digits_in_dates_with_slashes(line: str) -> None:
    assert times.parse(line) is None
    assert times.parse(f"{line[:10]} {line[10:]}") is not None
