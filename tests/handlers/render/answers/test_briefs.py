"""A collection as a brief: every post with its words, however they are laid out."""

from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.render.answers import briefs
from handlers.render.answers.briefs import QUOTED_UNITS
from handlers.render.answers.collections import View
from handlers.render.text.dates import here_in
from handlers.texts.languages import words_of
from storage.document import Block, Forward
from storage.subscribers.collections import Collection, Saved

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
VIEW = View(here_in("Europe/Berlin", NOON), words_of("en"))
BRIEF = Collection(id=7, chat_id=1, name="Night  <desk>", posts=2)


def lines(post: Any, note: str = "") -> list[str]:
    text = briefs.brief_text(BRIEF, [Saved(post.doc_id, note, NOON)], {post.doc_id: post}, VIEW)
    head, *rest = text.split("\n\n", 1)
    assert head == "Night <desk>\n2 posts · Made 2026-11-22 13:00 CET with Dateline"
    assert text.endswith("\n") and not text.endswith("\n\n")
    return rest[0].rstrip("\n").split("\n")


def paragraphs(*texts: str) -> tuple[Block, ...]:
    return tuple(Block(type="para", text=text, gap=1) for text in texts)


@pytest.mark.parametrize(
    ("fields", "facts"),
    [
        ({}, "Harbour News · 2026-11-22 10:01 CET"),
        ({"deleted_at": "2026-11-22T11:00:00Z"},
         "Harbour News · 2026-11-22 10:01 CET · deleted in its channel"),
        ({"forwarded_from": Forward(name="Quay")},
         "Harbour News · 2026-11-22 10:01 CET · Forwarded from Quay"),
        ({"published_at": None, "published_precision": None, "published_basis": None},
         f"Harbour News · {words_of('en').unknown_date}"),
    ],
)  # fmt: skip
def test_what_is_known_of_a_post_stands_below_its_headline(
    make_post: Any, fields: dict[str, Any], facts: str
) -> None:
    assert lines(make_post(1, "Ferry", **fields)) == [
        "1. Ferry", facts, "https://t.me/harbour/1",
    ]  # fmt: skip


def test_words_are_quoted_line_by_line_and_the_headline_once(make_post: Any) -> None:
    post = make_post(1, "The ferry", body=paragraphs("At noon.\nOr later.", "Says the port."))
    assert lines(post, "look") == [
        "1. The ferry", "Harbour News · 2026-11-22 10:01 CET", "https://t.me/harbour/1",
        "> At noon.", "> Or later.", "> Says the port.", "Note: look",
    ]  # fmt: skip
    long = make_post(2, "word " * 60)
    head, _, _, quoted = lines(long)
    assert head.endswith("…")
    assert quoted == "> " + " ".join(["word"] * 60)


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (QUOTED_UNITS, 5, ["x" * QUOTED_UNITS, "…"]),
        (QUOTED_UNITS - 1, 5, ["x" * (QUOTED_UNITS - 1), "…"]),
        (QUOTED_UNITS - 6, 5, ["x" * (QUOTED_UNITS - 6), "y" * 5]),
        (QUOTED_UNITS - 6, 6, ["x" * (QUOTED_UNITS - 6), "yyyy…"]),
        (QUOTED_UNITS + 1, 0, ["x" * (QUOTED_UNITS - 1) + "…"]),
    ],
)
def test_so_much_is_quoted_and_no_more(
    make_post: Any, first: int, second: int, kept: list[str]
) -> None:
    texts = ["x" * first, *(["y" * second] if second else [])]
    quoted = lines(make_post(1, "The ferry", body=paragraphs(*texts)))[3:]
    assert quoted == [f"> {line}" for line in kept]


def test_what_is_not_kept_any_more_has_its_note(make_post: Any) -> None:
    post = make_post(2, "Ferry")
    saved = [Saved("tg:100/1", "gone", NOON), Saved(post.doc_id, "", NOON)]
    text = briefs.brief_text(BRIEF, saved, {post.doc_id: post}, VIEW)
    _, first, second = text.split("\n\n")
    assert first == "1. a post that is not kept any more\nNote: gone"
    assert second.startswith("2. Ferry\n")
    page = briefs.brief_html(BRIEF, saved, {post.doc_id: post}, VIEW)
    assert '<h1 dir="auto">Night  &lt;desk&gt;</h1>' in page
    assert "2 posts · Made 2026-11-22 13:00 CET with Dateline</p>" in page
    assert (
        "<article><h2>a post that is not kept any more</h2>"
        '<p dir="auto"><em>Note: gone</em></p></article>\n'
        '<article><h2 dir="auto"><a href="https://t.me/harbour/2" rel="noopener noreferrer">'
        "Ferry</a></h2>"
        '<div class="soft">Harbour News · 2026-11-22 10:02 CET</div></article>'
    ) in page
    body = make_post(3, "Tram", body=paragraphs("<b>One</b>", "Two"))
    page = briefs.brief_html(BRIEF, [Saved(body.doc_id, "", NOON)], {body.doc_id: body}, VIEW)
    assert '<blockquote dir="auto">&lt;b&gt;One&lt;/b&gt;<br>Two</blockquote>' in page
