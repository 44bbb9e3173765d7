"""Desktop's HTML exports: joined messages, local times, forwards, media, and damage."""

from typing import Any

import pytest

from handlers.normalize.desktop import html_export
from handlers.normalize.post.problems import Problem, Skipped
from handlers.normalize.post.reading import Item, Reading
from storage.document import Author, Channel, Document, Span

HASH = "0123456789abcdef"


def message(
    inner: str,
    *,
    number: int = 7,
    sender: str | None = "Harbour",
    title: str = "01.03.2024 13:00:05 UTC+03:00",
    joined: bool = False,
) -> str:
    name = f'<div class="from_name">\n{sender} \n       </div>' if sender else ""
    return f"""
     <div class="message default clearfix{" joined" if joined else ""}" id="message{number}">
      <div class="body">
       <div class="pull_right date details" title="{title}">
13:00
       </div>
       {name}
{inner}
      </div>
     </div>"""


def text(inner: str) -> str:
    return f'       <div class="text">\n{inner}\n       </div>'


def service(words: str, number: int = 1) -> str:
    return (
        f'<div class="message service" id="message{number}"><div class="body details">\n{words}\n'
        "      </div></div>"
    )


def read(*messages: str, title: str | None = "Harbour", **options: Any) -> list[Item]:
    head = f'<div class="page_header"><div class="content"><div class="text bold">\n{title}\n</div>'
    page = (
        '<!DOCTYPE html><html><body><div class="page_wrap">'
        + (head + "</div></div>" if title else "")
        + '<div class="page_body chat_page"><div class="history">'
        + "".join(messages)
        + "</div></div></div></body></html>"
    )
    return list(html_export.read(page, Reading(file="messages.html", **options), HASH))


def documents(*messages: str, **options: Any) -> list[Document]:
    items = read(*messages, **options)
    assert all(isinstance(item, Document) for item in items)
    return [item for item in items if isinstance(item, Document)]


def one(inner: str, **options: Any) -> Document:
    (document,) = documents(message(inner, **options))
    return document


def test_a_post_has_its_text_and_its_time_in_utc() -> None:
    document = one(text("Ferry back<br>second &amp; third"))
    assert document.title == "Ferry back"
    assert document.body[0].text == "second & third"
    assert document.published_at == "2024-03-01T10:00:05Z"
    assert document.published_basis == "local_time"
    assert document.channel == Channel(title="Harbour")
    assert document.author_signature is None


@pytest.mark.parametrize(
    ("title", "published", "precision", "flags"),
    [
        ("01.03.2024 13:00:05 UTC+03:00", "2024-03-01T10:00:05Z", "second", ()),
        ("01.03.2024 13:00:05 UTC-02:30", "2024-03-01T15:30:05Z", "second", ()),
        ("01.03.2024 13:00:05 GMT+00:00", "2024-03-01T13:00:05Z", "second", ()),
        ("01.03.2024 13:00:05 UTC", "2024-03-01T13:00:05Z", "second", ()),
        ("01.03.2024 13:00:05", "2024-03-01T13:00:05", "second", ("zone_unknown",)),
        ("1 марта 2024, 13:00:05", "2024-03-01T13:00:05", "second", ("zone_unknown",)),
        ("13:00", "2024-02-29T13:00", "minute", ("zone_unknown",)),
        ("", "2024-02-29T13:00", "minute", ("zone_unknown",)),
        ("99.99.2024 13:00:05", "2024-02-29T13:00:05", "second", ("zone_unknown",)),
    ],
)
def test_times_are_local_with_a_zone_or_without(
    title: str, published: str, precision: str, flags: tuple[str, ...]
) -> None:
    (document,) = documents(service("29 февраля 2024", -1), message(text("x"), title=title))
    assert (document.published_at, document.published_precision) == (published, precision)
    assert document.flags == flags


@pytest.mark.parametrize("day", ["29 February 2024", "29 февраля 2024", "29 февраля 2024 г."])
def test_a_days_heading_is_no_message_but_dates_service_messages(day: str) -> None:
    (document,) = documents(service(day, -1), service("Channel photo changed", 2))
    assert (document.kind, document.service_action) == ("service", "edit_group_photo")
    assert (document.published_at, document.published_precision) == ("2024-02-29", "day")


