"""Messages as Telegram's objects."""

import pytest
from telethon.tl import types

from bot.telegram import outgoing
from handlers.render.text.messages import Button, File, Message
from handlers.render.text.rich import RichText, Span
from storage.structs import replace


@pytest.mark.parametrize(
    ("chat_id", "expected"),
    [
        (42, types.InputPeerUser(42, 7)),
        (-42, types.InputPeerChat(42)),
        (-1_000_000_000_042, types.InputPeerChannel(42, 7)),
    ],
)
def test_peer_of_a_marked_id(chat_id: int, expected: object) -> None:
    assert outgoing.peer(chat_id, 7) == expected


def test_formatting_is_counted_as_telegram_counts() -> None:
    text = RichText("🛳 Port", (Span("bold", 2, 6), Span("link", 0, 1, "https://example.org")))
    assert outgoing.entities(text) == [
        types.MessageEntityTextUrl(0, 2, "https://example.org"),
        types.MessageEntityBold(3, 4),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RichText("Port", (Span("bold", 0, 4),)), [types.MessageEntityBold(0, 4)]),
        (RichText("Port"), None),
    ],
)
def test_whatever_is_sent_or_edited_has_its_formatting(text: RichText, expected: object) -> None:
    to, uploaded = outgoing.peer(42, 7), types.InputFile(1, 1, "x.csv", "")
    plain, shown = Message(text), Message(text, preview="https://t.me/harbour/5")
    file = File(name="x.csv", mime="text/csv", data=b"", count=1, more=False)
    requests = (
        *(outgoing.send_request(to, message, 1) for message in (plain, shown)),
        *(outgoing.edit_request(to, 3, message) for message in (plain, shown)),
        outgoing.picture_request(to, plain, uploaded, random_id=1),
        outgoing.file_request(to, file, uploaded, text, random_id=1),
    )
    for request in requests:
        assert (request.message, request.entities) == ("Port", expected)


def test_a_request_carries_the_stored_id_and_shows_no_preview() -> None:
    message = Message(RichText("Port"), ((Button(text="Open", url="https://example.org/1"),),))
    request = outgoing.send_request(outgoing.peer(42, 7), message, -5)
    assert (request.random_id, request.no_webpage, request.message) == (-5, True, "Port")
    assert [[button.text for button in row.buttons] for row in request.reply_markup.rows] == [
        ["Open"]
    ]


def test_a_preview_stands_above_the_text_and_an_edit_keeps_it() -> None:
    message = Message(RichText("Port"), preview="https://t.me/harbour/5")
    to = outgoing.peer(42, 7)
    for request in (outgoing.send_request(to, message, 7), outgoing.edit_request(to, 3, message)):
        assert bytes(request)
        assert (request.media.url, request.media.optional) == ("https://t.me/harbour/5", True)
        assert request.invert_media and not getattr(request, "no_webpage", None)
    assert outgoing.edit_buttons_request(to, 3, ()).invert_media
    assert Message.from_payload(message.to_payload()) == message


@pytest.mark.parametrize(
    ("preview", "reply_to", "refusal", "left"),
    [
        ("https://t.me/harbour/5", 9, "CHAT_SEND_MEDIA_FORBIDDEN", (None, 9)),
        ("https://t.me/harbour/5", 9, "CHAT_SEND_PHOTOS_FORBIDDEN", (None, 9)),
        ("https://t.me/harbour/5", 9, "EMBED_NOT_ALLOWED", (None, 9)),
        ("https://t.me/harbour/5", 9, "MEDIA_EMPTY", (None, 9)),
        ("https://t.me/harbour/5", 9, "WEBPAGE_CURL_FAILED", (None, 9)),
        ("https://t.me/harbour/5", 9, "TOPIC_CLOSED", ("https://t.me/harbour/5", None)),
        ("https://t.me/harbour/5", 9, "MESSAGE_TOO_LONG", ("https://t.me/harbour/5", None)),
        ("https://t.me/harbour/5", 9, "REPLY_MESSAGE_ID_INVALID", ("https://t.me/harbour/5", None)),
        (None, 9, "REPLY_MESSAGE_ID_INVALID", (None, None)),
        ("https://t.me/harbour/5", None, "MESSAGE_ID_INVALID", None),
        (None, None, "CHAT_SEND_MEDIA_FORBIDDEN", None),
    ],
)
def test_what_is_refused_is_sent_without_what_was_refused(
    preview: str | None, reply_to: int | None, refusal: str, left: object
) -> None:
    message = Message(RichText("Port"), preview=preview)
    request = outgoing.send_request(outgoing.peer(42, 7), message, 7, reply_to=reply_to)
    plain = outgoing.plainer(request, refusal)
    if plain is None:
        assert left is None
        return
    media, reply = getattr(plain, "media", None), plain.reply_to
    assert (media and media.url, reply and reply.reply_to_msg_id) == left
    assert (plain.random_id, plain.message) == (7, "Port")
    assert bytes(plain)


