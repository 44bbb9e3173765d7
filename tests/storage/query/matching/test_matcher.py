"""What the matcher holds and lets go; what it answers is also held to FTS5 in test_agreement.py."""

import random
from collections.abc import Callable
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.document import Block, Document, Link, Media
from storage.query import evaluate
from storage.query.matching import compiled, directly
from storage.query.matching.compiled import Compiled, CompiledQueries
from storage.query.matching.matcher import Matcher
from storage.query.reading.syntax import parse
from storage.query.tree import And, Not, Or, Query, Words
from storage.query.words import analysis

MakeDocument = Callable[..., Document]

QUERIES = (
    "grain",
    "grains",
    "grain ship",
    "ship grain",
    "grain ship port crane",
    "grain ship port crane -truck",
    "grain -ship",
    "grain -ship -port -crane",
    "port -(truck OR (grain ship crane))",
    "port -((grain crane) OR truck)",
    "port -(truck OR (ship -crane))",
    "grain OR ship",
    "(grain -port) OR (ship -crane)",
    "(grain -port) OR (ship -port)",
    "truck (grain OR -ship OR port)",
    "(grain OR ship) port",
    '"grain ship"',
    '"grain ship port"',
    '"сталь мира"',
    "стали",
    "стали -сталь",
    "гранат -стали",
    "grain NEAR/2 port",
    "grain NEAR/2 port after:2024-01-01",
    "grain NEAR/2 port after:2025-01-01",
    "grain NEAR/2 port before:2024-01-01",
    "grain NEAR/2 port in:text",
    "ship in:text",
    "(grain -ship in:text)",
    "port -(ship in:text)",
    'port -"training station"',
    'port -"train station" -"grain ship"',
    "port -(train NEAR/2 station) -truck",
    "(grain OR ship OR port) (crane OR truck OR a) -(ship port) -(train NEAR/1 station)",
    "((grain -ship) OR (port -crane) in:text)",
    "link:example.org",
    "link:example.org/press",
    "link:example.org/press -grain",
    "port -link:example.org/press",
    "(link:example.org/press OR =grains) -crane",
    "who:zorin",
    'who:"oleg zorin"',
    'who:"oleg marlin" OR who:"anna zorin"',
    "place:Вена",
    'place:"Санкт-Петербург"',
    "has:document",
    "has:link -has:document",
    "==US",
    "==Crane",
    "==US NEAR/2 port",
    "port -==Crane",
    "#grain",
    "15000",
    "=15000",
    "U.S.",
    "gra*",
    "гра*",
    "=grains",
    "=grain gra* grain",
    "title:grain",
    "title:grain OR title:port",
    "(grain OR ship OR port) (crane OR truck OR стали)",
    "(grain OR ship OR port) (crane OR truck OR стали) -мира",
    "(grain OR ship OR port) (crane OR -truck OR стали)",
    "(grain OR ship OR (port crane)) (title:crane OR truck OR gra*)",
    "grain OR ship OR port OR crane OR truck OR стали OR мира OR гранат OR title:grain",
    '(grain OR "a ship" OR port) (crane OR truck OR =стали) lang:en after:2024-01-01',
    "lang:en",
    "lang:en -grain",
    "lang:en after:2024-01-01",
    "after:2024-01-01",
    "grain after:2024-01-01",
    "grain after:2025-01-01",
    "grain before:2024-01-01",
    "grain before:2025-01-01",
    "before:2024-01-01",
    "grain on:2024-05-01",
    "grain on:2024-05-02",
    "(grain OR ship OR port) (crane OR truck OR стали) before:2024-01-01",
)
TEXTS = (
    "grain ship",
    "Grains of a ship in a port\nthe crane",
    "ship grain port crane",
    "ship grain port crane truck",
    "grain ship port",
    "стали мира",
    "гранат и сталь",
    "a ship",
    "port truck",
    "crane truck",
    "port crane truck",
    "a port\nship truck",
    "a port by the training station",
    "a port by train stations",
    "nothing of it",
    "The US port has 15,000 tons",
    "us in a port of 15 000\nCrane",
    "Паром пойдёт в мае, заявил министр Олег Зорин.",
    "Anna Zorin said that the crane would be late in May.",
    "#Grain",
)

ATTACHED = (
    ("grain", "ship.pdf"),
    ("a port", "grain_ship.pdf"),
    ("nothing of it", "grain_port.pdf"),
)
"""Texts, and the names of files that are attached to them."""

LEAVES = (
    "grain", "ship", "port", "crane", "truck", "gra*", "tru*", "=grains", '"a ship"', "title:port",
    "title:truck",
)  # fmt: skip

steps = st.lists(
    st.tuples(st.integers(1, 9), st.none() | st.sampled_from(QUERIES)), min_size=1, max_size=40
)


