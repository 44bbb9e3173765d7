"""The days over which matches are counted, and what an alert asks without what it leaves out."""

from datetime import UTC, datetime

import pytest

from handlers.render.text.bars import midnights
from handlers.render.text.dates import here_in
from handlers.searching.matches import read_query
from storage.query.reading import syntax
from storage.records import Alert

NOON = datetime(2026, 10, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "days", "begun"),
    [
        ("UTC", 1, ["2026-10-26T00:00"]),
        ("UTC", 3, ["2026-10-24T00:00", "2026-10-25T00:00", "2026-10-26T00:00"]),
        # The clocks went back on the 25th: that day began an hour earlier in UTC.
        ("Europe/Berlin", 2, ["2026-10-24T22:00", "2026-10-25T23:00"]),
        ("Pacific/Auckland", 1, ["2026-10-26T11:00"]),
    ],
)
def test_days_begin_at_midnight_where_they_are_read(zone: str, days: int, begun: list[str]) -> None:
    found = midnights(here_in(zone, NOON), days)
    assert [f"{at.astimezone(UTC):%Y-%m-%dT%H:%M}" for at in found] == begun


@pytest.mark.parametrize(
    ("query", "muted", "meant"),
    [
        ("ferry", (), "ferry"),
        ("ferry", ("@harbour",), "ferry -channel:harbour"),
        ("ferry", ("@harbour", "-100200"), "ferry -channel:harbour -channel:-100200"),
        ("ferry OR tram", ("@harbour",), "(ferry OR tram) -channel:harbour"),
    ],
)
def test_what_an_alert_leaves_out_is_not_asked_for(
    query: str, muted: tuple[str, ...], meant: str
) -> None:
    alert = Alert(id=1, chat_id=1, query=query, created_at=NOON)
    found = read_query(alert, muted)
    assert found is not None
    assert found.root == syntax.parse(meant).root


def test_what_cannot_be_read_any_more_asks_nothing() -> None:
    assert read_query(Alert(id=1, chat_id=1, query="(ferry", created_at=NOON)) is None