def test_an_edit_that_is_refused_its_preview_goes_without() -> None:
    message = Message(RichText("Port"), preview="https://t.me/harbour/5")
    request = outgoing.edit_request(outgoing.peer(42, 7), 3, message)
    assert outgoing.plainer(request, "MESSAGE_NOT_MODIFIED") is None
    plain = outgoing.plainer(request, "WEBPAGE_NOT_FOUND")
    assert (plain.media, plain.no_webpage, plain.invert_media) == (None, True, None)


def test_a_message_that_is_refused_its_preview_is_the_same_but_for_that() -> None:
    text = RichText("Port", (Span("bold", 0, 4),))
    buttons = ((Button(text="Stop", data="stop:1"),),)
    shown = Message(text, buttons, preview="https://t.me/harbour/5")
    to = outgoing.peer(42, 7)
    request = outgoing.send_request(to, shown, 9, silent=True, reply_to=5, topic=3)
    without = replace(shown, preview=None)
    wanted = outgoing.send_request(to, without, 9, silent=True, reply_to=5, topic=3)
    wanted.no_webpage = True
    plain = outgoing.plainer(request, "WEBPAGE_NOT_FOUND", 3)
    assert plain is not None
    assert bytes(plain) == bytes(wanted)


def test_every_request_can_be_written_as_bytes() -> None:
    message = Message(RichText("Port"), ((Button(text="Stop", data="stop:1"),),))
    to = outgoing.peer(42, 7)
    for request in (
        outgoing.send_request(to, message, 1),
        outgoing.edit_request(to, 3, message),
        outgoing.edit_buttons_request(to, 3, message.keyboard),
        outgoing.edit_buttons_request(to, 3, ()),
    ):
        assert bytes(request)


def test_the_id_of_a_sent_message_is_found_in_both_kinds_of_answers() -> None:
    short = types.UpdateShortSentMessage(id=9, pts=1, pts_count=1, date=None)
    full = types.Updates([types.UpdateMessageID(id=8, random_id=1)], [], [], None, 0)
    assert (outgoing.sent_id(short), outgoing.sent_id(full), outgoing.sent_id(None)) == (9, 8, None)


def test_the_id_of_a_message_that_was_sent_before_is_found_in_the_message_itself() -> None:
    message = types.Message(id=7, peer_id=types.PeerUser(42), date=None, message="Port")
    post = types.Message(id=6, peer_id=types.PeerChannel(42), date=None, message="Port")
    number = types.UpdateMessageID(id=7, random_id=1)
    private, public = (
        types.UpdateNewMessage(message, pts=5, pts_count=0),
        types.UpdateNewChannelMessage(post, pts=5, pts_count=0),
    )
    answers = ([number, private], [private], [public], [private, number])
    found = [outgoing.sent_id(types.Updates(list(one), [], [], None, 0)) for one in answers]
    assert found == [7, 7, 6, 7]


