"""When a message of Telegram Desktop's HTML export was posted."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from handlers.normalize.desktop import html_times

DAY = "2023-03-01"


@pytest.mark.parametrize(
    ("title", "text", "day", "moment", "precision", "known"),
    [
        ("13.03.2023 10:00:05", "", DAY, "2023-03-13T10:00:05", "second", False),
        ("13.03.2023, 10:00:05", "", None, "2023-03-13T10:00:05", "second", False),
        ("13.03.2023 10:00:05 UTC", "", DAY, "2023-03-13T10:00:05Z", "second", True),
        ("13.03.2023 10:00:05 GMT+2", "", DAY, "2023-03-13T08:00:05Z", "second", True),
        ("13.03.2023 10:00:05 UTC+03:00", "", DAY, "2023-03-13T07:00:05Z", "second", True),
        ("13.03.2023 10:00:05 UTC-05:30", "", DAY, "2023-03-13T15:30:05Z", "second", True),
        ("13.03.2023 10:00:05 UTC+0330", "", DAY, "2023-03-13T06:30:05Z", "second", True),
        ("March 13, 2023 10:00", "", DAY, "2023-03-13T10:00", "minute", False),
        ("13 March 2023", "", DAY, "2023-03-13", "day", True),
        ("32.03.2023 10:00:05", "", DAY, "2023-03-01T10:00:05", "second", False),
        ("32.03.2023 10:00:05", "", None, None, "none", True),
        ("March 2023 10:00", "", None, None, "none", True),
        ("", "10:00", DAY, "2023-03-01T10:00", "minute", False),
        ("", "9:05:07", DAY, "2023-03-01T09:05:07", "second", False),
        ("", "10:00", None, None, "none", True),
        ("", "25:00", DAY, "2023-03-01", "day", True),
        ("", "110:00", DAY, "2023-03-01", "day", True),
        ("", "10:00:05:1", DAY, "2023-03-01", "day", True),
        ("", "words", DAY, "2023-03-01", "day", True),
        ("", "", None, None, "none", True),
    ],
)
def test_a_moment_is_as_exact_as_it_is_written(
    title: str, text: str, day: str | None, moment: str | None, precision: str, known: bool
) -> None:
    page = LexborHTMLParser(f'<div class="date" title="{title}">{text}</div>')
    found = html_times.read(page.css_first(".date"), day)
    assert found == (moment, precision, known)


def test_a_message_without_a_date_has_none() -> None:
    assert html_times.read(None, DAY) == (None, "none", True)
