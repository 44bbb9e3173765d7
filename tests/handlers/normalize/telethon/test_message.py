"""Telethon messages as documents: records of invented JSON, and live Telethon objects."""

import datetime
import json
from typing import Any

import pytest
from telethon.tl import types

from handlers.normalize.parsing.fields import Record
from handlers.normalize.telethon import message as telethon
from storage.document import Author, Channel, Document, Span
from storage.errors import InputError

CHANNEL = Channel(id=1500000001, username="harbour", title="Harbour Office")
PEERS = {
    -1_001_600_000_002: Channel(id=1600000002, username="lighthouse", title="Lighthouse"),
    42: Channel(title="Ann Keeper"),
}


def normalize(*messages: dict[str, Any]) -> Document:
    full = [{"_": "Message", "date": "2024-03-01T10:00:05+00:00", **each} for each in messages]
    return telethon.normalize([Record(each) for each in full], channel=CHANNEL, peers=PEERS)


def test_a_plain_post_has_its_ids_time_and_counts() -> None:
    document = normalize(
        {
            "id": 7,
            "message": "Ferry back in service\n\nTickets at the pier.",
            "views": 120,
            "forwards": 3,
            "post_author": "Duty officer",
            "reactions": {"results": [{"count": 4}, {"count": 5}]},
        }
    )
    assert document.doc_id == "tg:1500000001/7"
    assert document.url == "https://t.me/harbour/7"
    assert document.published_at == "2024-03-01T10:00:05Z"
    assert (document.published_precision, document.published_basis) == ("second", "api")
    assert (document.views, document.forwards, document.reactions) == (120, 3, 9)
    assert document.author_signature == "Duty officer"
    assert document.title == "Ferry back in service"
    assert [(block.text, block.gap) for block in document.body] == [("Tickets at the pier.", None)]


ANN = Author(kind="user", id=42, name="Ann Keeper")
HERE = Author(kind="group", id=1500000001, name="Harbour Office", username="harbour")
LIGHTHOUSE = Author(kind="channel", id=1600000002, name="Lighthouse", username="lighthouse")


@pytest.mark.parametrize(
    ("message", "author"),
    [
        ({"post": False, "from_id": {"_": "PeerUser", "user_id": 42}}, ANN),
        ({"from_id": {"_": "PeerUser", "user_id": 42}}, ANN),
        ({"from_id": {"user_id": 43}}, Author(kind="user", id=43)),
        ({"from_id": {"channel_id": 1500000001}}, HERE),
        ({"post": False, "peer_id": {"channel_id": 1500000001}}, HERE),
        ({"from_id": {"channel_id": 1600000002}}, LIGHTHOUSE),
        ({"from_id": {"channel_id": 7}}, Author(kind="channel", id=7)),
        ({"from_id": {"chat_id": 7}}, None),
        ({"from_id": "somebody"}, None),
        ({"post": True, "from_id": {"user_id": 42}}, None),
        ({"post": True, "peer_id": {"channel_id": 1500000001}}, None),
        ({"peer_id": {"channel_id": 1500000001}}, None),
    ],
)
def test_posts_of_groups_have_an_author_and_channels_posts_have_none(
    message: dict[str, Any], author: Author | None
) -> None:
    assert normalize({"id": 1, "message": "Words", **message}).author == author


def test_counts_and_reactions_are_kept_out_of_the_content_hash() -> None:
    once = normalize({"id": 1, "message": "Same words", "views": 1})
    again = normalize({"id": 2, "message": "Same  words\n", "views": 900})
    assert once.content_hash == again.content_hash


@pytest.mark.parametrize(
    ("peer", "url"),
    [
        (Channel(id=5, username="pier", title="Pier"), "https://t.me/pier/3"),
        (Channel(id=5, title="Pier"), "https://t.me/c/5/3"),
        (Channel(id=5), None),
    ],
)
def test_links_follow_what_is_known_of_the_channel(peer: Channel, url: str | None) -> None:
    message = Record({"_": "Message", "id": 3, "message": "x"})
    assert telethon.normalize([message], channel=peer).url == url


