from argparse import ArgumentTypeError
from datetime import timedelta

import pytest

from bot.commands.arguments import MOST, positive, span


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("007", 7), (str(MOST), MOST)])
def test_numbers_from_one_on(text: str, number: int) -> None:
    assert positive(text) == number


@pytest.mark.parametrize("text", ["", "0", "-1", "+1", "1.5", "1e3", " 1", "٣", "²", str(MOST + 1)])
def test_what_is_no_such_number_is_named(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="is not a number from 1 to 1000000"):
        positive(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [("24h", timedelta(hours=24)), ("3d", timedelta(days=3)), ("2w", timedelta(weeks=2))],
)
def test_spans_of_time(text: str, found: timedelta) -> None:
    assert span(text) == found


@pytest.mark.parametrize("text", ["soon", "5000d", "0d", "-3d"])
def test_what_is_no_span_is_named_with_what_to_write(text: str) -> None:
    said = f"'{text}' is no span of time from 1h to 366d; write 24h, 3d or 2w"
    with pytest.raises(ArgumentTypeError, match=said):
        span(text)