def test_a_joined_message_has_the_sender_of_the_one_before() -> None:
    items = documents(
        message(text("a"), number=1, sender="Ann"),
        message(text("b"), number=2, sender=None, joined=True),
        all_chats=True,
    )
    ann = Author(kind="user", name="Ann")
    assert [document.author for document in items] == [ann, ann]
    assert [document.author_signature for document in items] == [None, None]


FORWARD = """
       <div class="pull_left forwarded userpic_wrap"><div class="userpic">S</div></div>
       <div class="forwarded body">
        {name}
        {inner}
       </div>"""
NAME = (
    '<div class="from_name">\nMast Head  <span class="date details"'
    ' title="29.02.2024 08:00:00 UTC+03:00"> 29.02.2024 08:00:00</span>\n</div>'
)


def test_a_forward_names_its_origin_and_its_date() -> None:
    document = one(FORWARD.format(name=NAME, inner=text("x")))
    assert document.forwarded_from is not None
    assert document.forwarded_from.name == "Mast Head"
    assert document.forwarded_from.date == "2024-02-29T05:00:00Z"
    assert document.title == "x"


def test_in_2019_the_date_of_a_forward_was_a_detail() -> None:
    name = (
        '<div class="from_name">\nMast Head <span class="details"> 29.02.2024 08:00:00</span></div>'
    )
    document = one(FORWARD.format(name=name, inner=text("x")))
    assert document.forwarded_from is not None
    assert document.forwarded_from.name == "Mast Head"
    assert document.forwarded_from.date == "2024-02-29T08:00:00"


def test_a_joined_forward_without_a_name_is_of_the_same_origin() -> None:
    first, second, third = documents(
        message(FORWARD.format(name=NAME, inner=text("a")), number=1),
        message(FORWARD.format(name="", inner=text("b")), number=2, sender=None, joined=True),
        message(text("c"), number=3, sender=None, joined=True),
    )
    assert first.forwarded_from is not None
    assert second.forwarded_from is not None
    assert second.forwarded_from.name == "Mast Head"
    assert third.forwarded_from is None


@pytest.mark.parametrize(
    ("words", "message_id"),
    [
        ('In reply to <a href="#go_to_message5" onclick="return GoToMessage(5)">this</a>', 5),
        ('In reply to <a href="messages1.html#go_to_message999">this message</a>', 999),
        ("In reply to a message in another chat", None),
    ],
)
def test_replies_in_this_file_another_and_another_chat(words: str, message_id: int | None) -> None:
    reply = one(f'<div class="reply_to details">\n{words}\n</div>' + text("x")).reply_to
    assert (reply.message_id if reply else None) == message_id
    (told,) = documents(service(words))
    assert (told.reply_to.message_id if told.reply_to else None) == message_id


def box(kind: str, title: str, description: str = "", status: str = "", href: str = "") -> str:
    tag = f'a href="{href}"' if href else "div"
    rows = "".join(
        f'<div class="{name}">\n{value}\n</div>'
        for name, value in (
            ("title bold", title),
            ("description", description),
            ("status details", status),
        )
        if value
    )
    return (
        f'<div class="media_wrap clearfix"><{tag} class="media clearfix pull_left {kind}">'
        f'<div class="fill pull_left"></div><div class="body">{rows}</div></{tag.split()[0]}></div>'
    )