def test_the_data_of_buttons_is_read_as_it_was_written() -> None:
    keyboard = (
        (
            Button(text="Open", url="https://t.me/harbour/1"),
            Button(text="Stop", data="xq|tg:1/2|7"),
        ),
        (Button(text="Next", data="bp|3|1"),),
    )
    assert outgoing.button_data(outgoing.markup(keyboard)) == [b"xq|tg:1/2|7", b"bp|3|1"]
    assert outgoing.button_data(outgoing.markup(())) == []


def test_a_reply_in_a_topic_names_both_and_a_plain_message_its_topic() -> None:
    assert outgoing.reply_header(None, None) is None
    assert outgoing.reply_header(5, None) == types.InputReplyToMessage(5)
    assert outgoing.reply_header(None, 7) == types.InputReplyToMessage(7)
    assert outgoing.reply_header(5, 7) == types.InputReplyToMessage(5, top_msg_id=7)


def test_a_reply_that_is_refused_stays_in_its_topic_and_a_closed_topic_is_left() -> None:
    request = outgoing.send_request(None, Message(RichText("hello")), 1, reply_to=5, topic=7)
    plainer = outgoing.plainer(request, "REPLY_MESSAGE_ID_INVALID", 7)
    assert plainer.reply_to == types.InputReplyToMessage(7)
    assert outgoing.is_in_topic(plainer, 7)
    assert outgoing.plainer(request, "TOPIC_CLOSED", 7).reply_to is None
    for refusal in ("TOPIC_DELETED", "REPLY_MESSAGE_ID_INVALID", "MESSAGE_THREAD_INVALID"):
        general = outgoing.plainer(plainer, refusal, 7)
        assert general.reply_to is None
        assert not outgoing.is_in_topic(general, 7)
    # What is wrong with the message itself says nothing of its topic.
    for refusal in ("MESSAGE_TOO_LONG", "REPLY_MARKUP_INVALID", "REPLY_MARKUP_TOO_LONG"):
        assert outgoing.plainer(plainer, refusal, 7) is None
    answer = outgoing.send_request(None, Message(RichText("hello")), 1, reply_to=7)
    assert outgoing.plainer(answer, "REPLY_MESSAGE_ID_INVALID").reply_to is None


@pytest.mark.parametrize("preview", [None, "https://t.me/harbour/5"])
@pytest.mark.parametrize(("silent", "said"), [(True, True), (False, None)])
def test_a_message_says_what_it_answers_and_where_with_and_without_a_preview(
    preview: str | None, silent: bool, said: bool | None
) -> None:
    message = Message(RichText("Port", (Span("bold", 0, 4),)), preview=preview)
    to = outgoing.peer(42, 7)
    request = outgoing.send_request(to, message, 9, silent=silent, reply_to=5, topic=7)
    assert request.reply_to == types.InputReplyToMessage(5, top_msg_id=7)
    assert (request.peer, request.random_id, request.silent) == (to, 9, said)
    assert request.entities == [types.MessageEntityBold(0, 4)]
    assert request.reply_markup is None


@pytest.mark.parametrize(
    ("entity", "expected"),
    [
        (types.User(id=3, access_hash=9), 9),
        (types.User(id=3, access_hash=9, min=True), None),
        (types.User(id=3), None),
        (types.Chat(id=3, title="", photo=None, participants_count=1, date=None, version=1), None),
        (None, None),
    ],
)
def test_a_hash_is_taken_where_it_opens_something(entity: object, expected: int | None) -> None:
    assert outgoing.hash_of(entity) == expected


def test_each_kind_of_formatting_is_telegrams_own() -> None:
    kinds = ("bold", "italic", "strike", "code", "spoiler", "blockquote", "pre")
    spans = [Span(kind, n, n + 1) for n, kind in enumerate(kinds)]
    link = Span("link", 8, 9, "https://example.org/")
    found = outgoing.entities(RichText("x" * 12, (*spans, link, Span("command", 10, 12))))
    assert [type(one).__name__.removeprefix("MessageEntity") for one in found] == [
        "Bold",
        "Italic",
        "Strike",
        "Code",
        "Spoiler",
        "Blockquote",
        "Pre",
        "TextUrl",
    ]
    assert [(one.offset, one.length) for one in found] == [(n, 1) for n in (*range(7), 8)]
    assert (found[6].language, found[7].url) == ("", "https://example.org/")


