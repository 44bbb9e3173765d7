"""What is attached to a message of Telegram Desktop's HTML export."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from handlers.normalize.desktop import html_media
from storage.document import Media


def read(markup: str) -> Media | None:
    page = f'<div class="message"><div class="media_wrap">{markup}</div></div>'
    root = LexborHTMLParser(page).root
    assert root is not None
    return html_media.read(root)


def box(kind: str, title: str = "", description: str = "", status: str = "", href: str = "") -> str:
    parts = {"title": title, "description": description, "status": status}
    inner = "".join(f'<div class="{name}">{text}</div>' for name, text in parts.items())
    return f'<a class="media clearfix media_{kind}" href="{href}">{inner}</a>'


@pytest.mark.parametrize(
    ("box_kind", "kind"),
    [
        ("photo", "photo"), ("video", "video"), ("voice_message", "voice"), ("audio_file", "audio"),
        ("other", "unknown"),
    ],
)  # fmt: skip
def test_a_box_says_its_kind_name_size_and_length(box_kind: str, kind: str) -> None:
    found = read(box(box_kind, "Of the pier", status="0:05, 1.5 KB", href="a\\b/c.bin"))
    assert found == Media(
        type=kind, name="c.bin", size=1536, duration=5, title="Of the pier"  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("markup", "media"),
    [
        (box("file", "a.pdf", status="1.5 KB", href="b.pdf"),
         Media(type="document", name="a.pdf", size=1536)),
        (box("contact", "Ann Lee", "x", "+5"), Media(type="contact", name="Ann Lee", title="+5")),
        (box("game", "Chess", "Play it"), Media(type="game", title="Chess\nPlay it")),
        (box("invoice", "", "Pay it"), Media(type="invoice", title="Pay it")),
        (box("game"), Media(type="game")),
        (box("location", "Location", "", "55.1, 37.2"),
         Media(type="location", url="geo:55.1,37.2")),
        (box("live_location", "Live location", "", "55.1, 37.2"),
         Media(type="location", url="geo:55.1,37.2")),
        (box("venue", "Pier", "Harbour 1", "55.1, 37.2", "https://maps.google.com/?q=5.5,6.6"),
         Media(type="location", title="Pier", name="Harbour 1", url="geo:5.5,6.6")),
        ('<div class="media_poll"><div class="question">Why?</div>'
         '<div class="details">Anonymous poll</div></div>', Media(type="poll", title="Why?")),
        ('<div class="media_poll"><div class="question">Do it</div>'
         '<div class="details">To-do List</div></div>', Media(type="checklist", title="Do it")),
        ('<div class="media_giveaway"><div class="section_title">Giveaway Prizes</div>'
         '<div class="section_body"><b>5</b> books</div></div>',
         Media(type="giveaway", title="books")),
        ('<div class="media_giveaway"><div class="section_title">Winners</div>'
         '<div class="section_body">5 books</div></div>', Media(type="giveaway")),
        ('<a class="other_wrap" href="c.jpg"></a>', None),
        ("", None),
    ],
)  # fmt: skip
def test_each_kind_of_attachment(markup: str, media: Media | None) -> None:
    assert read(markup) == media


@pytest.mark.parametrize(
    ("wrap", "kind"),
    [
        ("photo", "photo"),
        ("video_file", "video"),
        ("animated", "animation"),
        ("sticker", "sticker"),
    ],
)
def test_what_is_shown_in_the_page_has_its_files_name(wrap: str, kind: str) -> None:
    inner = '<div class="video_duration">01:05</div>'
    found = read(f'<a class="{wrap}_wrap" href="photos/c.jpg">{inner}</a>')
    assert found == Media(type=kind, name="c.jpg", duration=65)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "description", "kind", "state", "own"),
    [
        ("Photo", "", "photo", "present", None),
        ("Video file", "Exceeds maximum size, change it", "photo", "too_big", None),
        ("Voice message", "Not included, change it", "photo", "not_included", None),
        ("Audio file", "Unavailable, try again later", "photo", "missing", None),
        ("File", "It was Unavailable", "photo", "present", None),
        ("Video message", "", "round_video", "present", None),
        ("Animation", "", "animation", "present", None),
        ("Sticker", "Not included", "sticker", "not_included", None),
        ("Self-destructing photo", "Not included", "photo", "hidden", "Self-destructing photo"),
    ],
)
def test_titles_and_descriptions_say_kind_and_state(
    title: str, description: str, kind: str, state: str, own: str | None
) -> None:
    found = read(box("photo", title, description))
    assert found == Media(type=kind, state=state, title=own)  # type: ignore[arg-type]


def test_a_message_without_attachments_has_none() -> None:
    root = LexborHTMLParser(f'<div class="message">{box("photo")}</div>').root
    assert root is not None
    assert html_media.read(root) is None
