"""The searches whose pages a chat may still turn."""

from datetime import UTC, datetime

import pytest

from handlers.queries import searches
from handlers.queries.searches import SavedSearch
from storage import facts
from storage.connection import Database

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FIRST = SavedSearch("oil")
SECOND = FIRST.turned(0, "b", ("k1", "k2"))
THIRD = SECOND.turned(1, "c", ("k3",))


def test_pages_are_known_as_far_as_someone_turned() -> None:
    assert [FIRST.knows(page) for page in (-1, 0, 1)] == [False, True, False]
    assert [THIRD.knows(page) for page in (-1, 0, 1, 2, 3)] == [False, True, True, True, False]
    assert [THIRD.cursor(page) for page in range(3)] == [None, "b", "c"]
    seen = [THIRD.seen(page) for page in range(3)]
    assert seen == [frozenset(), {"k1", "k2"}, {"k1", "k2", "k3"}]


def test_what_a_page_says_of_the_next_one_replaces_what_was_known_behind_it() -> None:
    assert THIRD.turned(0, "b", ("other",)) is THIRD
    assert THIRD.turned(1, "c") is THIRD
    assert THIRD.turned(0, "x", ("k9",)) == SavedSearch("oil", ("x",), (("k9",),))
    assert THIRD.turned(1, None) == SECOND
    assert THIRD.turned(0, None) == FIRST


def test_each_way_to_search_has_a_token_of_its_own_whatever_page_it_is_on() -> None:
    others = [
        FIRST, SavedSearch("gas"), SavedSearch("oil", quotes=True), FIRST.chosen(sort="relevance"),
        FIRST.chosen(channel="quay"), FIRST.chosen(period="7d"), FIRST.chosen(language="ru"),
        SavedSearch("oil", sort="relevance", quotes=True),
    ]  # fmt: skip
    assert len({one.token for one in others}) == len(others)
    assert THIRD.token == FIRST.token
    assert all(len(one.token) == 12 for one in others)


def test_another_choice_begins_at_the_first_page_and_keeps_the_others() -> None:
    whole = SavedSearch(
        "oil", ("b",), (("k",),), sort="relevance", channel="quay", period="7d", language="ru",
        quotes=True,
    )  # fmt: skip
    same = whole.chosen()
    assert (same.cursors, same.shown) == ((), ())
    assert same.conditions == whole.conditions == ("channel:quay", "lang:ru", "after:7d")
    assert (same.sort, same.quotes, same.query) == ("relevance", True, "oil")
    assert whole.chosen(channel="").conditions == ("lang:ru", "after:7d")
    assert whole.chosen(period="", language="").conditions == ("channel:quay",)
    assert whole.chosen(sort="newest").sort == "newest"


@pytest.mark.parametrize(
    ("search", "asked"),
    [
        (FIRST, "oil"),
        (FIRST.chosen(language="ru"), "oil lang:ru"),
        (SavedSearch("oil ("), None),
        (SavedSearch("oil (", language="ru"), None),
        (FIRST.chosen(channel="q" * 2_000), None),
    ],
)
def test_what_is_asked_as_a_whole(search: SavedSearch, asked: str | None) -> None:
    found = search.asked(NOW, UTC)
    assert (found.text if found else None) == asked


async def test_the_oldest_go_when_there_are_many(database: Database) -> None:
    async with database.transaction() as tx:
        for number in range(searches.KEPT):
            await searches.add_search(tx, 5, SavedSearch(f"q{number}"))
        await searches.add_search(tx, 5, SavedSearch("q0", ("b",)))  # the newest again
        await searches.add_search(tx, 5, SavedSearch("new"))
        await searches.add_search(tx, 6, SavedSearch("q1"))
    async with database.reader() as conn:
        found = [
            await searches.find_search(conn, 5, SavedSearch(query).token)
            for query in ("q0", "q1", "q2", "new")
        ]
        assert await searches.find_search(conn, 6, SavedSearch("q0").token) is None
    assert found == [SavedSearch("q0", ("b",)), None, SavedSearch("q2"), SavedSearch("new")]


async def test_all_of_a_search_is_kept(database: Database) -> None:
    whole = SavedSearch(
        "нефть \U0001f6a2", ("b", "c"), (("k1", "k2"), ("k3",)), sort="relevance", channel="quay",
        period="7d", language="ru", quotes=True,
    )  # fmt: skip
    async with database.transaction() as tx:
        for search in (whole, THIRD):
            await searches.add_search(tx, 5, search)
            assert await searches.find_search(tx, 5, search.token) == search


async def test_searches_that_older_versions_kept_are_read(database: Database) -> None:
    """Such a row stands until its chat searches often enough; its buttons go on working."""
    no_quotes = (
        '{"query": "gas", "cursors": ["b"], "shown": [["k1"]], "sort": "newest", "channel": "",'
        ' "period": "7d", "language": ""}'
    )
    async with database.transaction() as tx:
        await facts.set_value(tx, "searches:5", f'[["oil", "b", "c"], ["grain"], {no_quotes}]')
        await searches.add_search(tx, 5, SavedSearch("new"))
        found = [
            await searches.find_search(tx, 5, token)
            for token in (FIRST.token, SavedSearch("grain").token,
                          SavedSearch("gas", period="7d").token)
        ]  # fmt: skip
    assert found == [
        SavedSearch("oil", ("b", "c")),
        SavedSearch("grain"),
        SavedSearch("gas", ("b",), (("k1",),), period="7d"),
    ]
