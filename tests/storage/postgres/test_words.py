"""Words in a row, four bytes each: where they stand."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.document import Document
from storage.postgres.lexemes import BODY, FORM, TITLE
from storage.postgres.words import (
    FARTHEST,
    SIZE,
    Group,
    Phrase,
    Sought,
    code,
    find,
    in_row,
    sign,
    write_signs,
    write_words,
)
from storage.query.words import analysis

MakeDocument = Callable[..., Document]


def row(text: str, column: str = BODY) -> bytes:
    return in_row(column, tuple(text.split()))


def count(phrase: Phrase, held: bytes) -> dict[str, int]:
    """How often each column of a document with these words holds a phrase."""
    sought = Sought([phrase])
    counted = [*sought.count(sought.find(held))]
    assert {number for number, _, _ in counted} <= {0}
    return {column: times for _, column, times in counted}


def count_in_each(sought: Sought, held: list[bytes]) -> list[tuple[int, int, str, int]]:
    """Of several documents: which of them, the phrase's number, the column, how often."""
    counted = sought.count_in_each(held)
    return sorted((one, n, column, k) for n, column, times in counted for one, k in times.items())


def is_held(group: Group, held: bytes) -> bool:
    """Whether a document with these words holds one of a group."""
    sought = Sought(group.phrases)
    return group.is_held([*sought.count(sought.find(held))])


@pytest.mark.parametrize(
    ("held", "asked", "places"),
    [
        ("", "a", []),
        ("a", "a", [0]),
        ("b", "a", []),
        ("a b a b a", "a", [0, 2, 4]),
        ("a b a b a", "a b", [0, 2]),
        ("a b a b a", "a b a", [0, 2]),
        ("a a a", "a a", [0, 1]),
        ("a b", "a b c", []),
        ("b a", "a b", []),
    ],
)
def test_where_words_in_a_row_begin(held: str, asked: str, places: list[int]) -> None:
    assert [*find(row(held), row(asked))] == places


def test_a_column_holds_none_of_another() -> None:
    held = row("a b", TITLE) + row("b a")
    assert find(held, row("b", TITLE)) == [1]
    assert find(held, row("b")) == [2]
    assert not find(held, row("b b"))


@pytest.mark.parametrize("shift", [1, 2, 3])
def test_four_bytes_of_two_words_are_no_word(shift: int) -> None:
    asked = code(BODY, "a")
    across = bytes(SIZE - shift) + asked + bytes(shift)
    assert not find(across, asked)
    assert find(across + asked, asked) == [2]


@pytest.mark.parametrize(
    ("held", "distance", "times"),
    [
        ("a b", 0, 1),
        ("b a", 0, 1),
        ("a x b", 0, 0),
        ("a x b", 1, 1),
        ("b x a", 1, 1),
        ("a x x b", 1, 0),
        ("a b a", 0, 2),
        ("a x x x a b", 1, 1),
        ("a", 9, 0),
    ],
)
def test_what_stands_near(held: str, distance: int, times: int) -> None:
    phrase = Phrase((TITLE, BODY), ("a",), ("b",), distance)
    assert count(phrase, row(held)) == ({BODY: times} if times else {})
    assert is_held(Group((phrase,), ()), row(held)) == (times > 0)


@given(
    st.lists(st.lists(st.sampled_from("abcdefghijklmno"), min_size=1, max_size=3), max_size=25),
    st.lists(st.sampled_from("abcdefghijklmnopq"), max_size=25),
)
def test_few_and_many_are_found_alike(asked: list[list[str]], held: list[str]) -> None:
    written = in_row(BODY, tuple(held))
    codes = [in_row(BODY, tuple(words)) for words in asked]
    found = Sought([Phrase((BODY,), tuple(words)) for words in asked]).find(written)
    assert found == {one: at for one in codes if (at := find(written, one))}


_WORDS = st.lists(st.sampled_from("abcdefghijklmnop"), max_size=12).map(tuple)
_ASKED = st.lists(st.sampled_from("abcdefghijklmnopq"), min_size=1, max_size=3).map(tuple)


