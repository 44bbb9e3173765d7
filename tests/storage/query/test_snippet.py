import itertools
from collections.abc import Callable

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from storage.document import Block, Document, Link, Media, Source
from storage.query import evaluate
from storage.query.reading.syntax import parse
from storage.query.snippet import cut, mark, mark_attached, mark_document, matched, snippet
from storage.query.words import analysis


def marked(text: str, query: str) -> list[str]:
    found = mark(text, parse(query))
    assert found.text == text
    return [text[start:end] for start, end in found.spans]


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Grain, grains; GRAIN'S", "grain", ["Grain", "grains", "GRAIN'S"]),
        ("Ёлки и ёлка", "елка", ["Ёлки", "ёлка"]),
        ("big ship, big port", '"big port"', ["big port"]),
        ("a b a b a", '"a b a"', ["a b a b a"]),
        ("газ газовый газета", "газо*", ["газовый"]),
        ("сталь стали", "=стали", ["стали"]),
        ("мир #Мир #Мирный", "#мир", ["#Мир"]),
        ("one two three", "one NEAR/2 three", ["one", "three"]),
        ("one a b c two one", "two NEAR/1 one", ["two", "one"]),
        ("two x one y one z z z one", "one NEAR/3 two", ["two", "one", "one"]),
        ("a b c a", '"a b" NEAR/1 a', ["a b", "a"]),
        ("нефть дорожала, 石油价格上涨", "石油", ["石油"]),
        ("Встреча с Erdoğan", "erdogan", ["Erdoğan"]),
        ("🇷🇺🇺🇸 флаги", "🇺🇸", ["🇺🇸"]),
        ("послами и послов", "посол NEAR/1 посол", ["послами", "послов"]),
        ("one two", "one -four", ["one"]),
        ("one two", "one -(two four)", ["one"]),
        ("one two", "(one OR two)", ["one", "two"]),
        ("👍🏽 ok", "👍", ["👍🏽"]),
        ("Tell us: the US and U.S. vessels", "==US", ["US", "U.S."]),
        ("Ferry FERRY ferry", "==Ferry", ["Ferry"]),
        ("Ferry FERRY ferry US", "==US OR ==FERRY", ["FERRY", "US"]),
        ("one", "has:photo", []),
        ("a b c d", '"a b c" OR b', ["a b c"]),
        ("a b c d", '"a b" OR "b c d"', ["a b c d"]),
        ("a b c d", '"a b" OR "c d" OR c', ["a b", "c d"]),
        ("石油 中", "石 OR 油", ["石", "油"]),
        ("15,000 and 15 000", "15000", ["15,000", "15 000"]),
        ("15,000 grains", "=15000", ["15,000"]),
        ("15,000 grains", "150*", ["15,000"]),
        ("U.S. us US", "us", ["U.S.", "us", "US"]),
        ("F-16 f 16 f", "f16", ["F-16", "f 16"]),
        ("F-16 us", '"f16 x"', []),
        ("15,000 us", '"x 15000"', []),
        ("By J. D. K. Mill", "=jdk", ["J. D. K."]),
        ("By J. D. K. Mill", "jdk*", ["J. D. K."]),
        ("By J. D. K. Mill", "==JDK", ["J. D. K."]),
        ("By J. D. K. Mill", "jdk", []),
        ("Суда выйдут в море утром, заявил Олег Марлин. Марлин рад", "who:marlin", ["Олег Марлин"]),
        ("Суда выйдут в море утром, заявил Олег Марлин.", "who:zorin", []),
        ("", "one", []),
    ],
)
def test_marks_every_matched_form(text: str, query: str, expected: list[str]) -> None:
    assert marked(text, query) == expected


