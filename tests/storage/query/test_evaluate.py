"""Which document matches which query, case by case; test_agreement.py holds it to the index."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from storage.document import Document, Link, Media
from storage.query import evaluate
from storage.query.reading.syntax import parse
from storage.query.tree import Near, Words
from storage.query.words import analysis

START = datetime(2024, 5, 1, tzinfo=UTC)
END = datetime(2024, 5, 3, tzinfo=UTC)
DAYS = {day: datetime(2024, *day, tzinfo=UTC) for day in ((4, 30), (5, 1), (5, 2), (5, 3), (5, 4))}


@pytest.mark.parametrize(
    ("filters", "days"),
    [
        ("", [*DAYS]),
        ("after:2024-05-01", [(5, 1), (5, 2), (5, 3), (5, 4)]),
        ("before:2024-05-03", [(4, 30), (5, 1), (5, 2)]),
        ("after:2024-05-01 before:2024-05-03", [(5, 1), (5, 2)]),
        ("on:2024-05-02", [(5, 2)]),
        ("after:2024-05-03 before:2024-05-01", []),
    ],
)
def test_the_first_day_counts_and_the_last_does_not(
    filters: str, days: list[tuple[int, int]], make_document: Callable[..., Document]
) -> None:
    query = parse(f"grain {filters}")
    assert [day for day, at in DAYS.items() if evaluate.dates_match(query, at)] == days
    assert evaluate.dates_match(query, None) is (not filters)
    for day, at in DAYS.items():
        document = make_document("grain", published_at=at.isoformat())
        analysed = analysis.analyse_document(document)
        assert evaluate.matches(query, document, analysed) is (day in days)
        other = parse(f"ship {filters}")
        assert not evaluate.matches(other, document, analysed)
    unknown = make_document("grain", published_at=None)
    assert evaluate.matches(query, unknown, analysis.analyse_document(unknown)) is (not filters)


def test_dates_alone_match_whatever_is_of_them(make_document: Callable[..., Document]) -> None:
    document = make_document("grain", published_at="2024-05-02T00:00:00Z")
    analysed = analysis.analyse_document(document)
    assert evaluate.matches(parse("on:2024-05-02"), document, analysed)
    assert not evaluate.matches(parse("on:2024-05-03"), document, analysed)


PAGE = Media(type="webpage", title="A crane of iron", url="https://mill.test/crane")
FILE = Media(type="document", name="US_plan.pdf")
LINKS = (
    Link(text="Read", url="https://news.example.org/press/2024"),
    Link(text="x", url="https://olda.test"),
)


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("grain", True), ("ship", True), ("crane", True), ("iron", True), ("wheat", False),
        ("title:grain", True), ("title:ship", False), ("title:crane", False),
        ('title:"grain sails"', True), ('title:"grain ship"', False),
        ('"grain ship"', False), ('"crane of iron"', True), ('"of iron crane"', False),
        ("grain in:text", True), ("crane in:text", False), ("ship -(crane in:text)", True),
        ("ship -crane", False), ("ship -(ship crane)", False), ("ship -(ship wheat)", True),
        ("ship -(wheat OR crane)", False), ("ship -(wheat OR =cranes)", True),
        ("wheat OR crane", True), ("(wheat OR crane) ship", True),
        # Of forms and capitals.
        ("=grain", False), ("=grains", True), ("=pdf", True), ("=iron in:text", False),
        ("==US", True), ("==US in:text", True), ("==Us", False), ("==Grains", True),
        ("==grains", False), ("==A", True), ("==Plan", False),
        # Of beginnings.
        ("gra*", True), ("ira*", False), ("iro*", True), ("iro* in:text", False),
        # Of words that are near: between, and in what is attached, but not across.
        ("sails NEAR/1 grain", True), ("of NEAR/1 port", False), ("of NEAR/2 port", True),
        ("port NEAR/2 of", True), ("port NEAR/1 of", False), ("crane NEAR/1 iron", True),
        ("port NEAR/50 crane", False), ("crane NEAR/1 iron in:text", False),
        ('"the US" NEAR/1 port', True), ('port NEAR/1 "the US"', True),
        ('port NEAR/1 "ship of the"', True), ('"ship of the" NEAR/1 port', True),
        ('port NEAR/1 "the ship of"', False), ('port NEAR/2 "the ship of"', False),
        ("ship -(of NEAR/1 port)", True), ("ship -(of NEAR/2 port)", False),
        # Of links: some one of them.
        ("link:example.org", True), ("link:example.org/press", True), ("link:olda.test", True),
        ("link:example.org/other", False), ("link:mill.test/crane", True),
        ("link:mill.test/press", False), ("ship -link:example.org/press", False),
        ("ship -link:example.org/other", True), ("has:link", True), ("has:poll", False),
        ("has:link has:document", True), ("has:link has:poll", False),
    ],
)  # fmt: skip
def test_a_document_matches_what_is_in_it(
    query: str, matches: bool, make_document: Callable[..., Document]
) -> None:
    document = make_document("Grains sails\nA ship of the US port", media=(PAGE, FILE), links=LINKS)
    analysed = analysis.analyse_document(document)
    assert evaluate.matches(parse(query), document, analysed) is matches


@pytest.mark.parametrize("refused", [False, True])
@pytest.mark.parametrize("inner", ["{}", "(nothing OR {})", "(nothing OR ({} in:text))"])
def test_what_words_also_say_is_near_only_where_it_is_asked_for(
    refused: bool, inner: str, make_document: Callable[..., Document]
) -> None:
    """What is left out is near in the text itself: a post more is better than one hidden."""
    document = make_document("A port of #GrainExportBan")
    analysed = analysis.analyse_document(document)
    also = inner.format("(grain NEAR/1 ban)")
    text = inner.format("(a NEAR/1 of)")
    for near, is_written in ((also, False), (text, True)):
        root = parse(f"port -{near}" if refused else f"port {near}").root
        assert root is not None
        assert evaluate.node_matches(root, analysed) is (not (refused and is_written))
    twice = parse(f"port -(port -{also})").root
    assert twice is not None
    assert evaluate.node_matches(twice, analysed)


def test_where_words_are_near_both_are_told() -> None:
    terms = ("a", "x", "b", "x", "x", "a", "x", "x", "x", "b", "c")
    near = Near(Words(("a",)), Words(("b",)), 1)
    assert evaluate.near(terms, near) == ([0], [2])
    assert evaluate.near(terms, Near(near.left, near.right, 2)) == ([0, 5], [2])
    assert evaluate.near(terms, Near(near.left, near.right, 3)) == ([0, 5], [2, 9])
    row = Near(Words(("b", "c")), Words(("a",)), 2)
    assert evaluate.near(terms, row) == ([], [])
    assert evaluate.near(terms, Near(row.left, row.right, 3)) == ([9], [5])
    assert evaluate.near((), near) == ([], [])
    assert evaluate.starts(terms, Words(("b", "c"))) == [9]
    assert evaluate.starts((), Words(("b", "c"))) == ()
