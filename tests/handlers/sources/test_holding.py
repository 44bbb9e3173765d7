"""Channels that a query is held to: parted from what it asks, and put to it again."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.sources.holding import Held, hold, read_held
from storage.query.reading import syntax
from storage.records import Channel

NOW = datetime(2026, 11, 22, tzinfo=UTC)
HARBOUR = Channel(id=1, channel_id=100, username="Harbour", title="Harbour News", added_at=NOW)
QUAY = Channel(id=2, channel_id=200, title="Quay Watch", added_at=NOW)
UNFOUND = Channel(id=3, username="pier", added_at=NOW)
KNOWN = (HARBOUR, QUAY, UNFOUND)


@pytest.mark.parametrize(
    ("query", "asked", "values"),
    [
        ("grain", "grain", ()),
        ("grain channel:harbour", "grain", ("harbour",)),
        ("channel:harbour,100 grain", "grain", ("harbour", "100")),
        ("channel:harbour", "", ("harbour",)),
        ("(нефть ИЛИ газ) канал:harbour", "нефть ИЛИ газ", ("harbour",)),
        ('oil channel:"Harbour News"', "oil", ("harbour news",)),
        ("grain (channel:harbour OR channel:quay)", "grain", ("harbour", "quay")),
        ("grain -channel:harbour", "grain -channel:harbour", ()),
        ("grain OR channel:harbour", "grain OR channel:harbour", ()),
        ("grain (channel:a OR oil)", "grain (channel:a OR oil)", ()),
        ("grain channel:a channel:b", "grain channel:a channel:b", ()),
        ("grain after:2024-01-01 channel:a", "grain after:2024-01-01", ("a",)),
    ],
)
def test_a_query_is_parted(query: str, asked: str, values: tuple[str, ...]) -> None:
    assert read_held(syntax.parse(query)) == Held(asked, values)


@pytest.mark.parametrize(
    ("values", "rows", "strangers"),
    [
        ((), (), ()),
        (("harbour",), (1,), ()),
        (("harbour", "100"), (1,), ()),
        (("200", "pier", "gone"), (2, 3), ("gone",)),
        (("harbour news",), (1,), ()),
    ],
)
def test_which_channels_are_meant(
    values: tuple[str, ...], rows: tuple[int, ...], strangers: tuple[str, ...]
) -> None:
    held = Held("grain", values)
    assert (held.rows(KNOWN), held.strangers(KNOWN)) == (rows, strangers)


@pytest.mark.parametrize(
    ("asked", "channels", "strangers", "written"),
    [
        ("grain", (), (), "grain"),
        ("grain", (HARBOUR,), (), "grain channel:harbour,100"),
        ("grain", (HARBOUR, QUAY, UNFOUND), (), "grain channel:harbour,100,200,pier"),
        ("grain", (QUAY,), ("gone",), "grain channel:200,gone"),
        ("grain", (QUAY,), ("old news",), 'grain (channel:200 OR channel:"old news")'),
        ("oil OR gas", (QUAY,), (), "(oil OR gas) channel:200"),
        ("oil in:text", (QUAY,), (), "(oil in:text) channel:200"),
        ("", (QUAY,), (), "channel:200"),
    ],
)
def test_a_query_is_held(
    asked: str, channels: tuple[Channel, ...], strangers: tuple[str, ...], written: str
) -> None:
    query = hold(asked, channels, strangers)
    assert query is not None and query.written == written
    again = read_held(query)
    assert again.asked == asked
    assert again.rows(KNOWN) == tuple(one.id for one in channels)
    assert again.strangers(KNOWN) == strangers


def test_names_go_first_where_not_all_fit_and_then_none_does() -> None:
    def many(count: int) -> list[Channel]:
        return [
            Channel(id=n, channel_id=10**9 + n, username=f"harbour{n:03}", added_at=NOW)
            for n in range(count)
        ]

    assert hold("", ()) is None
    few, more = hold("grain", many(5)), hold("grain", many(15))
    assert few is not None and "harbour004" in few.written
    assert more is not None and "harbour" not in more.written
    assert hold("grain", many(40)) is None


@given(
    st.lists(st.sampled_from(["grain", "oil", '"oil price"', "lang:ru", "sanction*"]), min_size=1),
    st.booleans(),
    st.sets(st.sampled_from(range(3))),
)
def test_what_was_held_to_channels_asks_the_same_of_all_again(
    words: list[str], either: bool, rows: set[int]
) -> None:
    asked = syntax.parse((" OR " if either else " ").join(words))
    held = hold(asked.written, [KNOWN[row] for row in rows])
    assert held is not None
    free = hold(read_held(held).asked, ())
    assert free == asked
