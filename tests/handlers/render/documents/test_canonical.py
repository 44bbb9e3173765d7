"""Canonical text reads back as the document that it was written from."""

import pytest
from examples import examples
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.normalize.post import compose, lines
from handlers.normalize.text import read_text
from handlers.render.documents.canonical import canonical, day_of
from storage.document import Block, Dateline, Document, Forward, Media, Source
from storage.structs import replace

PARAGRAPH = "The two towns have opened a bridge that took nine years to build, they say."


def post(text: str, **fields: object) -> Document:
    found = compose.split_post(text)
    base = Document(
        kind="post",
        doc_id="tg:1/2",
        source=Source(type="telethon"),
        title=found.title,
        body=found.body,
        content_hash="",
    )
    return compose.finish(replace(base, **fields))  # type: ignore[arg-type]


def article(paragraphs: list[str], **fields: object) -> Document:
    base = Document(
        kind="article",
        doc_id="txt:0#1",
        source=Source(type="text"),
        body=tuple(lines.block(lines.Line(text=text)) for text in paragraphs),
        content_hash="",
    )
    return compose.finish(replace(base, **fields))  # type: ignore[arg-type]


def read_back(document: Document) -> Document:
    (found,) = read_text(canonical(document), file="000.txt", file_hash="0" * 64)
    return found


def kept(document: Document) -> dict[str, object]:
    """The fields that a text file can hold."""
    forward = document.forwarded_from
    return {
        "kind": document.kind,
        "title": document.title,
        "deck": document.deck,
        "body": [block.text for block in document.body],
        "origin": forward.name if forward else None,
        "day": day_of(document.published_at),
        "dateline": document.dateline,
        "event": document.event,
        "hashtags": document.hashtags,
        "elisions": document.elisions,
        "lang": document.lang,
        "hash": document.content_hash,
    }


def test_a_post_is_written_with_single_line_breaks() -> None:
    document = post(
        "🎙 Talks (Springfield, May 17, 2023)\n\nKey points:\n🔹 One\nRead in full",
        published_at="2023-05-17T10:00:00Z",
        published_precision="second",
        forwarded_from=Forward(name="Old Town 🇷🇸", channel_id=5),
        media=(Media(type="video", state="too_big"), Media(type="photo")),
    )
    assert canonical(document) == (
        " date 2023-05-17 \nForwarded from Old Town 🇷🇸\nMedia is too big\nVIEW IN TELEGRAM\n"
        "🎙 Talks (Springfield, May 17, 2023)\nKey points:\n🔹 One\nRead in full"
    )
    found = read_back(document)
    assert kept(found) == kept(document)
    assert found.media == (Media(type="video", state="too_big"),)


def test_an_article_is_written_with_blank_lines() -> None:
    document = article(
        [PARAGRAPH, "And so on."],
        title="Towns open a bridge",
        deck="The toll falls by half",
        published_at="2025-04-17T16:30",
        published_precision="minute",
        dateline=Dateline(
            raw="SPRINGFIELD, April 17. /TASS/.",
            place="SPRINGFIELD",
            date="--04-17",
            agency="TASS",
        ),
    )
    assert canonical(document) == (
        " date 2025-04-17 Towns open a bridge\n\nThe toll falls by half\n\n"
        f"SPRINGFIELD, April 17. /TASS/. {PARAGRAPH}\n\nAnd so on."
    )
    assert kept(read_back(document)) == kept(document)


@pytest.mark.parametrize(
    "text",
    [
        "Forwarded from Old Town",
        " date 2024-02-09 and more",
        "Media is too big",
        "Head\nMedia is too big\nVIEW IN TELEGRAM\nand more",
        "Head\nPlease open Telegram to view this post\nVIEW IN TELEGRAM",
        "Head\nForwarded from Old Town\nand more",
        "\u200bForwarded from Old Town",
        "Head\n\u200b\u200b date 2024-02-09 ",
        "\u200bHidden link in front",
        "Head\n\u200b\u2061claims a part\n\u200b\u2063claims another",
        "Song\nRow, row, row.\nRow, row, row.",
        "Song\nRow your boat home\nRow your boat",
        "SPRINGFIELD, May 5. /TASS/. A bridge opens.\nMore of it.",
        "The Old Town\n1.2K subscribers\n5 photos\nJoin\nHead",
        "Head\nexample.org\nA title\nA description",
        "Head\nbody line here\n👍62👏2",
        "20",
        "#Tag",
        "📍 Vienna, March 13, 2023",
        "5 May. 16:30",
    ],
)
@pytest.mark.parametrize("published_at", [None, "2024-02-09T07:01:00Z", "2024-02", "2024"])
def test_a_post_that_looks_like_something_else_comes_back(
    text: str, published_at: str | None
) -> None:
    document = post(text, published_at=published_at)
    assert kept(read_back(document)) == kept(document)


