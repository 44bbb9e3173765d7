"""Queries as tsqueries: what is asked of the index, and what of it is checked in the candidates."""

import pytest

from storage.postgres.asking import MOST_TOGETHER, TsQuery, ask_for, compile_query
from storage.postgres.words import Phrase
from storage.query.reading.syntax import parse
from storage.query.tree import And, Node, Or, Own, Words

FERRY = "(('tferri' | 'bferri' | 'aferri'))"
BARGES = "(('tbarg') | ('bbarg') | ('abarg'))"
BARGE = "(('tbarg' | 'bbarg' | 'abarg'))"
TWELVE = "((('t12' | 'b12' | 'a12')) | (('f12')))"
BOTH = "(('tdri') & ('tdock') | ('bdri') & ('bdock') | ('adri') & ('adock'))"
IN_ROW = "(('tdri' <-> 'tdock' | 'bdri' <-> 'bdock' | 'adri' <-> 'adock'))"
PIER, DOCK = "(('tquay') | ('bquay') | ('aquay'))", "(('tdock') | ('bdock') | ('adock'))"
QUAY_OR_SO = "(('tquay' | 'bquay' | 'aquay'))"


def compiled(root: Node | None, *, common: frozenset[str] = frozenset()) -> TsQuery:
    assert root is not None
    query = compile_query(root, common=common)
    assert isinstance(query, TsQuery)
    return query


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("ferry", FERRY),
        ("ferry OR barge", f"({FERRY} | {BARGE})"),
        ("ferry -barge", f"({FERRY} & !({BARGE}))"),
        ("12", TWELVE),
        ("ferry -12", f"({FERRY} & !({TWELVE}))"),
        ("title:ferry", "(('tferri'))"),
        ("ferry in:text", "(('tferri' | 'bferri'))"),
        ("=ferry", "(('fferry') | ('fferry·'))"),
        ("ferry -=Ferry", f"({FERRY} & !((('fferry') | ('fferry·'))))"),
        ("ferr*", "(('fferr':*))"),
        ("ferry -barg*", f"({FERRY} & !((('fbarg':*))))"),
        ("has:photo ferry", f"((('mhas:photo')) & {FERRY})"),
        ("ferry -link:example.org", f"({FERRY} & !((('mlink:example.org'))))"),
        ('ferry -"dry dock"', f"({FERRY} & !({IN_ROW}))"),
        ('ferry -(barge "dry dock")', f"({FERRY} & !(({BARGE} & {IN_ROW})))"),
        ('ferry -(barge -"dry dock")', f"({FERRY} & !(({BARGE} & !({IN_ROW}))))"),
    ],
)
def test_what_the_index_decides_alone(query: str, asked: str) -> None:
    found = compiled(parse(query).root)
    assert found.expression == f"'x' | {asked}"
    assert (found.exact, found.sure, found.groups) == (True, True, ())


@pytest.mark.parametrize(
    ("query", "asked", "groups"),
    [
        ('"dry dock"', f"({BOTH})", [(1, 1, 0, 0)]),
        ('ferry "dry dock"', f"({FERRY} & ({BOTH}))", [(1, 1, 1, 0)]),
        ("quay NEAR/3 dock", f"({PIER} & {DOCK})", [(2, 2, 0, 0)]),
        (
            'ferry OR "dry dock"',
            f"(((('tferri') | ('bferri') | ('aferri'))) | ({BOTH}))",
            [(1, 1, 0, 1)],
        ),
        ("quay NEAR/3 dock OR barge", f"(({PIER} & {DOCK}) | ({BARGES}))", [(2, 2, 0, 1)]),
        (
            "ferry (quay NEAR/3 dock OR barge)",
            f"({FERRY} & (({PIER} & {DOCK}) | ({BARGES})))",
            [(2, 2, 1, 1)],
        ),
    ],
)
def test_what_stands_where_is_checked_in_the_candidates(
    query: str, asked: str, groups: list[tuple[int, int, int, int]]
) -> None:
    found = compiled(parse(query).root)
    assert found.expression == f"'x' | {asked}"
    assert (found.exact, found.sure) == (True, True)
    held = [(len(one.phrases), len(one.sides), one.first, len(one.others)) for one in found.groups]
    assert held == groups


@pytest.mark.parametrize(
    ("query", "asked", "is_exact"),
    [
        ("title:12", "((('t12')) | (('f12')))", False),
        ("12 in:text", "((('t12' | 'b12')) | (('f12')))", False),
        ("=ferry in:text", "(('fferry') | ('fferry·'))", False),
        ("ferr* in:text", "(('fferr':*))", False),
        ("==FERRY in:text", "(('fferry·'))", False),
        ("ferry -title:12", f"({FERRY})", False),
        ("quay NEAR/3 quay", f"({QUAY_OR_SO} & {QUAY_OR_SO})", True),
        ('"dry dock" NEAR/2 ferry', f"({IN_ROW} & {FERRY})", True),
    ],
)
def test_what_is_matched_candidate_by_candidate(query: str, asked: str, is_exact: bool) -> None:
    found = compiled(parse(query).root)
    assert found.expression == f"'x' | {asked}"
    assert (found.exact, found.sure, found.groups) == (is_exact, False, ())


@pytest.mark.parametrize(
    ("query", "left_out"),
    [
        ("ferry -=Barge in:text", "('tbarg' | 'bbarg') & !('fbarg' | 'fbarg·' | "),
        ("ferry -quay NEAR/3 dock", "('tquay' <1> 'tdock' | 'tquay' <2> 'tdock' | "),
    ],
)
def test_posts_that_surely_say_what_is_left_out_are_no_candidates(
    query: str, left_out: str
) -> None:
    found = compiled(parse(query).root)
    wanted, _, rest = found.expression.partition(" & !((")
    assert wanted.startswith("'x' | ((('tferri' | 'bferri'")
    assert rest.startswith(left_out)
    assert (found.exact, found.sure, found.groups) == (False, False, ())


def test_a_beginning_that_is_too_common_is_not_asked_for() -> None:
    root = parse("ferry barg*").root
    assert compiled(root).sure
    found = compiled(root, common=frozenset({"barg"}))
    assert (found.expression, found.sure) == (f"'x' | ({FERRY})", False)


@pytest.mark.parametrize("count", [MOST_TOGETHER, MOST_TOGETHER + 1])
def test_phrases_of_an_or_are_checked_together_up_to_a_number(count: int) -> None:
    root = Or(tuple(Words((f"dry{n}", "dock")) for n in range(count)))
    found = compiled(root)
    assert len(found.phrases) == count
    assert [len(one.others) for one in found.groups] == [count - 1] * (count <= 64)
    assert ("<->" in found.expression) == (count > 64)


def test_a_phrase_alone_is_its_own_frequency() -> None:
    phrase = Words(("dry", "dock"))
    assert compiled(phrase).is_phrase
    for other in (Words(("dri",)), And((phrase, Words(("ferri",)))), Own(phrase)):
        assert not compiled(other).is_phrase


@pytest.mark.parametrize(
    ("phrase", "in_row", "asked"),
    [
        (Phrase(("b",), ("dry", "dock")), True, "('bdry' <-> 'bdock')"),
        (Phrase(("b",), ("dry", "dock")), False, "('bdry' & 'bdock')"),
        (Phrase(("t", "b"), ("it's",)), True, "('tit''s' | 'bit''s')"),
        (Phrase(("f",), ("fer",), begins=True), True, "('ffer':*)"),
    ],
)
def test_a_phrase_is_asked_for(phrase: Phrase, in_row: bool, asked: str) -> None:
    assert ask_for(phrase, in_row=in_row) == asked