def test_a_file_is_sent_by_its_name_and_kind_with_its_caption() -> None:
    file = File(name="ice.csv", mime="text/csv", data=b"a", count=1, more=False)
    caption = RichText("Ice", (Span("bold", 0, 3),))
    to = outgoing.peer(42, 7)
    uploaded = types.InputFile(id=11, parts=3, name="ice.csv", md5_checksum="")
    request = outgoing.file_request(to, file, uploaded, caption, random_id=12)
    assert (request.peer, request.message, request.random_id) == (to, "Ice", 12)
    assert request.entities == [types.MessageEntityBold(0, 3)]
    media = request.media
    assert media.file == uploaded
    assert (media.mime_type, media.force_file) == ("text/csv", True)
    assert media.attributes == [types.DocumentAttributeFilename("ice.csv")]
    plain = outgoing.file_request(to, file, uploaded, RichText(""), random_id=12)
    assert plain.entities is None


@pytest.mark.parametrize(
    ("caption", "refusal", "expected"),
    [
        ("Ice", "CHAT_SEND_DOCS_FORBIDDEN", "Ice\n\nNone here"),
        ("", "CHAT_SEND_MEDIA_FORBIDDEN", "None here"),
        ("Ice", "CHAT_SEND_PLAIN_FORBIDDEN", None),
        ("Ice", "FILE_PARTS_INVALID", None),
    ],
)
def test_in_place_of_a_file_that_may_not_be_sent_goes_a_word_of_it(
    caption: str, refusal: str, expected: str | None
) -> None:
    file = File(name="ice.csv", mime="text/csv", data=b"a", count=1, more=False)
    to = outgoing.peer(-42, 7)
    uploaded = types.InputFile(id=11, parts=3, name="ice.csv", md5_checksum="")
    request = outgoing.file_request(to, file, uploaded, RichText(caption), random_id=12)
    word = outgoing.without_file(request, refusal, "None here")
    assert (word and word.message) == expected
    assert word is None or (word.peer, word.random_id) == (to, 12)
    message = outgoing.send_request(to, Message(RichText("Ice")), 12)
    assert outgoing.without_file(message, refusal, "None here") is None


@pytest.mark.parametrize(
    "refusal",
    [
        "CHAT_SEND_PHOTOS_FORBIDDEN",
        "FILE_PARTS_INVALID",
        "IMAGE_PROCESS_FAILED",
        "MEDIA_INVALID",
        "PHOTO_INVALID_DIMENSIONS",
    ],
)
def test_what_a_picture_tells_is_sent_without_it_where_there_may_be_none(refusal: str) -> None:
    said = Message(RichText("Ice"), ((Button(text="All", data="go"),),))
    uploaded = types.InputFile(id=11, parts=1, name="chart.png", md5_checksum="")
    request = outgoing.picture_request(outgoing.peer(42, 7), said, uploaded, random_id=12)
    assert isinstance(request.media, types.InputMediaUploadedPhoto)
    assert outgoing.plainer(request, "MESSAGE_TOO_LONG") is None
    plain = outgoing.plainer(request, refusal)
    assert (plain.message, plain.random_id) == (request.message, 12) == ("Ice", 12)
    assert plain.reply_markup == request.reply_markup is not None


def test_an_edit_replaces_text_and_buttons_and_shows_no_preview_of_a_link() -> None:
    keyboard = ((Button(text="Stop", data="stop:1"),),)
    to = outgoing.peer(-100, None)
    request = outgoing.edit_request(to, 3, Message(RichText("Port"), keyboard))
    assert (request.peer, request.id, request.message) == (to, 3, "Port")
    assert (request.no_webpage, request.invert_media, request.media) == (True, None, None)
    assert outgoing.button_data(request.reply_markup) == [b"stop:1"]
    assert outgoing.edit_buttons_request(to, 3, keyboard).message is None