@given(
    st.lists(st.tuples(_WORDS, _WORDS), max_size=6),
    st.lists(st.builds(Phrase, st.sampled_from([(BODY,), (TITLE, BODY)]), _ASKED), max_size=16),
    st.sampled_from([(), ("a",), ("b", "c")]),
)
def test_many_documents_are_counted_as_each_alone(
    documents: list[tuple[tuple[str, ...], tuple[str, ...]]],
    phrases: list[Phrase],
    beside: tuple[str, ...],
) -> None:
    near = [Phrase((BODY,), ("a", "b"), beside, 1)] if beside else []
    sought = Sought([*phrases, *near])
    held = [in_row(TITLE, title) + in_row(BODY, body) for title, body in documents]
    alone = [(n, *one) for n, words in enumerate(held) for one in sought.count(sought.find(words))]
    assert count_in_each(sought, held) == sorted(alone)


@given(
    st.lists(st.tuples(_WORDS, _WORDS, st.binary(max_size=SIZE - 1)), max_size=9),
    st.lists(_ASKED, max_size=12),
    st.sampled_from(["q", "a"]),
    st.integers(0, 3),
    st.booleans(),
)
def test_what_is_asked_is_counted_in_many_documents_as_in_each_alone(
    documents: list[tuple[tuple[str, ...], tuple[str, ...], bytes]],
    asked: list[tuple[str, ...]],
    beside: str,
    distance: int,
    are_alone: bool,
) -> None:
    """Single words, for which documents are scanned together, and words in a row."""
    rows = [words[:1] if are_alone else words for words in asked]
    near = [Phrase((TITLE, BODY), words, (beside,), distance) for words in rows]
    sought = Sought([*near, *(Phrase((BODY,), words) for words in rows)])
    held = [in_row(TITLE, title) + in_row(BODY, body) + rest for title, body, rest in documents]
    many = held * 33  # of which some are scanned together, and then the next
    alone = [sorted(sought.count(sought.find(words))) for words in held]
    assert [*map(sorted, sought.count_one_by_one(many))] == alone * 33


def test_words_in_a_row_do_not_go_on_in_another_document() -> None:
    sought = Sought([Phrase((BODY,), ("a", "b")), Phrase((BODY,), ("b",))])
    assert count_in_each(sought, [row("x a"), row("b"), b"", row("a b")]) == [
        (1, 1, BODY, 1),
        (3, 0, BODY, 1),
        (3, 1, BODY, 1),
    ]


@pytest.mark.parametrize("held", [b"", b"x", b"xyz"])
@pytest.mark.parametrize("asked", ["a", "a b c d e f g h i j k"])
def test_what_is_no_whole_word_at_the_end_is_none(asked: str, held: bytes) -> None:
    sought = Sought([Phrase((BODY,), (word,)) for word in asked.split()])
    assert sought.find(row("x a") + held) == {code(BODY, "a"): [1]}


def test_of_several_phrases_each_is_counted_in_its_columns() -> None:
    phrases = [
        Phrase((TITLE, BODY), ("a",)),
        Phrase((BODY,), ("a", "b")),
        Phrase((TITLE,), ("b",), ("a",), 1),
        Phrase((BODY,), ("c",)),
        Phrase((BODY,), ("b",), begins=True),
    ]
    sought = Sought(phrases)
    held = row("a x b", TITLE) + row("b a b a")
    counted = sorted(sought.count(sought.find(held)))
    assert counted == [(0, BODY, 2), (0, TITLE, 1), (1, BODY, 1), (2, TITLE, 1)]


def test_what_stands_near_more_than_one_word() -> None:
    phrase = Phrase((BODY,), ("a", "b"), ("c",), 1)
    assert count(phrase, row("a b x c")) == {BODY: 1}
    assert count(phrase, row("c x a b")) == {BODY: 1}
    assert count(phrase, row("a b x x c")) == {}
    assert count(phrase, row("c x x a b")) == {}