def make_all(make_document: MakeDocument) -> list[Document]:
    """What queries are tried on."""
    files = [(text, (Media(type="document", name=name),)) for text, name in ATTACHED]
    links = [Link(text="x", url=f"https://example.org/{page}") for page in ("press/1", "other")]
    return [
        *(make_document(text, lang="en") for text in TEXTS),
        *(make_document(text, lang="en", media=media) for text, media in files),
        *(make_document("port", links=(link,)) for link in links),
        make_document("grain crane", links=tuple(links)),
        make_document("", body=(Block(type="para", text="Порт", place="Вене"),)),
        make_document("", body=(Block(type="para", text="Порт", place="Санкт-Петербург"),)),
    ]


def by_each(kept: dict[int, str], document: Document) -> list[int]:
    analysed = analysis.analyse_document(document)
    return [
        alert_id
        for alert_id, text in sorted(kept.items())
        if evaluate.matches(parse(text), document, analysed)
    ]


def put(matcher: Matcher, alert_id: int, text: str) -> None:
    """Every third alert as a first start puts it there, every third as a later one does."""
    told = directly.read(text) if alert_id % 3 == 1 else None
    known = compile_anew(text) if alert_id % 3 == 2 else None
    if told is None and known is None:
        matcher.add(alert_id, parse(text))
        return
    matcher.remove(alert_id)
    if told is not None:
        matcher.add_plain(alert_id, told)
    elif known is not None:
        matcher.add_compiled(alert_id, known)


def compile_anew(text: str) -> Compiled | None:
    """The query as it is read from what an earlier start wrote."""
    earlier = Matcher()
    earlier.add(1, parse(text))
    found = earlier.compiled(1)
    if found is None:
        return None
    return CompiledQueries([compiled.write(1, [(text, found)])]).find(1, text)


@given(steps=steps)
def test_whatever_was_added_replaced_and_removed_what_is_there_fires(
    steps: list[tuple[int, str | None]], make_document: MakeDocument
) -> None:
    documents = make_all(make_document)
    matcher = Matcher()
    kept: dict[int, str] = {}
    for alert_id, text in steps:
        if text is None:
            matcher.remove(alert_id)
            kept.pop(alert_id, None)
        else:
            put(matcher, alert_id, text)
            kept[alert_id] = text
        document = documents[len(kept) % len(documents)]
        assert sorted(matcher.match(document)) == by_each(kept, document)
    for document in documents:
        assert sorted(matcher.match(document)) == by_each(kept, document)
    for alert_id in kept:
        matcher.remove(alert_id)
    assert holds_nothing(matcher)


def holds_nothing(matcher: Matcher) -> bool:
    own = vars(matcher)
    root = own["_root"]
    held = vars(own["_grid"])
    blocks = [(one.rows, one.used, *one.having) for one in held["_blocks"]]
    grid = (held["_asking"], held["_refusing"], *chain.from_iterable(blocks))
    tree = (own["_rules"], root.alerts, root.rules, root.below)
    sought = [
        asked
        for name in ("_words", "_pairs", "_titles")
        for attribute, asked in vars(own[name]).items()
        if attribute != "_without"  # which is remembered, as what documents have is
    ]
    return not any((len(matcher), *tree, *grid, *sought))


@pytest.mark.parametrize(
    "text",
    [
        *QUERIES,
        'grain -=ship -"port crane" -title:truck -сталь*',
        '=grain "port crane" title:truck сталь*',
        '(=grain OR ship) ("port crane" OR title:truck OR сталь*) -=truck',
        '=grain (port OR "port crane") NOT (title:truck OR сталь*)',
    ],
)
def test_what_nobody_asks_for_any_more_is_looked_for_no_more(text: str) -> None:
    matcher = Matcher()
    for alert_id in (1, 2):
        matcher.add(alert_id, parse(text))
    assert not holds_nothing(matcher)
    matcher.remove(1)
    matcher.add(3, parse(text))
    for alert_id in (2, 3):
        matcher.remove(alert_id)
    assert holds_nothing(matcher)


@pytest.mark.parametrize("text", QUERIES)
def test_the_same_query_of_many_is_held_once(text: str, make_document: MakeDocument) -> None:
    matcher = Matcher()
    for alert_id in range(3, 300, 3):
        put(matcher, alert_id, text)
    assert len({id(place) for place in vars(matcher)["_places"].values()}) == 1
    for alert_id in range(1, 150, 3):
        put(matcher, alert_id, text)
    for alert_id in range(151, 300, 3):
        matcher.add_like(alert_id, 3)
    for alert_id in range(3, 300, 6):
        matcher.remove(alert_id)
    left = [*range(1, 300, 3), *range(6, 300, 6)]
    for made in make_all(make_document):
        fires = bool(by_each({1: text}, made))
        assert sorted(matcher.match(made)) == (sorted(left) if fires else [])
    for alert_id in left:
        matcher.remove(alert_id)
    assert holds_nothing(matcher)


