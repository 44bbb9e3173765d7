"""What is attached to posts on pages, by the classes that say so. All names are invented."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from handlers.normalize.tme import media
from storage.document import Media

LABEL = '<div class="message_media_not_supported_label">{}</div>'


def read(inner: str) -> tuple[Media, ...]:
    found = LexborHTMLParser(f'<div id="post">{inner}</div>').css_first("#post")
    assert found is not None
    return media.read(found)


def part(name: str, inner: str = "", href: str = "", more: str = "") -> str:
    return f'<a class="tgme_widget_message_{name} {more}" href="{href}">{inner}</a>'


def said(name: str, text: str) -> str:
    return f'<div class="tgme_widget_message_{name}">{text}</div>'


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (part("photo_wrap"), Media(type="photo")),
        (part("photo_wrap", href="https://t.me/port/7?single"), Media(type="photo", message_id=7)),
        (part("photo_wrap", href="https://t.me/port/7?a=b&single"),
         Media(type="photo", message_id=7)),
        (part("photo_wrap", href="https://t.me/port/7?singles"), Media(type="photo")),
        (part("photo_wrap", href="https://t.me/port/7"), Media(type="photo")),
        (part("video_player", "<time>1:05</time>"), Media(type="video", duration=65)),
        (part("video_player", "<video loop></video>"), Media(type="animation")),
        (part("video_player", "<video loop></video><time>0:05</time>"),
         Media(type="video", duration=5)),
        (part("roundvideo_player", "<video loop></video>"), Media(type="round_video")),
        (part("voice_player", "<time>0:05</time>"), Media(type="voice", duration=5)),
        *((part(name), Media(type="sticker"))
          for name in ("sticker_wrap", "videosticker", "tgsticker")),
        (part("video_player", LABEL.format("Not supported")), Media(type="video")),
        (part("video_player", LABEL.format("Media is too big"), more="not_supported"),
         Media(type="video", state="too_big")),
        (part("video_player", LABEL.format("Please open Telegram to view"), more="not_supported"),
         Media(type="video", state="hidden")),
        (part("video_player", LABEL.format("No"), more="not_supported"),
         Media(type="video", state="not_in_browser")),
        (part("video_player", more="not_supported"), Media(type="video", state="not_in_browser")),
        (part("document_wrap", said("document_title", "a.pdf") + said("document_extra", "2 KB"),
              "https://t.me/port/7?single"),
         Media(type="document", name="a.pdf", size=2048, message_id=7)),
        (part("document_wrap", '<div class="tgme_widget_message_document_icon audio"></div>'
              + said("document_title", "Tide") + said("document_extra", "Ann"),
              "https://t.me/port/7?single"), Media(type="audio", title="Ann – Tide", message_id=7)),
        (part("document_wrap", '<div class="tgme_widget_message_document_icon audio"></div>'),
         Media(type="audio")),
        (part("location_wrap", said("location_title", "Pier") + said("location_address", "Quay")),
         Media(type="location", title="Pier", name="Quay")),
        (part("location_wrap", said("venue_title", "Pier") + said("venue_address", "Quay")),
         Media(type="location", title="Pier", name="Quay")),
        (part("contact_wrap", said("contact_name", "Ann") + said("contact_phone", "5")),
         Media(type="contact", name="Ann", title="5")),
        (part("poll", said("poll_question", "Why?")), Media(type="poll", title="Why?")),
        (part("game", said("game_title", "Sail") + said("game_description", "Far")),
         Media(type="game", title="Sail\nFar")),
        (part("invoice", said("invoice_title", "Boat") + said("invoice_description", "Red")),
         Media(type="invoice", title="Boat\nRed")),
        (part("link_preview", '<i class="link_preview_site_name">A</i>'
              '<i class="link_preview_title">B</i><i class="link_preview_description">C</i>',
              "https://a.b/"), Media(type="webpage", name="A", title="B\nC", url="https://a.b/")),
        (LABEL.format("Media is too big"), Media(type="unknown", state="too_big")),
        (LABEL.format("Whatever"), Media(type="unknown", state="not_in_browser")),
        (LABEL.format(""), Media(type="unknown", state="not_in_browser")),
    ],
)  # fmt: skip
def test_what_one_medium_is(inner: str, expected: Media) -> None:
    assert read(inner) == (expected,)


def test_parts_stand_in_their_order_and_none_twice() -> None:
    inner = part("photo_wrap", href="/9?single") + part("video_player", href="/8?single")
    found = read(inner + f'<div class="tgme_widget_message_poll">{part("photo_wrap")}</div>')
    assert [one.type for one in found] == ["photo", "video", "poll"]
    assert media.album_ids(found) == (8, 9)


@pytest.mark.parametrize(
    "inner",
    [
        "",
        "<p>words</p>",
        f'<div class="tgme_widget_message_reply">{part("photo_wrap")}</div>',
        LABEL.format("x")
        + '<div class="media_supported_cont"><p class="js-message_text">words</p></div>',
    ],
)
def test_nothing_is_attached(inner: str) -> None:
    assert read(inner) == ()
