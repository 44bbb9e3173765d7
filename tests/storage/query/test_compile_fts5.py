"""What reaches FTS5: our own terms in quotes, and never more of them than it can bear."""

import re
import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.errors import QueryError
from storage.query.compile_fts5 import MOST_PHRASES, compile_query, encode, index_row, list_phrases
from storage.query.reading.syntax import MOST_WORDS, parse
from storage.query.tree import Not, Words
from storage.query.words import analysis, forms
from storage.query.words.analysis import Analysed

TERM = r'"[^"\x00-\x1f!#-/:-@\[-`{-\x7f]+"'
GRAMMAR = re.compile(
    rf"(?:{TERM}(?: \*)?|\(|\)| AND | OR | NOT |\{{title body(?: attached)?\}} : "
    r"|title : |form : |NEAR\(| |, \d+)*"
)


ALL = "{title body attached}"
CREATE = (
    "CREATE VIRTUAL TABLE document_index USING fts5 (body, title, mark, form, attached,"
    " content='', tokenize='ascii')"
)
INSERT = (
    "INSERT INTO document_index (rowid, body, title, mark, form, attached)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
WEIGHED = (
    "SELECT rowid, round(bm25(document_index, 1.0, 3.0, 0.0, ?, 1.0), 9) FROM document_index"
    " WHERE document_index MATCH ?"
)


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute(CREATE)
    rows = [
        (
            n,
            "слово " * 20,
            "grain стать",
            "is\ue03aoriginal",
            "grain стали слово",
            "слово",
        )
        for n in range(50)
    ]
    connection.executemany(INSERT, rows)
    yield connection
    connection.close()


def run(index: sqlite3.Connection, expression: str) -> int:
    sql = "SELECT count(*) FROM document_index WHERE document_index MATCH ?"
    return int(index.execute(sql, (expression,)).fetchone()[0])


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("grain", '"grain"'),
        ("сталь", '("сталь" OR "сталь\ue07cстать")'),
        ("стекло", '("стекло\ue07cстечь" OR {all} : "стекло")'),
        ("grain =ship", '({all} : "grain" AND (form : "ship" OR form : "ship·"))'),
        ("2026", '({all} : "2026" OR form : "2026")'),
        ("title:grain ship", '(title : "grain" AND "ship")'),
        ('"grain сталь"', '("grain сталь\ue07cстать" OR {all} : "grain сталь")'),
        ('"grain ship"', '{all} : "grain ship"'),
        ("=grain", '(form : "grain" OR form : "grain·")'),
        ("grai*", 'form : "grai" *'),
        ("title:grain", 'title : "grain"'),
        ("grain in:text", '{title body} : "grain"'),
        (
            "(a OR b) -c in:text",
            '(({title body} : "a" OR {title body} : "b") NOT {title body} : "c")',
        ),
        ("a -(b in:text)", '("a" NOT {title body} : "b")'),
        ("link:example.org", '"link\ue03aexample\ue02eorg"'),
        ("grain NEAR/3 ship", '{all} : NEAR("grain" "ship", 3)'),
        (
            "grain NEAR/3 стекло",
            '{all} : (NEAR("стекло" "grain", 3) OR NEAR("стекло\ue07cстечь" "grain", 3))',
        ),
        ("#a_b", '"tag\ue03aa\ue05fb"'),
        ("a b", '("a" AND "b")'),
        ("a OR b", '("a" OR "b")'),
        ("a -b", '("a" NOT "b")'),
        (
            "a -b -has:photo",
            '("a" NOT ("b" OR "has\ue03aphoto"))',
        ),
        ("a (b OR -c)", '("a" NOT ("c" NOT "b"))'),
    ],
)
def test_expressions(text: str, expression: str) -> None:
    root = parse(text).root
    assert root is not None
    compiled = compile_query(root)
    assert (compiled.expression, compiled.exact) == (expression.replace("{all}", ALL), True)


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("=grain in:text", '(form : "grain" OR form : "grain·")'),
        ("a -(=сталь in:text)", '{all} : "a"'),
        ("(a -grai*) in:text", '{title body} : "a"'),
        ("link:example.org/press", '"link\ue03aexample\ue02eorg"'),
        ("a -link:example.org/press", '"a"'),
    ],
)
def test_what_the_index_cannot_tell_is_left_to_the_documents(text: str, expression: str) -> None:
    root = parse(text).root
    assert root is not None
    compiled = compile_query(root)
    assert (compiled.expression, compiled.exact) == (expression.replace("{all}", ALL), False)


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("grain NEAR/3 ship", ()),
        (
            "grain NEAR/3 стекло",
            ('NEAR("стекло" "grain", 3)', 'NEAR("стекло\ue07cстечь" "grain", 3)'),
        ),
        ("grain стекло NEAR/3 steel", ()),
        ("(grain NEAR/3 стекло) OR ship", ()),
        ("(grain NEAR/3 стекло) -ship", ()),
        ("(grain NEAR/3 стекло) (ship NEAR/3 стекло)", ()),
    ],
)
def test_combinations_of_a_near_are_also_given_one_by_one(text: str, apart: tuple[str]) -> None:
    """Where nothing else in the query has a score, which would be added with each of them."""
    for beside, mark in (("", ""), (" is:original", ' AND "is\ue03aoriginal"')):
        root = parse(text + beside).root
        assert root is not None
        named = tuple(f"{ALL} : {one}{mark}" for one in apart)
        assert compile_query(root).apart == tuple(f"({one})" if mark else one for one in named)