def test_entities_count_utf16_units_and_come_out_as_characters() -> None:
    text = "🇷🇺 👨‍👩‍👧 deal\n🔵 see the pact and @pier, mail@pier.example #Port"
    units = {word: len(text[: text.index(word)].encode("utf-16-le")) // 2 for word in text.split()}
    entities = [
        {"_": "MessageEntityBold", "offset": units["deal"], "length": 4},
        {"_": "MessageEntityCustomEmoji", "offset": units["🔵"], "length": 2},
        {"_": "MessageEntityTextUrl", "offset": units["pact"], "length": 4, "url": "https://a.b/"},
        {"_": "MessageEntityMention", "offset": units["@pier,"], "length": 5},
        {"_": "MessageEntityEmail", "offset": units["mail@pier.example"], "length": 17},
        {"_": "MessageEntityHashtag", "offset": units["#Port"], "length": 5},
    ]
    document = normalize({"id": 1, "message": text, "entities": entities})
    (block,) = document.body
    assert [(span.kind, block.text[span.start : span.end]) for span in block.spans] == [
        ("custom_emoji", "🔵"),
        ("link", "pact"),
        ("mention", "@pier"),
        ("email", "mail@pier.example"),
        ("hashtag", "#Port"),
    ]
    assert [(link.text, link.url) for link in document.links] == [("pact", "https://a.b/")]
    assert document.hashtags == ("#Port",)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Bold", "bold"),
        ("Italic", "italic"),
        ("Underline", "underline"),
        ("Strike", "strike"),
        ("Spoiler", "spoiler"),
        ("Code", "code"),
        ("Cashtag", "cashtag"),
        ("Phone", "phone"),
        ("BotCommand", "bot_command"),
    ],
)
def test_each_entity_has_its_kind_of_span(name: str, kind: str) -> None:
    entity = {"_": f"MessageEntity{name}", "offset": 3, "length": 4}
    document = normalize({"id": 1, "message": "a\nb word c", "entities": [entity]})
    assert document.body[0].spans == (Span(kind=kind, start=1, end=5),)  # type: ignore[arg-type]


def test_a_bare_address_is_a_link_with_its_scheme() -> None:
    entity = {"_": "MessageEntityUrl", "offset": 3, "length": 11}
    document = normalize({"id": 1, "message": "at pier.example", "entities": [entity]})
    assert [(link.text, link.url) for link in document.links] == [
        ("pier.exampl", "http://pier.exampl")
    ]


def test_quoted_and_preformatted_lines_are_their_own_kind_of_block() -> None:
    text = "Head\nquoted line\nprint(1)"
    entities = [
        {"_": "MessageEntityBlockquote", "offset": 5, "length": 11},
        {"_": "MessageEntityPre", "offset": 17, "length": 8},
    ]
    document = normalize({"id": 1, "message": text, "entities": entities})
    assert [block.type for block in document.body] == ["blockquote", "code"]


