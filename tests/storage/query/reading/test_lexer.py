"""Query text as tokens: what each is, and where it stands."""

import pytest

from storage.errors import QueryError
from storage.query.reading import lexer

FILTERS = {"from": "from", "от": "from"}


def tokens(text: str) -> str:
    """``kind:text`` of each; what a filter or a distance adds stands before it."""
    found = list(lexer.tokenize(text, FILTERS))
    assert all(text[one.column : one.end] for one in found[:-1])
    assert (found[-1].kind, found[-1].column, found[-1].end) == ("end", len(text), len(text))
    return " ".join(f"{one.filter}{one.distance or ''}{one.kind}:{one.text}" for one in found[:-1])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ""),
        (" \u200b ", ""),
        ("(a|b)||c", "(:( piece:a or:| piece:b ):) or:|| piece:c"),
        ("a & b && c", "piece:a and:& piece:b and:&& piece:c"),
        ("a OR b AND NOT c", "piece:a or:OR piece:b and:AND not:NOT piece:c"),
        ("a or b", "piece:a piece:or piece:b"),
        ("a ИЛИ b НЕ c", "piece:a or:ИЛИ piece:b not:НЕ piece:c"),
        *((f"{dash}a", f"not:{dash} piece:a") for dash in lexer.DASHES),
        ("a-b", "piece:a-b"),
        ('"a b" c', "phrase:a b piece:c"),
        ("from:x y", "frompiece:x piece:y"),
        ("FROM:x|y", "frompiece:x|y"),
        ('от:"x y"', "fromphrase:x y"),
        ("from:", "frompiece:"),
        ("x:y", "piece:x:y"),
        ("a NEAR b", "piece:a 10near:NEAR piece:b"),
        ("a NEAR/1 b", "piece:a 1near:NEAR/1 piece:b"),
        ("a near/50 b", "piece:a 50near:near/50 piece:b"),
        ("a near b", "piece:a piece:near piece:b"),
        ("a\u200b b", "piece:a piece:b"),
        ("[a b]", "piece:[a piece:b]"),
        ("[a", "piece:[a"),
    ],
)
def test_what_stands_in_a_query(text: str, found: str) -> None:
    assert tokens(text) == found


@pytest.mark.parametrize(
    ("text", "what", "edited"),
    [
        ("- a", "a dash stands alone", "-a"),
        ("\u2010 a", "a dash stands alone", "-a"),
        ("\u2013 a", "a dash stands alone", " a"),
        ("a -", "a dash stands alone", "a "),
        ("--a", "a dash stands alone", "-a"),
        ("(a -)", "a dash stands alone", "(a )"),
        ("- |a", "a dash stands alone", " |a"),
        ("a NEAR/0 b", "NEAR reaches from 1 to 50 words", "a NEAR/1 b"),
        ("NEAR/51", "NEAR reaches from 1 to 50 words", "NEAR/50"),
        ("NEAR5", "NEAR takes its number after a slash", "NEAR/5"),
        ("NEAR-5 x", "NEAR takes its number after a slash", "NEAR/5 x"),
        ("NEAR~5", "NEAR takes its number after a slash", "NEAR/5"),
        ("NEAR=5", "NEAR takes its number after a slash", "NEAR/5"),
        ("NEAR/", "NEAR takes its number after a slash", "NEAR/10"),
        ("NEAR:x", "NEAR takes its number after a slash", "NEAR/10 x"),
        ("NEAR/60x", "NEAR takes its number after a slash", "NEAR/50 x"),
        ("near/5x", "NEAR takes its number after a slash", "NEAR/5 x"),
        ("b [a OR b]", "brackets are ( and )", "b (a OR b)"),
        ("{a|b} c", "brackets are ( and )", "(a|b) c"),
    ],
)
def test_what_is_written_amiss_is_put_right(text: str, what: str, edited: str) -> None:
    with pytest.raises(QueryError) as refused:
        tokens(text)
    assert refused.value.what == what
    assert refused.value.edit is not None
    start, end, instead = refused.value.edit
    assert f"{text[:start]}{instead}{text[end:]}" == edited
    assert refused.value.column == start


def test_full_width_signs_are_those_that_they_stand_for() -> None:
    assert lexer.narrow("\uff08a\uff5cb\uff09\uff01\uff5e\u3000") == "(a|b)!~\u3000"
    signs = "".join(map(chr, range(0x21, 0x7F)))
    assert lexer.narrow("".join(chr(ord(sign) + 0xFEE0) for sign in signs)) == signs
    assert lexer.narrow("\uff00\uff5f") == "\uff00\uff5f"


@pytest.mark.parametrize(
    ("text", "opening", "closing"), [("(a (b) c) d", 0, 8), ("(a (b) c) d", 2, 5), ("(a", 0, 2)]
)
def test_a_bracket_is_closed_by_its_own(text: str, opening: int, closing: int) -> None:
    found = list(lexer.tokenize(text, FILTERS))
    assert lexer.find_closing(found, opening).column == closing