def test_a_tree_of_refusals_alone_is_refused() -> None:
    with pytest.raises(QueryError, match="what to leave out"):
        compile_query(Not(Words(("a",))))


@pytest.fixture(scope="module")
def empty() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute(CREATE)
    yield connection
    connection.close()


TOLD = ["стали", "сталью", "стекло", "стеклом", "стечь", "saw", "saws", "see", "SAW", "US", "us"]
TOLD += ["left", "lefts", "ми", "Ми-8", "F-16", "f16"]
ASKED = ["стали", "сталь", "стекло", "стечь", "saw", "see", "us", "left", "ми", "leav"]
ASKED += ['"стали see"', '"saw left"', '"стекло стечь"', '"us ми"', '"lefts saws стеклом"']
TEXT = st.lists(st.sampled_from(TOLD), max_size=8).map(" ".join)


@settings(deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=8), st.sampled_from(ASKED))
def test_words_are_found_and_weighed_as_where_their_columns_are_named(
    empty: sqlite3.Connection, told: list[tuple[str, str, str]], words: str
) -> None:
    """Without naming them FTS5 looks at what the column of forms holds too."""
    empty.execute("INSERT INTO document_index (document_index) VALUES ('delete-all')")
    for n, texts in enumerate([*told, *[("", "", "")] * 20]):  # so that words are rare
        title, body, attached = map(analysis.column, texts)
        row = index_row(Analysed(title, body, frozenset({"lang:ru"}), attached))
        empty.execute(INSERT, (n, *row))
    root = parse(words).root
    assert isinstance(root, Words)
    asked = compile_query(root)
    rows = [" ".join(map(encode, row)) for row in list_phrases(root.forms) or ()]
    terms = " OR ".join(f'"{row}"' for row in rows)
    assert not asked.forms
    found = empty.execute(WEIGHED, (0.0, asked.expression)).fetchall()
    assert sorted(found) == sorted(empty.execute(WEIGHED, (1.0, f"{ALL} : ({terms})")))


HOSTILE = st.text(
    alphabet=st.sampled_from("abя🚢*\"'():^{}+-,;|&\\%_#=.\x00\x1f\ue07c\ud800 ANDORNOTEAR/5"),
    max_size=60,
)


@settings(deadline=None)
@given(HOSTILE | st.text(max_size=60))
def test_nothing_typed_reaches_fts5_as_syntax(index: sqlite3.Connection, text: str) -> None:
    try:
        root = parse(text).root
    except QueryError:
        return
    if root is not None:
        expression = compile_query(root).expression
        assert GRAMMAR.fullmatch(expression), expression
        run(index, expression)


AMBIGUOUS = ["стали", "банка", "суда", "мой", "saw", "left", "found", "сталь", "белки", "замки"]

