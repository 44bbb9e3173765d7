"""A test for each row of the schema's traps and of its table of where each field comes from.

Everything goes through the one door for files; the readers' own tests say more of each.
"""

import base64
import io
import json
from typing import Any

import pytest

from handlers.normalize import registry
from storage.document import Author, Document

HIDDEN_LABEL = "Please open Telegram to view this post"
BROWSER_LABEL = "This media is not supported in your browser"


def read(text: str, name: str = "a.txt", **options: Any) -> list[Document]:
    items = list(registry.read(io.BytesIO(text.encode()), name=name, **options))
    assert all(isinstance(item, Document) for item in items)
    return [item for item in items if isinstance(item, Document)]


def one(text: str, name: str = "a.txt", **options: Any) -> Document:
    (document,) = read(text, name, **options)
    return document


def live(*messages: dict[str, Any]) -> Document:
    """Messages of a channel as Telethon writes them."""
    channel = {"id": 77, "username": "harbour", "title": "Harbour"}
    shared = {"_": "Message", "date": "2024-03-01T10:00:05+00:00", "peer_id": {"channel_id": 77}}
    rows = [{"channel": channel, "message": {**shared, **each}} for each in messages]
    return one("\n".join(map(json.dumps, rows)), "live.jsonl")


def exported(*messages: dict[str, Any], **chat: Any) -> list[Document]:
    """Messages of a channel as Desktop writes them."""
    shared = {"type": "message", "date": "2024-03-01T13:00:05", "date_unixtime": "1709287205"}
    full = [{**shared, "text": "Words", **each} for each in messages]
    head = {"name": "Harbour", "type": "public_channel", "id": 77}
    return read(json.dumps({**head, **chat, "messages": full}), "result.json")


def page(inner: str, attributes: str = "", footer: str = "") -> list[Document]:
    """A post of ``t.me/s``."""
    return read(
        '<div class="tgme_widget_message_wrap"><div class="tgme_widget_message js-widget_message" '
        f'data-post="harbour/7" {attributes}>{inner}<div class="tgme_widget_message_footer">'
        f'{footer}<a class="tgme_widget_message_date" href="https://t.me/harbour/7">'
        '<time datetime="2024-03-01T13:00:05+03:00">10:00</time></a></div></div></div>',
        "harbour.html",
    )


def text_of(inner: str) -> str:
    return f'<div class="tgme_widget_message_text js-message_text" dir="auto">{inner}</div>'


def label(words: str) -> str:
    return (
        '<div class="message_media_not_supported_wrap"><div class="message_media_not_supported">'
        f'<div class="message_media_not_supported_label">{words}</div></div></div>'
    )


def history(*messages: str) -> list[Document]:
    """A page of Desktop's HTML export."""
    return read(
        '<html><body><div class="page_wrap"><div class="page_header"><div class="content">'
        '<div class="text bold">\nHarbour\n</div></div></div><div class="page_body chat_page">'
        f'<div class="history">{"".join(messages)}</div></div></div></body></html>',
        "messages.html",
        channel="@harbour",
        all_chats=True,
    )


def message(number: int, inner: str, *, stamp: str, sender: str | None = "Harbour") -> str:
    name = f'<div class="from_name">\n{sender}\n</div>' if sender else ""
    joined = "" if sender else " joined"
    return (
        f'<div class="message default clearfix{joined}" id="message{number}"><div class="body">'
        f'<div class="pull_right date details" title="{stamp}">\n10:00\n</div>{name}'
        f'<div class="text">\n{inner}\n</div></div></div>'
    )


# Traps seen in real data.


def test_trap_three_different_placeholders() -> None:
    (big,) = page(
        '<a class="tgme_widget_message_video_player not_supported">'
        f"{label('Media is too big')}</a>{text_of('Words')}"
    )
    (strange,) = page(
        '<a class="tgme_widget_message_video_player not_supported">'
        f"{label(BROWSER_LABEL)}</a>{text_of('Words')}"
    )
    (hidden,) = page(label(HIDDEN_LABEL))
    states = [document.media[0].state for document in (big, strange, hidden)]
    assert states == ["too_big", "not_in_browser", "hidden"]
    flat = [
        one(f"{words}\nVIEW IN TELEGRAM\nWords") for words in ("Media is too big", BROWSER_LABEL)
    ]
    assert [document.media[0].state for document in flat] == ["too_big", "not_in_browser"]
    assert one(f"Forwarded from A\nOne 🔦 two\n{HIDDEN_LABEL}\nVIEW IN TELEGRAM").media == ()


def test_trap_nested_text_divs_in_albums() -> None:
    photos = "".join(
        f'<a class="tgme_widget_message_photo_wrap" href="https://t.me/harbour/{n}?single"></a>'
        for n in (7, 8)
    )
    (album,) = page(photos + text_of(text_of("One caption")))
    assert album.title == "One caption"
    assert album.body == ()
    assert album.album_ids == (7, 8)


def test_trap_rounded_views() -> None:
    views = '<span class="tgme_widget_message_views">18.9M</span>'
    assert page(text_of("Words"), footer=views)[0].views == 18_900_000


