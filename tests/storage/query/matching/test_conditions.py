"""What keys tell of a query: whatever matches has what it asks for, and where that is said to be
enough, whatever has it matches."""

from collections.abc import Callable, Sequence, Set
from itertools import product

import pytest

from storage.document import Document, Media
from storage.query import evaluate
from storage.query.matching.conditions import MOST, Condition, Key, ask, conditions
from storage.query.reading.syntax import parse
from storage.query.tree import And, Exact, Filter, Node, Or, Prefix, Query, Words
from storage.query.words import analysis

WORDS = ("grain", "ship", "port")
TEXTS = [
    *(" ".join(word for word in picked if word) for picked in (
        (a, b, c) for a in ("grain", "") for b in ("ship", "") for c in ("port", "")
    )),
    "ship of grain",
    "ship\ngrain",
    "grain\nship",
    "Grains crane",
    "a grainy ship",
]  # fmt: skip
QUERIES = (
    # A query; how many conditions it comes to; whether these are enough.
    ("grain", 1, True),
    ("=grains", 1, True),
    ("+grain", 1, True),
    ("gra*", 1, True),
    ("title:grain", 1, True),
    ("lang:en", 1, True),
    ("grain ship", 1, True),
    ("grain -ship", 1, True),
    ("grain -(ship OR port)", 1, True),
    ("grain -(ship port)", 1, False),
    ("port -(crane OR (grain ship))", 1, False),
    ("port -(ship -grain)", 1, False),
    ("grain OR ship", 2, True),
    ("grain OR ship OR grain", 2, True),
    ("(grain OR ship) (port OR ship)", 4, True),
    ("(grain -ship) OR port", 2, True),
    ("(grain -ship) OR (port -(ship grain))", 2, False),
    ('"grain ship"', 1, True),
    ('"ship of grain"', 1, False),
    ('title:"grain ship"', 1, False),
    ("grain NEAR/2 ship", 1, False),
    ("(grain in:text)", 1, False),
    ("(grain -ship in:text) port", 1, False),
)


def has(key: Key, document: Document) -> bool:
    """Whether a document has a key, as the evaluator decides it."""
    node: Node
    if isinstance(key, tuple):
        node = Words(key)
    elif key.startswith("|"):
        columns = analysis.analyse_document(document).columns
        return any(key[1:] in column.terms for column in columns)
    elif key.startswith("="):
        node = Exact(key[1:])
    elif key.endswith("*"):
        node = Prefix(key[:-1])
    elif key.startswith("title:"):
        node = Words((key.removeprefix("title:"),), title=True)
    elif ":" in key:
        node = Filter("", "", (frozenset((key,)),))
    else:
        node = Words((key,))
    return evaluate.node_matches(node, analysis.analyse_document(document))


def is_met(found: Sequence[Condition], document: Document) -> bool:
    return any(
        all(has(key, document) for key in one.required)
        and not any(has(key, document) for key in one.refused)
        for one in found
    )


@pytest.mark.parametrize(("text", "count", "enough"), QUERIES)
def test_what_matches_meets_a_condition_and_the_other_way_round_where_that_is_said(
    text: str, count: int, enough: bool, make_document: Callable[..., Document]
) -> None:
    root = parse(text).root
    assert root is not None
    found, said = conditions(root)
    assert (len(found), said) == (count, enough)
    asked = ask(root)
    assert asked.is_enough == enough
    assert asked.spread == len(asked.spelled_out())
    attached = (Media(type="document", name="ship_of_grain.pdf"),)
    for words, media in product(TEXTS, ((), attached)):
        for lang in ("en", "ru"):
            document = make_document(words, lang=lang, media=media)
            query = Query(text=text, root=root)
            matches = evaluate.matches(query, document, analysis.analyse_document(document))
            for each in (found, asked.spelled_out()):
                if enough:
                    assert is_met(each, document) == matches, words
                else:
                    assert is_met(each, document) >= matches, words