@pytest.mark.parametrize("backwards", [False, True])
def test_all_queries_at_once_fire_as_each_alone_while_they_go_one_by_one(
    backwards: bool, make_document: MakeDocument
) -> None:
    """Many of them hang on the same key: of what is left there none is forgotten."""
    documents = make_all(make_document)
    # Of one key each: the conditions of all stand at one place.
    texts = [*QUERIES, *(f"grain -{word}" for word in ("a", "of", "the", "crane", "truck"))]
    kept = dict(enumerate(texts))
    fires = {number: by_each(kept, document) for number, document in enumerate(documents)}
    told = {one for fired in fires.values() for one in fired}
    assert all(text == "стали -сталь" or ":20" in text for n, text in kept.items() if n not in told)
    matcher = Matcher()
    for alert_id, text in kept.items():
        put(matcher, alert_id, text)
    left = list(kept)
    while left:
        for number, document in enumerate(documents if len(left) % 5 == 1 else ()):
            assert sorted(matcher.match(document)) == [one for one in fires[number] if one in left]
        matcher.remove(left.pop(-1 if backwards else 0))
    assert holds_nothing(matcher)


@pytest.mark.parametrize("text", QUERIES)
def test_who_comes_where_another_left_is_told_too(text: str, make_document: MakeDocument) -> None:
    made = make_all(make_document)
    fires = [bool(by_each({1: text}, one)) for one in made]
    matcher = Matcher()
    kept: list[int] = []
    for alert_id in (1, 2, -2, 3, 4, -1, -3, 5, 6, -6, 7, -5, -7, 8, -4, -8, 9):
        if alert_id > 0:
            put(matcher, alert_id, text)
            kept.append(alert_id)
        else:
            matcher.remove(-alert_id)
            kept.remove(-alert_id)
        for document, is_told in zip(made, fires, strict=True):
            assert sorted(matcher.match(document)) == (kept if is_told else [])


def test_an_alert_is_named_once_however_often_its_query_is_met(
    make_document: MakeDocument,
) -> None:
    matcher = Matcher()
    matcher.add(1, parse("grain OR ship OR port OR стали"))
    matcher.add(2, parse("grain OR ship OR port OR стали"))
    assert sorted(matcher.match(make_document("grain ship port стали"))) == [1, 2]


def test_choices_that_no_key_leads_to_are_not_multiplied_out(make_document: MakeDocument) -> None:
    pairs = [Or((Not(Words((f"a{n}",))), Not(Words((f"b{n}",))))) for n in range(40)]
    matcher = Matcher()
    matcher.add(1, Query(text="pairs", root=And(tuple(pairs))))
    assert matcher.match(make_document("a1 a2 b3")) == [1]
    assert matcher.match(make_document("a1 b1")) == []
    matcher.remove(1)
    assert holds_nothing(matcher)


def alternatives(chance: random.Random) -> str:
    """A query of words, some of which count only where another is not."""

    def one() -> str:
        word, other = chance.choice(LEAVES), chance.choice(LEAVES)
        return word if word == other or chance.random() < 0.5 else f"({word} -{other})"

    return " ".join(f"({one()} OR {one()} OR {one()})" for _ in range(chance.choice((2, 3))))


def left_out(chance: random.Random) -> str:
    """A query that leaves out what keys do not decide."""
    words = ("grain", "ship", "port", "crane", "truck", "train", "station", "стали")
    first, one, other, more = chance.sample(words, 4)
    refused = chance.choice(
        [
            f"-({one} {other})",
            f"-({one} -{other})",
            f'-("{one} {other}" OR {more})',
            f"-({one} NEAR/3 {other})",
            f"-({one} in:text)",
            f"-(({one} OR {other}) {more})",
        ]
    )
    return f"{first} {refused} -{more}"


@pytest.mark.parametrize("make", [alternatives, left_out])
def test_what_counts_only_where_another_word_is_not(
    make: Callable[[random.Random], str],
    make_document: MakeDocument,
) -> None:
    chance = random.Random(1)  # noqa: S311
    made = [make_document(text) for text in (*TEXTS, "grains ship truck", "truck\nport gravel")]
    analysed = [(document, analysis.analyse_document(document)) for document in made]
    fired = 0
    for text in {make(chance) for _ in range(150)}:
        query, matcher = parse(text), Matcher()  # Of its own: it looks for what others ask for.
        matcher.add(1, query)
        for document, held in analysed:
            expected = [1] if evaluate.matches(query, document, held) else []
            assert matcher.match(document, held) == expected, (text, document.body)
            fired += len(expected)
    assert fired > 100


def test_to_forget_what_is_not_known_is_no_error() -> None:
    matcher = Matcher()
    matcher.remove(1)
    assert len(matcher) == 0


def test_words_that_are_asked_for_later_are_found_in_posts_seen_before(
    make_document: MakeDocument,
) -> None:
    document = make_document("Grains of the port")
    matcher = Matcher()
    matcher.add(1, parse("other* =other"))
    assert matcher.match(document) == []
    matcher.add(2, parse("gra*"))
    assert matcher.match(document) == [2]
    matcher.add(3, parse("=grains"))
    assert sorted(matcher.match(document)) == [2, 3]
    matcher.remove(2)
    matcher.remove(3)
    assert matcher.match(document) == []