def test_trap_service_date_divs_made_by_scripts() -> None:
    made = (
        '<div class="tgme_widget_message_wrap"><div class="tgme_widget_message_service_date_wrap">'
        '<div class="tgme_widget_message_service_date">March 1</div></div></div>'
    )
    assert len(page(made + text_of("Words"))) == 1


def test_trap_local_times_in_text_against_utc_in_attributes() -> None:
    (document,) = page(text_of("Words"))
    assert document.published_at == "2024-03-01T10:00:05Z"
    assert document.published_basis == "time_attr"


def test_trap_joined_messages_repeat_no_sender() -> None:
    first, second = history(
        message(1, "One", stamp="01.03.2024 10:00:05 UTC+03:00", sender="Duty officer"),
        message(2, "Two", stamp="01.03.2024 10:05:05 UTC+03:00", sender=None),
    )
    assert first.author == second.author == Author(kind="user", name="Duty officer")


@pytest.mark.parametrize(
    ("stamp", "published_at", "zone_unknown"),
    [
        ("01.03.2024 10:00:05 UTC+03:00", "2024-03-01T07:00:05Z", False),
        ("01.03.2024 10:00:05", "2024-03-01T10:00:05", True),
    ],
)
def test_trap_exported_times_with_a_zone_or_none(
    stamp: str, published_at: str, zone_unknown: bool
) -> None:
    (document,) = history(message(1, "One", stamp=stamp))
    assert document.published_at == published_at
    assert ("zone_unknown" in document.flags) is zone_unknown


def test_trap_russian_month_names() -> None:
    day = (
        '<div class="message service" id="message-1"><div class="body details">\n5 мая 2023\n'
        "</div></div>"
    )
    pinned = (
        '<div class="message service" id="message3"><div class="body details">\n'
        "Harbour закрепил(а) сообщение\n</div></div>"
    )
    (document,) = history(day, pinned)
    assert (document.published_at, document.published_precision) == ("2023-05-05", "day")


def test_trap_numeric_from_id_in_old_exports() -> None:
    old = {"id": 5, "from": "Ann", "from_id": 4_311_111_111, "date_unixtime": None}
    (document,) = exported(old)
    assert document.author_signature == "Ann"
    assert document.title == "Words"


def test_trap_header_and_text_dates_that_disagree() -> None:
    document = one(" date 2031-02-05 LISVIK, February 3. /NORDWIRE/. The harbour is open.")
    assert document.published_at == "2031-02-05"
    assert document.dateline is not None
    assert document.dateline.date == "--02-03"
    assert "date_conflict" in document.flags


def test_trap_hard_wrapped_article_text() -> None:
    rows = (
        "LISVIK, February 3. /NORDWIRE/. The harbour is open to every ship again, the mayor",
        "of the town said, and the ferries run as they did before the ice came down upon",
        "the sound.",
    )
    (block,) = one(" date 2031-02-03 " + "\n".join(rows)).body
    assert block.text.startswith("The harbour is open")
    assert block.text.endswith("the sound.")


def test_trap_glued_article_text() -> None:
    glued = "Harbour opens\n\nLISVIK, February 3./NORDWIRE/.The harbour is open."
    document = one(f" date 2031-02-03 {glued}")
    assert document.dateline is not None
    assert (document.dateline.place, document.dateline.agency) == ("LISVIK", "NORDWIRE")
    assert document.body[0].text == "The harbour is open."


def test_trap_a_parenthesis_that_is_no_dateline() -> None:
    document = one(" date 2031-02-03 The price rose to 9 (US dollars - TASS) a barrel, they said.")
    assert document.dateline is None


@pytest.mark.parametrize(
    ("opening", "place", "agency"),
    [
        ("MOSCOW, February 3. The", "MOSCOW", None),
        ("TASS, February 3. The", None, "TASS"),
        ("МОСКВА, 3 февраля - РИА Новости. The", "МОСКВА", "РИА Новости"),
    ],
)
def test_trap_datelines_without_agency_or_agency_first(
    opening: str, place: str | None, agency: str | None
) -> None:
    document = one(f" date 2031-02-03 {opening} harbour is open, the mayor said.")
    assert document.dateline is not None
    assert (document.dateline.place, document.dateline.agency) == (place, agency)
    assert document.dateline.date == "--02-03"


@pytest.mark.parametrize("counter", ["👍62👏2🥰1", "20"])
def test_trap_reactions_are_furniture(counter: str) -> None:
    first, second = read(f"Forwarded from A\nOne\nTwo\nTwo\n{counter}\nForwarded from B\nThree")
    assert [*first.texts(), *second.texts()] == ["One", "Two", "Three"]
    assert [part.text for part in first.furniture] == [counter]


@pytest.mark.parametrize("button", ["Download Telegram", "加入频道", "Подписаться"])
def test_trap_localized_join_buttons_are_furniture(button: str) -> None:
    top = f"Harbour\n1.28K subscribers\n7.15K photos\nAll of the harbour\n{button}"
    document = one(f"{top}\nForwarded from A\nOne")
    assert list(document.texts()) == ["One"]
    assert button in [part.text for part in document.furniture]