@pytest.mark.parametrize(
    ("text", "query", "width", "expected"),
    [
        # The first of several windows with as many matches; the first and last match are whole.
        ("a grain b c d e f g grain h", "grain", 9, "a [grain] b…"),
        ("aa bb cc grain dd ee ff", "grain", 12, "…cc [grain] dd…"),
        ("aa bb cc grain", "grain", 9, "…cc [grain]"),
        ("grain aa bb cc dd", "grain", 9, "[grain] aa…"),
        ("x aaaaaaaaaaaaaaagrain", "aaa*", 9, "…[aaaaaaaaaaaaaaagrain]"),
        ("aaaaaaaaaaaaaaagrain x", "aaa*", 9, "[aaaaaaaaaaaaaaagrain]…"),
        ("aaaaaaaaaaaaaaagrain", "has:photo", 9, "aaaaaaaaa…"),
        ("aa bb cc", "has:photo", 8, "aa bb cc"),
        ("aa bb cc", "has:photo", 7, "aa bb…"),
        ("aa bb cc", "has:photo", 5, "aa bb…"),
        ("aa\nbb\tcc grain", "grain", 99, "aa bb cc [grain]"),
        ("  grain  ", "grain", 99, "[grain]"),
        ("grain aa bb grain cc dd", "grain", 18, "[grain] aa bb [grain]…"),
        ("grain aaaa bbbb grain cc dd", "grain", 18, "[grain] aaaa bbbb…"),
        ("", "grain", 9, ""),
        ("grain.aaaaaaaaaaa bb", "grain", 9, "[grain]…"),
        ("bb aaaaaaaaaaa.grain", "grain", 9, "…[grain]"),
        # As much before the first match as behind the last, where there is room.
        ("x aa bb cc dd y", '"aa bb cc dd"', 5, "…[aa bb cc dd]…"),
        ("aa bb cc dd ee grain ff gg hh grain ii jj kk ll mm", "grain", 30,
         "…ee [grain] ff gg hh [grain] ii…"),
        ("aa bb cc dd ee ff gg grain hh ii jj kk ll mm", "grain", 20, "…ff gg [grain] hh ii…"),
        ("grain aa bb cc dd ee ff grain grain gg hh", "grain", 18, "…ff [grain] [grain] gg…"),
        ("aa grain bb cc dd ee ff grain gg hh", "grain", 12, "aa [grain] bb…"),
        ("aa bb grain cc", "grain", 10, "…[grain] cc"),
        ("aa bb cc dd ee ff gg grain", "grain", 12, "…ff gg [grain]"),
    ],
)  # fmt: skip
def test_what_is_cut_to_a_width(text: str, query: str, width: int, expected: str) -> None:
    shown = cut(mark(text, parse(query)), width)
    told, at = "", 0
    for start, end in shown.spans:
        told += f"{shown.text[at:start]}[{shown.text[start:end]}]"
        at = end
    assert told + shown.text[at:] == expected


def test_matched_words_are_told_once_each(make_document: Callable[..., Document]) -> None:
    document = make_document("Grain GRAIN\ngrains of grain")
    assert matched(document, parse("grain")) == ("Grain", "grains")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("title:grain", ["Grain"]),
        ("grain", ["Grain", "grain"]),
        ('"ship grain"', []),
        ("ship NEAR/3 price", []),
        ("ship NEAR/3 grain", ["Grain", "ship"]),
        ("#news", ["#News"]),
    ],
)
def test_title_and_text_are_marked_apart(
    make_document: Callable[..., Document], query: str, expected: list[str]
) -> None:
    found = mark_document(make_document("Grain ship\ngrain price #News"), parse(query))
    assert [found.text[start:end] for start, end in found.spans] == expected


PLAN = Media(type="document", name="grain_plan.pdf")
TUNE = Media(type="audio", title="The Mast – Grains of salt", name="ship.mp3")
QUIZ = Media(type="poll", title="Which grain is it?\nRye is the grain")


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Read it", "grain", [("document", "grain"), ("audio", "Grains")]),
        ("Read grain", "grain", [("document", "grain"), ("audio", "Grains")]),
        ("Read it", "grain in:text", []),
        ("Read it", "title:grain", []),
        ("Read it", '"ship mp3"', [("audio", "ship.mp3")]),
        ("Read it", "read", []),
        ("Read it", "read -grain", []),
        ("Here is grain_plan.pdf", "grain", [("audio", "Grains")]),  # it says so itself
    ],
)
def test_what_is_attached_is_marked_with_its_kind(
    make_document: Callable[..., Document], text: str, query: str, expected: list[tuple[str, str]]
) -> None:
    found = mark_attached(make_document(text, media=(PLAN, TUNE)), parse(query))
    assert [
        (one.type, one.text.text[start:end]) for one in found for start, end in one.text.spans
    ] == expected
    assert all(one.text.text in (PLAN.name, TUNE.title, TUNE.name) for one in found)