NOT_INCLUDED = "Not included, change data exporting settings to download."
EXCEEDS = "Exceeds maximum size, change data exporting settings to download."
UNAVAILABLE = "Unavailable, please try again later."


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (box("media_video", "Video file", NOT_INCLUDED, "01:00, 21.5 MB"),
         {"type": "video", "state": "not_included", "duration": 60, "size": 22544384}),
        (box("media_video", "Video message", EXCEEDS, "00:59, 1.0 KB"),
         {"type": "round_video", "state": "too_big", "duration": 59, "size": 1024}),
        (box("media_photo", "Photo", UNAVAILABLE, "1920×2560, 2.0 KB"),
         {"type": "photo", "state": "missing", "size": 2048}),
        (box("media_voice_message", "Voice message", "", "00:03", "voice_messages/a.ogg"),
         {"type": "voice", "duration": 3, "name": "a.ogg"}),
        (box("media_audio_file", "Choir – Sea", "", "00:03", "files/s.mp3"),
         {"type": "audio", "duration": 3, "name": "s.mp3", "title": "Choir – Sea"}),
        (box("media_file", "chart.pdf", NOT_INCLUDED, "2.0 KB"),
         {"type": "document", "state": "not_included", "name": "chart.pdf", "size": 2048}),
        (box("media_photo", "Sticker", NOT_INCLUDED, "🚢, 2.0 KB"),
         {"type": "sticker", "state": "not_included", "size": 2048}),
        (box("media_venue", "Pier", "Bay street", "", "https://maps.google.com/maps?q=1.5,-2&z=16"),
         {"type": "location", "title": "Pier", "name": "Bay street", "url": "geo:1.5,-2"}),
        (box("media_location", "Location", "", "1.5, -2"),
         {"type": "location", "url": "geo:1.5,-2"}),
        (box("media_contact", "Ann Keeper", "", "+1 555"),
         {"type": "contact", "name": "Ann Keeper", "title": "+1 555"}),
        (box("media_invoice", "Chart", "of the bay", "5.00 EUR"),
         {"type": "invoice", "title": "Chart\nof the bay"}),
        (box("media_game", "Chess", "by mail", ""), {"type": "game", "title": "Chess\nby mail"}),
        ('<div class="media_wrap clearfix"><div class="media_giveaway">'
         '<div class="section_title bold">\nGiveaway Prizes\n</div>'
         '<div class="section_body">\n<b>5</b> books of the port\n</div>'
         '<div class="section_title bold">\nwith\n</div></div></div>',
         {"type": "giveaway", "title": "books of the port"}),
        ('<div class="media_wrap clearfix"><div class="media_poll">'
         '<div class="question bold">\nCheck\n</div><div class="details">\nTo-do List\n</div>'
         '<div class="answer">\n- buoy\n</div></div></div>',
         {"type": "checklist", "title": "Check"}),
        ('<div class="media_wrap clearfix"><a class="photo_wrap clearfix pull_left"'
         ' href="photos/photo_1.jpg"><img class="photo"/></a></div>',
         {"type": "photo", "name": "photo_1.jpg"}),
        ('<div class="media_wrap clearfix"><a class="video_file_wrap clearfix pull_left"'
         ' href="v.mp4"><div class="video_duration">\n01:02\n</div></a></div>',
         {"type": "video", "name": "v.mp4", "duration": 62}),
    ],
)  # fmt: skip
def test_media_of_every_type_and_each_placeholder(inner: str, expected: dict[str, Any]) -> None:
    (found,) = one(inner + text("x")).media
    names = ("type", "state", "name", "size", "duration", "title", "url")
    said = {name: getattr(found, name) for name in names if getattr(found, name) is not None}
    assert said == {"state": "present", **expected}


def test_a_poll_is_its_body() -> None:
    poll = (
        '<div class="media_wrap clearfix"><div class="media_poll"><div class="question bold">\n'
        'Sail?\n</div><div class="details">Anonymous poll</div><div class="answer">\n- Yes'
        ' <span class="details">3 votes</span>\n</div><div class="answer">\n- No\n</div>'
        "</div></div>"
    )
    document = one(poll)
    assert document.title == "Sail?"
    assert [(block.type, block.text) for block in document.body] == [
        ("bullet", "Yes"), ("bullet", "No")
    ]  # fmt: skip


def test_a_buttons_address_is_a_link() -> None:
    buttons = (
        '<table class="bot_buttons_table"><tbody><tr><td class="bot_button_row">'
        '<div class="bot_button"><a ="" href="https://a.b/full"><div>\nIn full\n</div></a></div>'
        '<div class="bot_button"><a ="" onclick="return ShowTextCopied(1);"><div>\nVote\n</div>'
        "</a></div></td></tr></tbody></table>"
    )
    document = one(f'<div class="text">\nHead\n</div>{buttons}')
    assert [(link.text, link.url) for link in document.links] == [("In full", "https://a.b/full")]
    assert document.texts() == ["Head"]


def test_formatting_is_as_desktop_writes_it() -> None:
    inner = (
        "Head<br><strong>bold</strong> <em>slant</em> "
        '<a href="" onclick="return ShowHashtag(&quot;Port&quot;)">#Port</a> '
        '<a href="https://t.me/mast">@mast</a> <a href="https://a.b/">words</a> '
        '<a href="" onclick="return ShowNotLoadedEmoji();">🔵</a> '
        '<span class="spoiler hidden" onclick="ShowSpoiler(this)"><span aria-hidden="true">end'
        "</span></span>"
    )
    (block,) = one(text(inner)).body
    assert [(span.kind, block.text[span.start : span.end]) for span in block.spans] == [
        ("bold", "bold"), ("italic", "slant"), ("hashtag", "#Port"), ("mention", "@mast"),
        ("link", "words"), ("custom_emoji", "🔵"), ("spoiler", "end"),
    ]  # fmt: skip