# Where each field comes from: a row each, a source after the other.


def test_row_message_id() -> None:
    assert live({"id": 7, "message": "x"}).message_id == 7
    assert exported({"id": 7})[0].message_id == 7
    assert page(text_of("x"))[0].message_id == 7


def test_row_channel_id() -> None:
    assert live({"id": 7, "message": "x"}).doc_id == "tg:77/7"
    assert exported({"id": 7})[0].doc_id == "tg:77/7"
    view = base64.b64encode(b'{"c":-77,"p":7,"t":1,"h":"x"}').decode().rstrip("=")
    assert page(text_of("x"), f'data-view="{view}"')[0].doc_id == "tg:77/7"
    assert page(text_of("x"))[0].doc_id == "tg:@harbour/7"


def test_row_published_at() -> None:
    assert live({"id": 7, "message": "x"}).published_at == "2024-03-01T10:00:05Z"
    assert exported({"id": 7})[0].published_at == "2024-03-01T10:00:05Z"
    (local,) = exported({"id": 7, "date_unixtime": None})
    assert (local.published_at, local.published_basis) == ("2024-03-01T13:00:05", "local_time")
    assert page(text_of("x"))[0].published_at == "2024-03-01T10:00:05Z"


@pytest.mark.parametrize(("hidden", "shown"), [(True, None), (False, "2024-03-01T11:00:05Z")])
def test_row_edited_at_of_a_live_message(hidden: bool, shown: str | None) -> None:
    edit = {"edit_date": "2024-03-01T11:00:05+00:00", "edit_hide": hidden}
    assert live({"id": 7, "message": "x", **edit}).edited_at == shown


def test_row_edited_at_of_files() -> None:
    assert exported({"id": 7, "edited": "x", "edited_unixtime": "0"})[0].edited_at is None
    assert exported({"id": 7, "edited_unixtime": "1709290805"})[0].edited_at is not None
    edited = '<span class="tgme_widget_message_meta">edited</span>'
    assert page(text_of("x"), footer=edited)[0].edited_at is None


def test_row_text() -> None:
    bold = {"_": "MessageEntityBold", "offset": 3, "length": 4}
    document = live({"id": 7, "message": "💬\nbold *as* it is", "entities": [bold]})
    assert list(document.texts()) == ["💬", "bold *as* it is"]
    assert [(span.start, span.end) for span in document.body[0].spans] == [(0, 4)]
    (export,) = exported({"id": 7, "text": ["One ", {"type": "bold", "text": "two"}, "\nthree"]})
    assert list(export.texts()) == ["One two", "three"]
    reply = (
        '<a class="tgme_widget_message_reply">'
        '<div class="tgme_widget_message_text js-message_reply_text">Answered</div></a>'
    )
    assert list(page(reply + text_of("One<br/>two"))[0].texts()) == ["One", "two"]


def test_row_forwarded_from() -> None:
    header = {"from_id": {"channel_id": 5}, "channel_post": 9, "post_author": "Ann"}
    forward = live({"id": 7, "message": "x", "fwd_from": header}).forwarded_from
    assert forward is not None
    assert (forward.channel_id, forward.message_id, forward.author) == (5, 9, "Ann")
    (named,) = exported({"id": 7, "forwarded_from": "Light"})
    (unnamed,) = exported({"id": 7, "forwarded_from": None})
    names = [each.forwarded_from and each.forwarded_from.name for each in (named, unnamed)]
    assert names == ["Light", None]
    assert unnamed.forwarded_from is not None
    shown = (
        '<div class="tgme_widget_message_forwarded_from">Forwarded from&nbsp;'
        '<a class="tgme_widget_message_forwarded_from_name" href="https://t.me/light/9">'
        '<span dir="auto">Light</span></a> '
        '(<span class="tgme_widget_message_forwarded_from_author">Ann</span>)</div>'
    )
    forward = page(shown + text_of("x"))[0].forwarded_from
    assert forward is not None
    assert (forward.name, forward.author, forward.message_id) == ("Light", "Ann", 9)


def test_row_album() -> None:
    photo = {"_": "MessageMediaPhoto", "photo": {"_": "Photo", "sizes": []}}
    parts = [{"id": n, "message": "", "grouped_id": 5, "media": photo} for n in (7, 8)]
    assert live(*parts).album_ids == (7, 8)
    (guessed,) = exported(*({"id": n, "text": "", "photo": f"photos/{n}.jpg"} for n in (7, 8)))
    assert guessed.album_ids == (7, 8)
    assert "album_guessed" in guessed.flags


def test_row_too_big() -> None:
    file = {"_": "Document", "size": 3_000_000_000, "attributes": [], "mime_type": "video/mp4"}
    media = {"_": "MessageMediaDocument", "document": file}
    assert live({"id": 7, "message": "x", "media": media}).media[0].size == 3_000_000_000
    skipped = "(File exceeds maximum size. Change data exporting settings to download.)"
    assert exported({"id": 7, "file": skipped})[0].media[0].state == "too_big"