def test_of_what_is_attached_the_lines_that_match_are_shown(
    make_document: Callable[..., Document],
) -> None:
    (found,) = mark_attached(make_document("Which grain is it?", media=(QUIZ,)), parse("grain"))
    assert (found.text.text, found.text.spans) == ("Rye is the grain", ((11, 16),))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("link:example.org", ["https://news.example.org/full", "https://example.org/a"]),
        ("link:example.org/a", ["https://example.org/a"]),
        ("link:example.org in:text", ["https://news.example.org/full", "https://example.org/a"]),
        ("read -link:example.org", []),
        ("link:mill.test", []),  # it stands in the text
        ("read", []),
    ],
)
def test_addresses_that_nobody_sees_are_told_where_they_were_asked_for(
    make_document: Callable[..., Document], query: str, found: list[str]
) -> None:
    document = make_document(
        "Read it: https://mill.test/1",
        links=(
            Link(text="Read", url="https://news.example.org/full"),
            Link(text="https://mill.test/1", url="https://mill.test/1"),
        ),
        media=(Media(type="webpage", url="https://example.org/a"),),
    )
    marked = mark_attached(document, parse(query))
    assert [(one.type, one.text.text) for one in marked] == [("link", url) for url in found]


@pytest.mark.parametrize("same", [1, 2, 5])
def test_of_the_addresses_that_match_a_few_are_told_each_once(
    make_document: Callable[..., Document], same: int
) -> None:
    urls = ["https://example.org/1"] * same + [f"https://example.org/{n}" for n in range(2, 9)]
    document = make_document("Read it", links=tuple(Link(text="Read", url=one) for one in urls))
    found = mark_attached(document, parse("link:example.org"))
    assert [one.text.text for one in found] == [f"https://example.org/{n}" for n in (1, 2, 3)]
    assert all(one.text.spans == ((0, len(one.text.text)),) for one in found)


def test_what_nobody_wrote_is_not_found_and_says_what_it_is(
    make_document: Callable[..., Document],
) -> None:
    note = Media(type="unknown", name="fact-check", title="The pier stands")
    document = make_document("Rumour", media=(note,))
    (found,) = mark_attached(document, parse("pier"))
    assert (found.name, found.text.text) == ("fact-check", "The pier stands")
    assert mark_attached(document, parse("check")) == ()


def document_of(text: str) -> Document:
    block = Block(type="para", text=text)
    return Document(
        kind="post",
        doc_id="tg:1/1",
        source=Source(type="text"),
        body=(block,),
        content_hash="0" * 16,
    )


def test_a_short_document_is_its_own_snippet(make_document: Callable[..., Document]) -> None:
    found = snippet(make_document("Head\nbody of\tgrain"), parse("grain"))
    assert found.text == "Head — body of grain"
    assert [found.text[a:b] for a, b in found.spans] == ["grain"]


def test_a_snippet_stands_around_the_densest_matches() -> None:
    filler = "word " * 200
    text = f"{filler}grain {filler}grain and grain with grain {filler}"
    found = snippet(document_of(text), parse("grain"))
    assert found.text.count("grain") == 3
    assert found.text.startswith("…word")
    assert found.text.endswith("word…")
    assert len(found.text) <= 202
    assert [found.text[a:b] for a, b in found.spans] == ["grain"] * 3


def test_of_all_places_that_are_shown_which_has_most_matches() -> None:
    few, most = "grain grain", f"grain {'x ' * 12}grain {'x ' * 12}grain"
    for pieces in ((few, most), (most, few)):
        text = f"{'word ' * 40}{pieces[0]} {'word ' * 40}{pieces[1]} {'word ' * 40}"
        found = snippet(document_of(text), parse("grain"), 90)
        assert most in found.text


def test_the_last_of_several_matches_is_shown_whole() -> None:
    phrase = "grain of the old harbour mill by the sea"
    text = f"{'word ' * 40}{phrase} x x {phrase} {'word ' * 40}"
    found = snippet(document_of(text), parse(f'"{phrase}"'), 90)
    assert [found.text[a:b] for a, b in found.spans] == [phrase] * 2