def test_signature_and_reactions() -> None:
    inner = (
        text("x")
        + '<div class="signature details">\nN. Mast\n</div>'
        + '<span class="reactions"><span class="reaction"><span class="emoji">👍</span>'
        + '<span class="count">12</span></span><span class="reaction"><span class="userpics">'
        + '<div class="userpic"></div><div class="userpic"></div></span></span></span>'
    )
    document = one(inner)
    assert (document.author_signature, document.reactions) == ("N. Mast", 14)
    assert document.title == "x"


PHOTO = box("media_photo", "Photo", NOT_INCLUDED)


def test_what_looks_like_an_album_is_one_document_and_flagged() -> None:
    first, second = documents(
        message(PHOTO + text("Bay"), number=1),
        message(PHOTO, number=2, sender=None, joined=True),
        message(PHOTO, number=3, sender=None, joined=True, title="01.03.2024 13:00:06 UTC+03:00"),
    )
    assert (first.album_ids, first.flags) == ((1, 2), ("album_guessed",))
    assert [media.message_id for media in first.media] == [1, 2]
    assert second.album_ids == ()
    (document,) = documents(
        message(PHOTO, number=1),
        message(PHOTO + text("Bay"), number=2, sender=None, joined=True),
    )
    assert (document.album_ids, document.texts()) == ((1, 2), ["Bay"])


def test_the_channel_is_what_the_person_names() -> None:
    (document,) = documents(message(text("x")), channel=Channel(username="harbour"))
    assert (document.doc_id, document.url) == ("tg:@harbour/7", "https://t.me/harbour/7")


def test_without_a_channel_a_document_is_named_after_its_file() -> None:
    assert one(text("x")).doc_id == f"txt:{HASH}#1"


def test_private_chats_and_groups_are_left_out_unless_asked_for() -> None:
    talk = (message(text("a"), number=1, sender="Ann"), message(text("b"), number=2))
    (skipped,) = read(*talk)
    assert skipped == Skipped(file="messages.html", chat="Harbour", messages=2)
    assert len(documents(*talk, all_chats=True)) == 2
    assert len(documents(service("Channel «Harbour» created", 9), *talk)) == 3


def test_an_unsupported_message_says_that_its_text_was_withheld() -> None:
    words = "This message is not supported by this version of Telegram Desktop."
    (document,) = documents(service(words))
    assert (document.kind, document.flags) == ("post", ("text_withheld",))


def test_a_page_of_an_export_without_messages_is_empty() -> None:
    assert read() == []


@pytest.mark.parametrize(
    "damage",
    ['<div class="message default clearfix" id="message-x">', message("<i>" * 9000, number=3)],
)
def test_a_damaged_message_is_a_problem_and_takes_no_other_with_it(damage: str) -> None:
    items = read(message(text("a"), number=1), damage, message(text("b"), number=2))
    assert [type(item) for item in items] == [Problem, Document, Document]


def test_a_file_that_never_closes_is_read_to_its_end() -> None:
    page = message(text("a"), number=1) + message(text("b"), number=2)
    for end in range(len(page) // 2 + 100, len(page), 17):
        items = read(page[:end].replace("</div>", ""), all_chats=True)
        assert isinstance(items[0], Document)
        assert items[0].title == "a"


def test_spans_count_characters_after_the_indentation() -> None:
    document = one(text("Head<br>\n   then <b>bold</b>"))
    assert document.body[0].spans == (Span(kind="bold", start=5, end=9),)


def test_corpus_exports_are_read_without_a_problem(shared_files: Any) -> None:
    for path in shared_files("corpus/desktop_html/*.html"):
        reading = Reading(file=path.name, all_chats=True)
        items = list(html_export.read(path.read_text("utf-8"), reading, HASH))
        assert items
        assert all(isinstance(item, Document) for item in items)


def test_an_empty_element_in_its_like_takes_nothing_from_it() -> None:
    document = one(text("Head<br><b><b></b>wide</b> and narrow"))
    assert document.body[0].spans == (Span(kind="bold", start=0, end=4),)