@pytest.mark.parametrize(
    "entity",
    [
        {"_": "MessageEntityBold", "offset": 900, "length": 3},
        {"_": "MessageEntityBold", "offset": -5, "length": 2},
        {"_": "MessageEntityBold", "offset": "1", "length": 2},
        {"_": "MessageEntityOfNextYear", "offset": 0, "length": 2},
        {"_": {"nested": 1}, "offset": 0, "length": 2},
        None,
    ],
)
def test_entities_that_fit_nothing_are_left_out(entity: Any) -> None:
    document = normalize({"id": 1, "message": "Head\nbody", "entities": [entity]})
    assert document.body[0].spans == ()


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param(
            {"from_id": {"_": "PeerChannel", "channel_id": 1600000002}, "channel_post": 19},
            {"name": "Lighthouse", "channel_id": 1600000002, "username": "lighthouse",
             "message_id": 19, "kind": "channel"},
            id="channel",
        ),
        pytest.param(
            {"from_id": {"_": "PeerChannel", "channel_id": 1600000002}, "channel_post": 19,
             "post_author": "N. Mast"},
            {"name": "Lighthouse", "channel_id": 1600000002, "username": "lighthouse",
             "message_id": 19, "kind": "channel", "author": "N. Mast"},
            id="signed",
        ),
        pytest.param(
            {"from_id": {"_": "PeerUser", "user_id": 42}},
            {"name": "Ann Keeper", "user_id": 42, "kind": "user"},
            id="user",
        ),
        pytest.param(
            {"from_id": {"_": "PeerUser", "user_id": 43}},
            {"user_id": 43, "kind": "user"},
            id="user whose name is not known",
        ),
        pytest.param(
            {"from_name": "Somebody"}, {"name": "Somebody", "kind": "hidden_user"}, id="hidden user"
        ),
        pytest.param(
            {"from_id": {"_": "PeerChannel", "channel_id": 1500000001}, "channel_post": 2},
            {"name": "Harbour Office", "channel_id": 1500000001, "username": "harbour",
             "message_id": 2, "kind": "channel"},
            id="the channel itself",
        ),
        pytest.param(
            {"from_id": {"_": "PeerChannel", "channel_id": 1600000002},
             "saved_from_peer": {"_": "PeerChannel", "channel_id": 1600000002},
             "saved_from_msg_id": 21},
            {"name": "Lighthouse", "channel_id": 1600000002, "username": "lighthouse",
             "message_id": 21, "kind": "channel"},
            id="the post is named as saved",
        ),
    ],
)  # fmt: skip
def test_forwards_of_every_kind_name_their_origin(
    header: dict[str, Any], expected: dict[str, Any]
) -> None:
    forward = {"_": "MessageFwdHeader", "date": "2024-02-29T08:00:00+00:00", **header}
    document = normalize({"id": 9, "message": "x", "fwd_from": forward})
    assert document.forwarded_from is not None
    fields = ("name", "author", "channel_id", "username", "message_id", "kind", "user_id")
    found = {name: getattr(document.forwarded_from, name) for name in fields}
    assert {name: value for name, value in found.items() if value is not None} == expected
    assert document.forwarded_from.date == "2024-02-29T08:00:00Z"


def test_an_album_is_one_document_with_its_lowest_id() -> None:
    photo = {"_": "MessageMediaPhoto", "photo": {"_": "Photo", "sizes": [{"size": 100}]}}
    parts = [
        {"id": 33, "message": "", "grouped_id": 8, "media": photo, "views": 10},
        {"id": 31, "message": "", "grouped_id": 8, "media": photo, "views": 12},
        {"id": 32, "message": "Three views of the bay", "grouped_id": 8, "media": photo},
    ]
    document = normalize(*parts)
    assert (document.message_id, document.album_ids) == (31, (31, 32, 33))
    assert document.doc_id == "tg:1500000001/31"
    assert document.grouped_id == 8
    assert document.title == "Three views of the bay"
    assert [media.message_id for media in document.media] == [31, 32, 33]
    assert document.views == 12


def test_captions_of_one_album_follow_each_other_with_their_spans() -> None:
    bold = [{"_": "MessageEntityBold", "offset": 0, "length": 5}]
    document = normalize(
        {"id": 1, "message": "First", "entities": bold, "grouped_id": 8},
        {"id": 2, "message": "Again here", "entities": bold, "grouped_id": 8},
    )
    assert document.title == "First"
    assert document.body[0].text == "Again here"
    assert document.body[0].spans == (Span(kind="bold", start=0, end=5),)


@pytest.mark.parametrize(
    ("edit_hide", "edited_at"),
    [(None, "2024-03-01T11:00:00Z"), (False, "2024-03-01T11:00:00Z"), (True, None)],
)
def test_a_hidden_edit_is_no_edit(edit_hide: bool | None, edited_at: str | None) -> None:
    document = normalize(
        {
            "id": 1,
            "message": "x",
            "edit_date": "2024-03-01T11:00:00+00:00",
            "edit_hide": edit_hide,
        }
    )
    assert document.edited_at == edited_at


