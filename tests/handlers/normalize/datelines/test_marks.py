"""Where datelines end."""

import pytest

from handlers.normalize.datelines import marks


@pytest.mark.parametrize(
    ("window", "tight", "loose"),
    [
        ("- x", 1, 1),
        ("-x", 1, None),
        (" -- x", 3, 3),
        (" --x", 3, 3),
        ("—", 1, 1),
        ("—x", 1, None),
        (". x", 1, 1),
        (".X", 1, 1),
        (".x", None, None),
        (".", 1, 1),
        (". - x", 3, 3),
        (".- x", 2, 2),
        (".-x", 2, 2),
        (": x", 1, 1),
        (":x", 1, 1),
        ("x", None, None),
        ("", None, None),
    ],
)
def test_where_a_dateline_ends(window: str, tight: int | None, loose: int | None) -> None:
    for start in (0, 4):
        text = "OSLO"[:start] + window
        found = [marks.find_end(text, start, tight=is_tight) for is_tight in (True, False)]
        assert found == [end if end is None else end + start for end in (tight, loose)]


@pytest.mark.parametrize(
    ("window", "past"),
    [(",  x", 3), (", \t\xa0x", 4), ("x", 0), ("", 0), (",", 1), ("  x", 2), (",,x", 1), (";x", 0)],
)
def test_past_one_mark_and_its_spaces(window: str, past: int) -> None:
    assert marks.skip(window, 0, ",.") == past
    assert marks.skip(f"x{window}", 1, ",.") == past + 1
