"""Times of day as people write them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.times import clocks


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("08:00", time(8)),
        ("8", time(8)),
        ("8.30", time(8, 30)),
        ("20:15", time(20, 15)),
        ("0:00", time(0)),
        ("8am", time(8)),
        ("8 AM", time(8)),
        ("8:30 p.m.", time(20, 30)),
        ("12am", time(0)),
        ("12 pm", time(12)),
        ("12 p.m.", time(12)),
        ("8p.m", time(20)),
        ("20.15", time(20, 15)),
        ("at 8pm", time(20)),
        ("8 вечера", time(20)),
        ("8:30 Вечера", time(20, 30)),
        ("20 вечера", time(20)),
        ("в 9", time(9)),
        ("в 9 утра", time(9)),
        ("к 9 часам", None),
        ("в 9 часов", time(9)),
        ("в 9 часов вечера", time(21)),
        ("3 дня", time(15)),
        ("в 3 часа дня", time(15)),
        ("12 дня", time(12)),
        ("12 ночи", time(0)),
        ("2 ночи", time(2)),
        ("11 ночи", time(23)),
        ("12 вечера", time(0)),
        ("0:30 ночи", time(0, 30)),
        ("noon", time(12)),
        ("Midnight", time(0)),
        ("полдень", time(12)),
        ("в полночь", time(0)),
        ("23 ночи", time(23)),
        ("5 ночи", time(5)),
        ("7 ночи", None),
        ("1 вечера", None),
        ("20pm", None),
        ("13 утра", None),
        ("0 дня", None),
        ("25 вечера", None),
        ("8 вечеров", None),
        ("noon 8", None),
        ("24:00", None),
        ("8:60", None),
        ("13pm", None),
        ("0am", None),
        ("8:3", None),
        ("morning", None),
        ("", None),
        ("٣", time(3)),
    ],
)
def test_times_of_day(text: str, clock: time | None) -> None:
    assert clocks.parse_clock(text) == clock


TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(
    TIMES, st.sampled_from(["{:%H:%M}", "{:%H.%M}", "{:%I:%M %p}", "at {:%I.%M%p}", "в {:%H:%M}"])
)
def test_every_minute_is_read_as_it_was_written(at: time, form: str) -> None:
    assert clocks.parse_clock(form.format(at)) == at


def _part(at: time) -> str:
    return ("ночи", "утра", "дня", "вечера")[(at.hour >= 4) + (at.hour >= 12) + (at.hour >= 17)]


@given(TIMES)
def test_every_minute_is_read_with_its_part_of_the_day(at: time) -> None:
    assert clocks.parse_clock(f"{at.hour % 12 or 12}:{at:%M} {_part(at)}") == at


@given(TIMES, st.sampled_from(["Europe/Berlin", "по Москве", "Amsterdam", "urgent"]))
def test_what_stands_after_a_time_is_left(at: time, after: str) -> None:
    assert clocks.read_clock(f"{at:%H:%M}  {after}") == (at, after)


@pytest.mark.parametrize(
    ("text", "hour", "after"),
    [
        ("AT 8 PM oil\nspill", 20, "oil\nspill"),
        ("8 O'CLOCK oil", 8, "oil"),
        ("NOON\tx\ny", 12, "x\ny"),
        ("8 AM", 8, ""),
    ],
)
def test_case_and_lines_are_nothing_to_a_time(text: str, hour: int, after: str) -> None:
    assert clocks.read_clock(text) == (time(hour), after)


@given(st.text(max_size=60))
def test_any_text_is_a_time_or_none(text: str) -> None:
    found = clocks.parse_clock(text)
    assert found is None or found.second == 0
