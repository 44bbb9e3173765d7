"""What follows from a document's text, the same for every reader."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.normalize.post import compose, lines
from storage.document import Document, Event, Link, Source, Span


def finish(text: str, kind: str = "post") -> Document:
    found = compose.split_post(text)
    return compose.finish(
        Document(
            kind="article" if kind == "article" else "post",
            doc_id="txt:0#1",
            source=Source(type="text"),
            title=found.title,
            body=found.body,
            content_hash="",
        )
    )


def test_the_first_line_is_the_title_and_the_rest_is_the_body() -> None:
    found = compose.split_post("\n🎙 Head\n\none\ntwo")
    assert found.title == "🎙 Head"
    assert [(block.text, block.gap) for block in found.body] == [("one", None), ("two", 1)]


@pytest.mark.parametrize("text", ["", "\n \n", "\u200b"])
def test_a_post_of_nothing_has_neither(text: str) -> None:
    found = compose.split_post(text)
    assert (found.title, found.body, found.links) == (None, (), ())


def test_links_of_title_and_body_stand_in_order() -> None:
    text = "Head here\nRead in full"
    spans = [
        Span(kind="link", start=10, end=22, url="https://example.org/b"),
        Span(kind="bold", start=0, end=4),
        Span(kind="link", start=0, end=4, url="https://example.org/a"),
    ]
    found = compose.split_post(text, spans)
    assert found.links == (
        Link(text="Head", url="https://example.org/a"),
        Link(text="Read in full", url="https://example.org/b"),
    )
    assert found.body[0].spans == (Span(kind="link", start=0, end=12, url="https://example.org/b"),)


def test_hashtags_are_each_once_in_order() -> None:
    document = finish("🔷#Beta rises\n#Alpha, #Beta and #G20 (#Гамма)\nno#tag &#39; #1 a/#x #Alpha")
    assert document.hashtags == ("#Beta", "#Alpha", "#G20", "#Гамма")


def test_elisions_of_both_kinds_count() -> None:
    assert finish("Head <...>\none <…> two <...>\n... …").elisions == 3


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("Head\n📍 Vienna, March 13, 2023", ("Vienna", "2023-03-13", "pin_line")),
        ("Talks (Springfield, May 17, 2023)", ("Springfield", "2023-05-17", "head_parens")),
        ("Беседа (Москва, 17 мая 2023 года)", ("Москва", "2023-05-17", "head_parens")),
        ("Talks (Springfield, May 17, 2023)\n📍Vienna, March 1, 2023",
         ("Vienna", "2023-03-01", "pin_line")),
        ("Talks (Springfield, May 17, 2023)\n📍Vienna",
         ("Springfield", "2023-05-17", "head_parens")),
        ("📍 Vienna, March 13, 2023", ("Vienna", "2023-03-13", "pin_line")),
        ("📍 Vienna, March 13, 2023\n📍 Mellen, May 1, 2023",
         ("Vienna", "2023-03-13", "pin_line")),
        ("📍 Vienna\n📍 Mellen, May 1, 2023", ("Mellen", "2023-05-01", "pin_line")),
        ("Head 📍 Vienna, March 13, 2023", None),
        ("Statement (January 16, 2026)", None),
        ("Talks (Springfield, May 17, 2023) went on", None),
        ("Talks (Springfield)", None),
        ("Talks\nbody (Springfield, May 17, 2023)", None),
        ("Talks (Springfield, May 37, 2023)", None),
    ],
)  # fmt: skip
def test_an_event_is_the_pins_or_the_brackets(
    text: str, event: tuple[str, str, str] | None
) -> None:
    found = finish(text).event
    assert found == (Event(place=event[0], date=event[1], basis=event[2]) if event else None)  # type: ignore[arg-type]


def test_the_hash_folds_white_space_and_joins_a_forward_with_its_original() -> None:
    folded = "Head One more \u200b."
    wanted = hashlib.sha256(folded.encode()).hexdigest()[:16]
    assert compose.content_hash(["Head ", " One\xa0more  \u200b."]) == wanted
    assert compose.content_hash([" Head\n\nOne", "more", "\u200b."]) == wanted


def test_a_lone_surrogate_is_hashed() -> None:
    assert len(compose.content_hash(["\ud800"])) == 16


@given(st.lists(st.text("ы .\n\t\xa0\u2003\u2028\u200d", max_size=9), max_size=4))
def test_the_hash_is_that_of_the_words_with_a_space_between_them(texts: list[str]) -> None:
    words = " ".join("\n".join(texts).split())
    assert compose.content_hash(texts) == hashlib.sha256(words.encode()).hexdigest()[:16]


def test_no_white_space_but_the_space_is_printable() -> None:
    spaces = [character for character in map(chr, range(0x110000)) if character.isspace()]
    assert [character for character in spaces if character.isprintable()] == [" "]


def test_a_dateline_is_noted_in_a_post_and_stays() -> None:
    document = finish("SPRINGFIELD, May 5. /TASS/. A bridge opens.")
    assert document.dateline is not None
    assert document.dateline.date == "--05-05"
    assert document.title == "SPRINGFIELD, May 5. /TASS/. A bridge opens."
    assert document.published_at is None


def test_the_language_is_told_of_a_long_text() -> None:
    text = "Head\n" + "The bridge between the towns is open to all. " * 1000
    assert finish(text).lang == "en"
    assert finish("#Tag").lang is None


def test_blocks_are_those_of_the_line_grammar() -> None:
    text = "Head\nKey points:\n🔹 one\nRead in full"
    assert finish(text).body == lines.blocks(lines.split(text)[1:])