WORST = {
    "words": " ".join(AMBIGUOUS * 4),
    "alternatives": " OR ".join(AMBIGUOUS * 4),
    "a phrase of ambiguous words": f'"{" ".join(AMBIGUOUS * 4)}"',
    "phrases": " OR ".join(f'"{one} saw {one}" OR "{one} left {one}"' for one in AMBIGUOUS[:6]),
    "NEAR": " OR ".join(f"{one} NEAR/50 {other}" for one in AMBIGUOUS for other in AMBIGUOUS[:2]),
    "NEAR of phrases": f'"{" ".join(AMBIGUOUS * 2)}" NEAR/50 "{" ".join(AMBIGUOUS * 2)}"',
    "beginnings": " OR ".join(f"{word[:3]}*" for word in AMBIGUOUS * 4),
    "refusals": "слово " + " ".join(f"-{word}" for word in AMBIGUOUS * 3),
    "depth": "a (" * 8 + "b OR c" + ")" * 8,
    "not and not": "a " + "-(b " * 4 + "c" + ")" * 4,
    "places": "place:" + '"' + " ".join(AMBIGUOUS * 4) + '"',
}  # fmt: skip


@pytest.mark.parametrize("name", WORST)
def test_the_worst_queries_ask_the_index_for_little(index: sqlite3.Connection, name: str) -> None:
    query = parse(WORST[name])
    assert query.root is not None
    compiled = compile_query(query.root)
    tokens = sum(part.count(" ") + 1 for part in re.findall('"([^"]*)"', compiled.expression))
    assert tokens <= MOST_WORDS * MOST_PHRASES
    run(index, compiled.expression)


def test_a_phrase_of_too_many_phrases_finds_more_than_asked_and_refuses_less() -> None:
    ambiguous = next(word for word in AMBIGUOUS if len(forms.expand(word)) > 1)
    phrase = f'"{" ".join([ambiguous] * 9)}"'
    wanted, refused = parse(phrase).root, parse(f"grain -{phrase}").root
    assert wanted is not None and refused is not None
    assert not compile_query(wanted).exact
    assert compile_query(refused).expression == '"grain"'
    assert not compile_query(refused).exact


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("grai*", ""),
        ("grai* -ship", ""),
        ("grai* OR ship", ""),
        ("grai* ship", '"ship"'),
        ("ship -grai*", '"ship"'),
        ("ship -(grai* b)", '"ship"'),
        ("ship -(grai* OR b)", '("ship" NOT "b")'),
        ("(grai* OR a) ship", '"ship"'),
    ],
)
def test_common_prefixes_are_left_aside_and_more_is_asked_for(text: str, expression: str) -> None:
    root = parse(text).root
    assert root is not None
    compiled = compile_query(root, common={"grai"})
    assert (compiled.expression, compiled.exact) == (expression.replace("{all}", ALL), False)


@pytest.mark.parametrize(
    ("text", "wide", "also"),
    [
        ('oil -"white house"', '{all} : "white hous"', False),
        ("oil -title:house", 'title : "hous"', False),
        ("oil -(white NEAR/5 house)", '{all} : NEAR("white" "hous", 5)', True),
        ("oil -(grain NEAR/5 port)", '{all} : NEAR("grain" "port", 5)', True),
    ],
)
def test_what_is_refused_is_bounded_from_both_sides(text: str, wide: str, *, also: bool) -> None:
    root = parse(text).root
    assert root is not None
    wide = wide.replace("{all}", ALL)
    above, below, scored = (
        compile_query(root, bound=bound) for bound in ("above", "below", "scored")
    )
    assert (below.expression, below.exact) == (f'("oil" NOT {wide})', True)
    assert above.expression.startswith(f'("oil" NOT ({wide} NOT ')
    assert ('form : "housing"' in above.expression) == ("house" in text)
    assert (f'{ALL} : "·"' in above.expression) == also
    assert not above.exact
    assert scored.expression == ('"oil"' if also else above.expression)
    if "house" in text:
        assert 'form : "houses"' not in above.expression


def test_nothing_is_certain_where_the_index_cannot_tell() -> None:
    root = parse("link:example.org/press").root
    assert root is not None
    assert compile_query(root, bound="below").expression == ""