def test_a_reply_names_what_it_answers_and_quotes() -> None:
    header = {"_": "MessageReplyHeader", "reply_to_msg_id": 5, "quote_text": "the pier"}
    here = normalize({"id": 6, "message": "x", "reply_to": header}).reply_to
    assert here is not None
    assert (here.channel_id, here.message_id, here.quote) == (1500000001, 5, "the pier")
    elsewhere = {**header, "reply_to_peer_id": {"_": "PeerChannel", "channel_id": 77}}
    there = normalize({"id": 6, "message": "x", "reply_to": elsewhere}).reply_to
    assert there is not None
    assert there.channel_id == 77


ORIGIN = {"_": "MessageFwdHeader", "from_id": {"channel_id": 77}, "channel_post": 88}


@pytest.mark.parametrize(
    ("header", "answered"),
    [
        ({"reply_from": ORIGIN, "quote_text": "closed"}, (77, 88, None, "closed")),
        ({"reply_from": ORIGIN}, (77, 88, None, None)),
        ({"reply_from": {"from_name": "Somebody"}, "quote_text": "so"}, (None, None, None, "so")),
        (
            {"reply_from": ORIGIN, "reply_to_msg_id": 5, "reply_to_peer_id": {"channel_id": 9}},
            (9, 5, None, None),
        ),
        ({"story_id": 3, "peer": {"channel_id": 77}}, (77, None, 3, None)),
        ({"story_id": 3, "peer": {"user_id": 42}}, (None, None, 3, None)),
    ],
)
def test_a_reply_may_point_into_another_channel_or_at_a_story(
    header: dict[str, Any], answered: tuple[Any, ...]
) -> None:
    found = normalize({"id": 6, "message": "x", "reply_to": header}).reply_to
    assert found is not None
    assert (found.channel_id, found.message_id, found.story_id, found.quote) == answered


def test_dates_cards_and_corrections_are_spans() -> None:
    names = ("FormattedDate", "BankCard", "DiffInsert", "DiffDelete", "DiffReplace")
    entities = [
        {"_": f"MessageEntity{name}", "offset": 2 + n, "length": 1, "date": 1772618405}
        for n, name in enumerate(names)
    ]
    (block,) = normalize({"id": 1, "message": "a\nbcdef", "entities": entities}).body
    assert [(span.kind, span.url) for span in block.spans] == [
        ("date", "tg://time?unix=1772618405"),
        ("bank_card", None),
        ("inserted", None),
        ("deleted", None),
        ("replaced", None),
    ]


def test_a_story_leads_where_its_caption_and_its_picture_do() -> None:
    said = {"_": "MessageEntityTextUrl", "offset": 0, "length": 3, "url": "https://a.b/fog"}
    laid = {"_": "MediaAreaUrl", "url": "https://a.b/laid"}
    story = {"_": "StoryItem", "caption": "Fog", "entities": [said], "media_areas": [laid, {}]}
    shown = {**story, "media": {"_": "MessageMediaPhoto", "photo": {"_": "Photo"}}}
    document = normalize({"id": 1, "media": {**STORY, "story": shown}})
    assert [(link.text, link.url) for link in document.links] == [
        ("Fog", "https://a.b/fog"),
        ("", "https://a.b/laid"),
    ]
    told, picture = document.media
    assert (told.name, told.url) == ("Lighthouse", "https://t.me/lighthouse/s/5")
    assert (picture.type, document.title) == ("photo", "Fog")


