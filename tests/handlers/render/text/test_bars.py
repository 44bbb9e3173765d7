"""Bars: the greatest is the highest, a day without is told from one that nobody counted."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.render.text.bars import HEIGHTS, NONE, UNKNOWN, Matches, bars, matches_text
from handlers.render.text.dates import Here
from handlers.texts.languages import words_of

HERE = Here(ZoneInfo("Asia/Tokyo"), datetime(2026, 1, 2, 16, tzinfo=UTC))  # the 3rd, there
EN, RU = words_of("en"), words_of("ru")


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        ([], ""),
        ([0, 0], "··"),
        ([1], "█"),
        ([None, 0, 1, 8], "░·▁█"),
        ([1, 100, 80, 50], "▁█▇▄"),
    ],
)
def test_bars(counts: list[int | None], line: str) -> None:
    assert bars(counts) == line


@given(st.lists(st.none() | st.integers(0, 5000), max_size=40))
def test_a_greater_number_has_no_lower_bar(counts: list[int | None]) -> None:
    line = bars(counts)
    assert len(line) == len(counts)
    signs = f"{UNKNOWN}{NONE}{HEIGHTS}"
    ranked = sorted(zip((-1 if n is None else n for n in counts), line, strict=True))
    assert [sign for _, sign in ranked] == sorted(line, key=signs.index)


def said(days: list[int | None], *, cut: bool = False) -> list[str]:
    whole = [*[0] * (30 - len(days)), *days]
    return matches_text(Matches(tuple(whole), 1000, cut), HERE, EN).text.split("\n")


def test_the_greatest_day_is_named_in_the_zone_of_who_reads() -> None:
    assert said([5, 1, 0])[0::2] == ["7 days: 6 posts", "30 days: 6 posts, most on 1 Jan"]
    assert said([5, 0, 0, 0])[2].endswith("most on 31 Dec 2025")
    assert said([0, 9])[2].endswith("most on today")


@pytest.mark.parametrize("days", [[1], [3, 3], [0]])
def test_no_day_is_named_that_stands_out_from_none(days: list[int | None]) -> None:
    assert "most" not in said(days)[2]


def test_a_day_that_was_not_counted_to_its_end_is_said_to_be_more() -> None:
    assert said([1000, 500])[0] == "7 days: ≥ 1,500 posts"


def test_what_was_not_counted_is_said() -> None:
    cut = Matches((*[None] * 26, 1, 2, 3, 4), 1000, is_cut=True)
    lines = matches_text(cut, HERE, EN).text.split("\n")
    assert lines[1] == "░░░▂▄▆█"
    assert lines[-1] == "counted from 31 Dec 2025 on: the rest took too long"
    none = matches_text(Matches((None,) * 30, 1000), HERE, EN).text
    assert none == "How many posts match takes too long to count."


def test_a_line_of_bars_fits_on_a_phone() -> None:
    for words in (EN, RU):
        wide = matches_text(Matches((999,) * 29 + (1000,), 1000), HERE, words).text
        assert max(map(len, wide.split("\n"))) <= 48