@pytest.mark.parametrize(
    "paragraphs",
    [
        [PARAGRAPH],
        ["Short"],
        ["All news"],
        ["5 May. 16:30", PARAGRAPH],
        ["Forwarded from Old Town", PARAGRAPH],
        [" date 2024-02-09 it says", PARAGRAPH],
        [PARAGRAPH, "Comments"],
        [PARAGRAPH, "Source: The Crier"],
        ["Title-like line", "Deck-like line", PARAGRAPH],
        ["SPRINGFIELD, May 5. /TASS/. is how others begin.", PARAGRAPH],
        [PARAGRAPH, "Referring to the town's own crier, it says that the\nbridge is finished."],
        ["\u200b\u2061claims a part", PARAGRAPH],
        ["Media is too big", "VIEW IN TELEGRAM"],
    ],
)
@pytest.mark.parametrize("title", [None, "Towns open a bridge", "All news", "It ended.", "20"])
@pytest.mark.parametrize("published_at", [None, "2024-02-09"])
def test_an_article_that_looks_like_something_else_comes_back(
    paragraphs: list[str], title: str | None, published_at: str | None
) -> None:
    document = article(paragraphs, title=title, published_at=published_at)
    assert kept(read_back(document)) == kept(document)


def test_a_dateline_that_stands_alone_comes_back() -> None:
    dateline = Dateline(
        raw="BAKU, Azerbaijan, Dec. 22",
        place="BAKU, Azerbaijan",
        date="--12-22",
        agency="Trend",
    )
    document = article([PARAGRAPH], dateline=dateline, published_at="2021-12-22")
    assert read_back(document).dateline == dateline


def test_text_that_needs_no_guard_has_none() -> None:
    assert "\u200b" not in canonical(post("Head\n🔹 One\n#Tag\nRead in full"))
    assert "\u200b" not in canonical(article([PARAGRAPH, PARAGRAPH], published_at="2024-02-09"))


def test_a_poll_keeps_its_text() -> None:
    body = (
        Block(type="subhead", text="Which bridge?"),
        Block(type="bullet", text="The old one"),
        Block(type="bullet", text="The new one"),
    )
    document = post("", body=body, media=(Media(type="poll"),))
    assert [block.text for block in read_back(document).body] == [block.text for block in body]


LINE = st.one_of(
    st.text(
        alphabet=st.characters(blacklist_categories=["Cs"], blacklist_characters="\n\r"),
        min_size=1,
        max_size=60,
    ).filter(lambda text: not lines.is_blank(text)),
    st.sampled_from(
        [
            *("Forwarded from A", " date 2024-01-01 ", "🔹 one", "one", "Head:", "💬 A: b", "20"),
            *("Media is too big", "VIEW IN TELEGRAM", "#Tag", "📍 Bonn, May 5", "Read in full"),
            *("Please open Telegram to view this post", "MOSCOW, May 5. /TASS/. On", "mid.ru"),
            *("\u200bzero", "\u200b\u2061one", "5 photos", "All news", "© A", "5 May. 16:30"),
        ]
    ),
)
DAY = st.one_of(
    st.none(),
    st.dates().map(lambda day: f"{day:%Y-%m-%d}T10:00:00Z"),
    st.sampled_from(["2024-02-09", "2024-02", "2024", "2022-05-05T16:30"]),
)


@given(st.lists(LINE, min_size=1, max_size=8), DAY, st.one_of(st.none(), LINE))
@example(["0", "one", "0", "0"], None, "\u200b\u2061one")
@examples(300)
def test_any_post_comes_back(rows: list[str], day: str | None, origin: str | None) -> None:
    name = (origin or "").strip()
    forward = Forward(name=name) if name else None
    document = post("\n".join(rows), published_at=day, forwarded_from=forward)
    assert kept(read_back(document)) == kept(document)


@given(st.lists(LINE, min_size=1, max_size=6), DAY, st.one_of(st.none(), LINE), st.booleans())
@examples(300)
def test_any_article_comes_back(
    paragraphs: list[str], day: str | None, title: str | None, decked: bool
) -> None:
    deck = "The toll falls by half" if decked and title else None
    document = article(paragraphs, published_at=day, title=title, deck=deck)
    assert kept(read_back(document)) == kept(document)


@pytest.mark.parametrize(
    ("medium", "marks"),
    [
        (Media(type="video", state="too_big"), ["Media is too big", "VIEW IN TELEGRAM"]),
        (
            Media(type="video", state="not_in_browser"),
            ["This media is not supported in your browser", "VIEW IN TELEGRAM"],
        ),
        (
            Media(type="photo", state="not_in_browser"),
            ["This media is not supported in your browser", "VIEW IN TELEGRAM"],
        ),
        (Media(type="photo", state="too_big"), []),
        (Media(type="photo"), []),
        (Media(type="video"), []),
    ],
)
def test_what_could_not_be_shown_stands_above_the_post(medium: Media, marks: list[str]) -> None:
    assert canonical(post("The ferry sails", media=(medium,))).split("\n") == [
        *marks,
        "The ferry sails",
    ]