@pytest.mark.parametrize(
    ("action", "name", "title"),
    [
        ({"_": "MessageActionChannelCreate", "title": "Harbour"}, "create_channel", "Harbour"),
        ({"_": "MessageActionPinMessage"}, "pin_message", None),
        ({"_": "MessageActionChatEditTitle", "title": "New"}, "edit_group_title", "New"),
        ({"_": "MessageActionBoostApply", "boosts": 2}, "boost_apply", None),
        (
            {"_": "MessageActionChannelMigrateFrom", "title": "Pier", "chat_id": 5},
            "migrate_from_group",
            "Pier",
        ),
        ({"_": "MessageActionCustomAction", "message": "It rains"}, "custom_action", "It rains"),
    ],
)
def test_service_messages_say_what_happened(
    action: dict[str, Any], name: str, title: str | None
) -> None:
    document = normalize({"_": "MessageService", "id": 1, "action": action})
    assert (document.kind, document.service_action, document.title) == ("service", name, title)


def test_what_comes_with_a_service_message_is_its_body() -> None:
    tasks = [{"_": "TodoItem", "id": 1, "title": {"text": "the outer buoy"}}]
    added = {"_": "MessageActionTodoAppendTasks", "list": tasks}
    assert normalize({"_": "MessageService", "id": 1, "action": added}).texts() == [
        "the outer buoy"
    ]
    gift = {
        "_": "MessageActionStarGift",
        "gift": {"title": "Anchor"},
        "message": {"text": "For you"},
    }
    given = normalize({"_": "MessageService", "id": 1, "action": gift})
    assert (given.title, [block.text for block in given.body]) == ("Anchor", ["For you"])


def test_a_polls_question_and_options_are_the_body() -> None:
    poll = {
        "_": "MessageMediaPoll",
        "poll": {
            "question": {"_": "TextWithEntities", "text": "When do we sail?"},
            "answers": [{"text": {"text": "At dawn"}}, {"text": "At noon"}],
        },
    }
    document = normalize({"id": 1, "message": "Vote", "media": poll})
    assert [(block.type, block.text) for block in document.body] == [
        ("subhead", "When do we sail?"),
        ("bullet", "At dawn"),
        ("bullet", "At noon"),
    ]
    assert [media.type for media in document.media] == ["poll"]
    alone = normalize({"id": 1, "message": "", "media": poll})
    assert alone.title == "When do we sail?"
    assert [(block.type, block.text, block.gap) for block in alone.body] == [
        ("bullet", "At dawn", None),
        ("bullet", "At noon", 1),
    ]


def test_a_checklist_reads_as_a_poll_does() -> None:
    todo = {"title": {"text": "Check"}, "list": [{"id": 1, "title": {"text": "the outer buoy"}}]}
    document = normalize({"id": 1, "media": {"_": "MessageMediaToDo", "todo": todo}})
    assert document.texts() == ["Check", "the outer buoy"]
    assert [media.type for media in document.media] == ["checklist"]


INVOICE = {"_": "MessageMediaInvoice", "title": "Compass", "description": "brass, boxed"}
PRIZE = {"_": "MessageMediaGiveaway", "quantity": 1, "prize_description": "a sextant"}
STORY = {"_": "MessageMediaStory", "id": 5, "peer": {"channel_id": 1600000002}}
LENT = {**STORY, "story": {"_": "StoryItem", "caption": "Fog\nall day"}}
CLIP = {"_": "MessageExtendedMediaPreview", "video_duration": 12}
STILL = {"_": "MessageExtendedMediaPreview", "video_duration": None}
SHOWN = {"_": "MessageExtendedMedia", "media": {"_": "MessageMediaPhoto", "photo": {}}}