@pytest.mark.parametrize(
    ("text", "shown", "hidden"),
    [
        ("завод -сталь", ["завод стали", "завод"], ["завод сталь", "завод сталью"]),
        ("завод -стали", ["завод", "завод стол"], ["завод стали"]),
        ("завод -(сталь OR суда)", ["завод стали"], ["завод сталью", "завод судам"]),
        ("(завод OR порт) -сталь -train", ["порт training"], ["порт trains", "завод сталь"]),
        ("завод -друг", ["завод другие"], ["завод другу", "завод с другом"]),
    ],
)
def test_words_that_are_left_out_are_decided_by_keys(
    text: str, shown: Sequence[str], hidden: Sequence[str], make_document: Callable[..., Document]
) -> None:
    root = parse(text).root
    assert root is not None
    asked = ask(root)
    assert asked.is_enough
    for words in (*shown, *hidden):
        document = make_document(words, lang="ru")
        matches = evaluate.node_matches(root, analysis.analyse_document(document))
        assert matches == (words in shown), words
        assert is_met(asked.spelled_out(), document) == matches, words


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("port -ship", None),
        ("port -(grain crane)", {"grain"}),
        ('port -"train station"', {("train", "station")}),
        ("port -(crane in:text) -truck", {"crane"}),
        ("port -(crane in:text) -(grain port)", {"crane", "grain"}),
        (
            "port -((crane in:text) OR (grain port) OR truck)",
            {"crane", "grain", "truck"},
        ),
        ('port -("ship crane" (grain OR port))', {("ship", "crane")}),
        ("port -(crane -grain)", {"crane"}),
        ("port -(crane in:text) (grain NEAR/2 ship)", None),
        ("port (grain OR -(crane in:text))", None),
    ],
)
def test_a_post_without_certain_keys_has_nothing_that_is_left_out(
    text: str, doubts: Set[Key] | None
) -> None:
    root = parse(text).root
    assert root is not None
    assert ask(root).doubts == doubts


def choice(name: str, size: int) -> Or:
    return Or(tuple(Words((f"{name}{number}",)) for number in range(size)))


@pytest.mark.parametrize(
    ("sizes", "count", "enough"),
    [
        ((4, 4), 16, True),
        ((4, 8), 32, True),
        ((8, 2, 2), 32, True),
        ((3, 11), 3, False),
        ((11, 3), 3, False),
        ((2, 4, 5), 8, False),
        ((33,), 1, False),
        ((32,), 32, True),
        ((2, 2, 2, 2, 2, 2), 32, False),
    ],
)
def test_choices_are_multiplied_out_up_to_a_number_the_smallest_first(
    sizes: Sequence[int], count: int, enough: bool
) -> None:
    root = And(tuple(choice("abcdef"[at], size) for at, size in enumerate(sizes)))
    found, said = conditions(root)
    assert (len(found), said) == (count, enough)
    assert len(found) <= MOST
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("text", "missed"),
    [
        ("grain ship", ["grain", "ship"]),
        ("grain NEAR/2 ship", ["grain", "ship"]),
        ('"grain ship" NEAR/2 port', ["grain ship", "grain port", "ship grain port"]),
        ('"grain ship port"', ["grain ship", "ship port", "grain port ship"]),
        ("grain (ship OR port)", ["grain", "ship port"]),
        ("(grain OR ship) (port OR crane)", ["grain ship", "port crane"]),
        ("title:grain ship", ["grain", "ship\ngrain"]),
        ("grain lang:ru", ["grain"]),
        ("gra* =ships", ["grain ship", "ships"]),
        ("grain ship in:text", ["grain", "ship"]),
        ("grain -ship", ["grain ship", "ship"]),
        ("grain -(ship OR port)", ["grain port", "grain ship", "ship"]),
    ],
)
def test_keys_leave_out_what_lacks_a_part(
    text: str, missed: Sequence[str], make_document: Callable[..., Document]
) -> None:
    root = parse(text).root
    assert root is not None
    for words in missed:
        document = make_document(words, lang="en")
        assert not is_met(conditions(root)[0], document)
        assert not is_met(ask(root).spelled_out(), document)