@given(
    st.lists(st.sampled_from("abxy"), max_size=20),
    st.lists(st.sampled_from("ab"), min_size=1, max_size=2),
    st.lists(st.sampled_from("xy"), min_size=1, max_size=2),
    st.integers(0, 4),
)
def test_what_stands_near_is_counted_as_one_would_by_hand(
    held: list[str], words: list[str], beside: list[str], distance: int
) -> None:
    def starts(asked: list[str]) -> list[int]:
        ends = len(held) - len(asked) + 1
        return [at for at in range(ends) if held[at : at + len(asked)] == asked]

    def between(at: int, other: int) -> int:
        return other - at - len(words) if other > at else at - other - len(beside)

    times = sum(
        any(between(at, other) <= distance for other in starts(beside)) for at in starts(words)
    )
    phrase = Phrase((BODY,), tuple(words), tuple(beside), distance)
    assert count(phrase, in_row(BODY, tuple(held))) == ({BODY: times} if times else {})


TERMS = st.lists(st.sampled_from("abcxy"), max_size=12)


@given(TERMS, TERMS, st.lists(st.sampled_from("ab"), min_size=1, max_size=2), st.booleans())
def test_signs_tell_of_all_that_a_group_is_held_by(
    title: list[str], body: list[str], asked: list[str], has_beside: bool
) -> None:
    """And of nothing else, where no two words have the same sign."""
    left = tuple(asked)
    columns = (TITLE, BODY)
    one = [Phrase(columns, words) for words in (left, left[::-1])]
    other = [Phrase(columns, (word,)) for word in "xy"] if has_beside else []
    near = [Phrase(columns, a.words, b.words, 2) for a in one for b in other]
    near += [Phrase(columns, b.words, a.words, 2) for a in one for b in other]
    group = Group(tuple(near or one), (tuple(one), *([tuple(other)] if other else [])))
    held = in_row(TITLE, tuple(title)) + in_row(BODY, tuple(body))
    signs = "".join([sign(TITLE, word) for word in title] + [sign(BODY, word) for word in body])
    is_told = re.search(group.pattern or "", signs) is not None
    assert is_told >= is_held(group, held)
    assert (re.search(group.rough or "", signs) is not None) >= is_told
    if not has_beside and len({*left}) < 2:
        assert is_told == is_held(group, held)


@pytest.mark.parametrize(("distance", "is_told"), [(FARTHEST, True), (FARTHEST + 1, False)])
def test_signs_do_not_tell_of_what_lies_far(distance: int, is_told: bool) -> None:
    near = Phrase((BODY,), ("a",), ("b",), distance)
    sides = (Phrase((BODY,), ("a",)), Phrase((BODY,), ("b",)))
    assert (Group((near,), ((sides[0],), (sides[1],))).pattern is not None) == is_told


@pytest.mark.parametrize("text", ["Ships\nship ships", "上海港口\n粮食出口 1.5%", "ёлка"])
def test_every_term_has_its_sign(make_document: MakeDocument, text: str) -> None:
    analysed = analysis.analyse_document(make_document(text))
    title, body, attached = analysed.columns
    written = write_signs(analysed)
    assert len(written) == len(title.terms) + len(body.terms) + len(attached.terms)
    codes = write_words(analysed)
    for at, one in enumerate(written):
        assert ord(one) == 0x100 + int.from_bytes(codes[SIZE * at : SIZE * at + 2]) % 0x700
    assert all(len(one.encode()) == 2 for one in written)


def test_all_words_follow_one_another_and_then_each_form_once(make_document: MakeDocument) -> None:
    document = make_document("Ships\nship ships")
    title, body, attached = (analysed := analysis.analyse_document(document)).columns
    held = write_words(analysed)
    in_row = [code(TITLE, term) for term in title.terms]
    in_row += [code(BODY, term) for term in body.terms]
    assert not attached.terms
    assert held[: len(in_row) * SIZE] == b"".join(in_row)
    for form in ("ships", "ship"):
        assert len(find(held, code(FORM, form))) == 1