@pytest.mark.parametrize(
    ("media", "texts", "types"),
    [
        (INVOICE, ["Compass", "brass, boxed"], ["invoice"]),
        (PRIZE, ["a sextant"], ["giveaway"]),
        ({**PRIZE, "_": "MessageMediaGiveawayResults"}, ["a sextant"], ["giveaway"]),
        (LENT, ["Fog", "all day"], ["story"]),
        (STORY, [], ["story"]),
        (
            {"_": "MessageMediaGame", "game": {"title": "Chess", "description": "by mail"}},
            ["Chess", "by mail"],
            ["game"],
        ),
        ({"_": "MessageMediaVenue", "title": "Lantern Spit", "geo": {}}, [], ["location"]),
        ({"_": "MessageMediaDice", "emoticon": "🎲", "value": 4}, [], ["dice"]),
        ({"_": "MessageMediaPaidMedia", "extended_media": [CLIP, STILL]}, [], ["video", "photo"]),
        ({"_": "MessageMediaPaidMedia", "extended_media": [SHOWN]}, [], ["photo"]),
        ({"_": "MessageMediaPaidMedia", "extended_media": []}, [], ["paid"]),
        ({**INVOICE, "extended_media": CLIP}, ["Compass", "brass, boxed"], ["invoice", "video"]),
    ],
)
def test_what_is_attached_speaks_where_a_post_has_no_other_words(
    media: dict[str, Any], texts: list[str], types: list[str]
) -> None:
    document = normalize({"id": 1, "message": "", "media": media})
    assert document.texts() == texts
    assert [medium.type for medium in document.media] == types
    told = normalize({"id": 1, "message": "See", "media": media})
    assert (told.texts(), told.media) == (["See"], document.media)


def test_paid_media_are_hidden() -> None:
    parts = {"_": "MessageMediaPaidMedia", "extended_media": [CLIP, STILL, SHOWN]}
    document = normalize({"id": 1, "message": "", "media": parts})
    assert {medium.state for medium in document.media} == {"hidden"}
    assert document.media[0].duration == 12


def test_a_quizs_solution_and_a_fact_check_are_kept_beside_the_text() -> None:
    quiz = {"_": "MessageMediaPoll", "poll": {"question": "Who?"}, "results": {"solution": "Ann"}}
    (medium,) = normalize({"id": 1, "message": "x", "media": quiz}).media
    assert medium.title == "Who?\nAnn"
    checked = normalize({"id": 1, "message": "x", "factcheck": {"text": {"text": "It stands"}}})
    (note,) = checked.media
    assert (note.type, note.name, note.title) == ("unknown", "fact-check", "It stands")
    assert checked.texts() == ["x"]


def button(text: str, **kind: Any) -> dict[str, Any]:
    return {"_": "KeyboardInlineButton", "text": text, "type": {"_": "InlineButtonTypeUrl", **kind}}


def test_a_buttons_address_is_a_link() -> None:
    old = {"_": "KeyboardButtonUrl", "text": "Old", "url": "https://a.b/old"}
    rows = [{"buttons": [button("New", url="https://a.b/new"), button("Vote", data="1")]}]
    rows += [{"buttons": [old, button("Ann", user_id=7)]}, {}]
    document = normalize({"id": 1, "message": "x", "reply_markup": {"rows": rows}})
    assert [(link.text, link.url) for link in document.links] == [
        ("New", "https://a.b/new"),
        ("Old", "https://a.b/old"),
        ("Ann", "tg://user?id=7"),
    ]
    assert document.texts() == ["x"]


def file(*attributes: dict[str, Any], **more: Any) -> dict[str, Any]:
    document = {"_": "Document", "size": 99, "attributes": list(attributes), **more}
    return {"_": "MessageMediaDocument", "document": document}


VIDEO = {"_": "DocumentAttributeVideo", "duration": 3.5}
NAME = {"_": "DocumentAttributeFilename", "file_name": "chart.pdf"}