def test_a_snippet_without_matches_is_the_beginning() -> None:
    found = snippet(document_of("слово " * 100), parse("has:photo"))
    assert found.text.startswith("слово слово")
    assert found.text.endswith("слово…")
    assert found.spans == ()


@given(
    st.lists(
        st.sampled_from(["grain", "Grains", "x", "длинноеслово" * 5, "\n", "—", "👍🏽", "a.b"]),
        max_size=80,
    ),
    st.integers(80, 200),
)
def test_snippets_cut_at_words_and_mark_what_matched(pieces: list[str], width: int) -> None:
    text = " ".join(pieces)
    found = snippet(document_of(text), parse("grain OR 👍"), width)
    inner = found.text.strip("…")
    assert len(inner) <= width
    assert inner in text.replace("\n", " ")
    assert set(inner.split()) <= set(text.split())
    assert all(found.text[a:b] in ("grain", "Grains", "👍🏽") for a, b in found.spans)
    if {"grain", "Grains", "👍🏽"} & set(pieces):
        assert found.spans


PIECES = (
    "grain", "Grains", "US", "us", "U.S.", "J. D. K.", "J.D.", "F-16", "F 16", "f16", "15,000",
    "15 000", "15000", "100км", "м²", "#GrainExport", "#grain", "covid19", "Вучић", "неееет",
    "Ёлка", "елки", "石油", "🚢", "Müller", "cease-fire", "MPs", "goood", "Russia's", "x",
)  # fmt: skip
ASKED = (
    "grain", "=grain", "=grains", "gra*", "==Grains", "us", "=us", "==US", "jdk", "=jdk", "jdk*",
    "==JDK", "jd", "=jd", "==JD", "f16", "=f16", "f16*", '"f 16"', "15000", "=15000", "150*",
    "==15000", "км", "100км", "=100км", "100*", "м2", "=м2", "export", "=export", "exp*",
    "==Export", "covid", "19", "=19", "vucic", "=vucic", "vuc*", "нет", "=нет", "елка", "=елки",
    "елк*", "==Ёлка", "石", "🚢", "=🚢", "Müller", "Mueller", "muel*", "ceasefire",
    "=fire", "mp", "==MP", "good", "=good", "russia", "=russia", "rus*",
    '"f16 x"', '"x 15000"', '"grain us"', "grain NEAR/2 us", '"us x"', "x NEAR/1 us",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join), st.sampled_from(ASKED))
@examples(300)
def test_what_matches_is_marked_and_nothing_else(text: str, asked: str) -> None:
    document = document_of(text)
    query = parse(asked)
    matches = evaluate.matches(query, document, analysis.analyse_document(document))
    spans = mark_document(document, query).spans
    assert bool(spans) is matches
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ferry afloat\nNobody was hurt", "[Ferry] afloat — Nobody was hurt"),
        ("Afloat again\nThe ferry sails", "Afloat again — The [ferry] sails"),
        ("Is it afloat?\nThe ferry sails", "Is it afloat? The [ferry] sails"),
        ("Afloat again…\nThe ferry sails", "Afloat again… The [ferry] sails"),
        ("Afloat\nOne\nA ferry", "Afloat — One A [ferry]"),
        ("The ferry", "The [ferry]"),
        ("Afloat\n" + "word " * 60 + "ferry", "…" + "word " * 39 + "[ferry]"),
        *(
            (f"Is it afloat{sign}\nThe ferry", f"Is it afloat{sign} The [ferry]")
            for sign in ".!?…:;,–—-。！？：؟۔"
        ),
        ("Is it (afloat)\nThe ferry", "Is it (afloat) — The [ferry]"),
        ("Ferry", "[Ferry]"),
        ("Nobody on a ferry\nAfloat", "Nobody on a [ferry] — Afloat"),
    ],
)
def test_a_title_does_not_run_into_the_text(
    make_document: Callable[..., Document], text: str, expected: str
) -> None:
    shown = snippet(make_document(text), parse("ferry"))
    ((start, end),) = shown.spans
    assert f"{shown.text[:start]}[{shown.text[start:end]}]{shown.text[end:]}" == expected
