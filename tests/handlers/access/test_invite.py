"""How an invitation is written: for how many, and until when."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.access.invite import read_invitation
from handlers.render.text.dates import here_in

# A Sunday, and Monday already in Tokyo.
HERE = here_in("UTC", datetime(2026, 11, 22, 18, tzinfo=UTC))
MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "people", "days"),
    [
        ("5 people, until Friday", 5, 5),
        ("1 person, until Sunday", 1, 0),
        ("2, 30 days", 2, 30),
        ("0 people, 3 days", None, 0),
        ("3, 0 days", 3, 0),
        ("3, until 2026-11-22", 3, 0),
        ("3, until 2026-11-21", None, 0),
        ("3, until 2026-12-01", 3, 9),
        ("3, until 2026-13-01", None, 0),
        ("3, until mon", 3, 1),
        ("3, until nowhere", None, 0),
        ("whatever", None, 0),
        ("", 1, 7),
        ("4", 4, 7),
        ("1000, 366 days", 1000, 366),
        ("1001, 366 days", None, 0),
        ("1000, 367 days", None, 0),
    ],
)
def test_until_the_end_of_which_day(text: str, people: int | None, days: int) -> None:
    expected = None if people is None else (people, MIDNIGHT + timedelta(days=days + 1))
    assert read_invitation(text, HERE, "en") == expected


def test_days_are_those_of_who_invites() -> None:
    there = here_in("Asia/Tokyo", HERE.now)
    assert read_invitation("3, until Monday", there, "en") == (
        3,
        datetime(2026, 11, 23, 15, tzinfo=UTC),
    )