@pytest.mark.parametrize(
    ("media", "expected"),
    [
        ({"_": "MessageMediaPhoto", "photo": {"sizes": [{"size": 5}, {"sizes": [1, 70]}]}},
         {"type": "photo", "size": 70}),
        ({"_": "MessageMediaPhoto", "photo": None}, {"type": "photo", "state": "missing"}),
        (file(VIDEO, NAME, mime_type="video/mp4"),
         {"type": "video", "size": 99, "duration": 3.5, "name": "chart.pdf", "mime": "video/mp4"}),
        (file({**VIDEO, "round_message": True}),
         {"type": "round_video", "size": 99, "duration": 3.5}),
        (file(VIDEO, {"_": "DocumentAttributeAnimated"}),
         {"type": "animation", "size": 99, "duration": 3.5}),
        (file({"_": "DocumentAttributeAudio", "duration": 9, "voice": True}),
         {"type": "voice", "size": 99, "duration": 9}),
        (file({"_": "DocumentAttributeAudio", "duration": 9, "title": "Sea", "performer": "Choir"}),
         {"type": "audio", "size": 99, "duration": 9, "title": "Choir – Sea"}),
        (file({"_": "DocumentAttributeSticker"}), {"type": "sticker", "size": 99}),
        (file(NAME), {"type": "document", "size": 99, "name": "chart.pdf"}),
        ({"_": "MessageMediaDocument", "document": None, "voice": True},
         {"type": "voice", "state": "missing"}),
        ({"_": "MessageMediaWebPage", "webpage": {"url": "https://a.b/", "title": "A page"}},
         {"type": "webpage", "url": "https://a.b/", "title": "A page"}),
        ({"_": "MessageMediaVenue", "geo": {"lat": 1.5, "long": -2}, "title": "Pier"},
         {"type": "location", "url": "geo:1.5,-2", "title": "Pier"}),
        ({"_": "MessageMediaContact", "first_name": "Ann", "last_name": "Keeper"},
         {"type": "contact", "name": "Ann Keeper"}),
        ({"_": "MessageMediaUnsupported"}, {"type": "unknown", "state": "hidden"}),
    ],
)  # fmt: skip
def test_media_of_every_type(media: dict[str, Any], expected: dict[str, Any]) -> None:
    (found,) = normalize({"id": 1, "message": "x", "media": media}).media
    names = ("type", "state", "name", "size", "duration", "title", "url", "mime")
    said = {name: getattr(found, name) for name in names if getattr(found, name) is not None}
    assert said == {"state": "present", **expected}


def test_a_live_message_reads_as_its_json_does() -> None:
    message = types.Message(
        id=12,
        peer_id=types.PeerChannel(1500000001),
        date=datetime.datetime(2024, 3, 1, 10, 0, 5, tzinfo=datetime.UTC),
        message="Notice 🔔 to mariners",
        entities=[types.MessageEntityBold(offset=10, length=2)],
        fwd_from=types.MessageFwdHeader(
            date=datetime.datetime(2024, 3, 1, tzinfo=datetime.UTC),
            from_id=types.PeerChannel(1600000002),
            channel_post=4,
        ),
        views=3,
    )
    live = telethon.normalize([message], channel=CHANNEL, peers=PEERS)
    record = Record(json.loads(message.to_json()))
    assert live == telethon.normalize([record], channel=CHANNEL, peers=PEERS)
    assert live.forwarded_from is not None
    assert live.forwarded_from.name == "Lighthouse"


@pytest.mark.parametrize("messages", [[], [{"message": "no id"}], [{"id": "7", "message": "x"}]])
def test_what_is_no_message_is_refused(messages: list[dict[str, Any]]) -> None:
    with pytest.raises(InputError):
        telethon.normalize([Record(each) for each in messages], channel=CHANNEL)


def test_a_message_of_no_channel_is_refused() -> None:
    with pytest.raises(InputError, match="names no channel"):
        telethon.normalize([Record({"id": 1, "message": "x"})], channel=Channel())


@pytest.mark.parametrize("date", [None, 0, -(10**15), 10**18, "soon", "0000-13-45T99:99:99"])
def test_a_date_out_of_range_is_none(date: Any) -> None:
    document = normalize({"id": 1, "message": "x", "date": date})
    assert (document.published_at, document.published_precision) == (None, "none")


def test_lone_surrogates_and_nuls_are_replaced_where_they_stand() -> None:
    bold = [{"_": "MessageEntityBold", "offset": 3, "length": 1}]
    document = normalize({"id": 1, "message": "h\na\ud83db\x00", "entities": bold})
    assert document.body[0].text == "a\ufffdb\ufffd"
    assert document.body[0].spans == (Span(kind="bold", start=1, end=2),)
