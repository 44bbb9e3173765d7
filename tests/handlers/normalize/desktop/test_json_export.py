"""Telegram Desktop's result.json: chats taken and left out, messages of every kind, damage."""

import json
from typing import Any

import pytest

from handlers.normalize.desktop import json_export
from handlers.normalize.desktop.message import peer
from handlers.normalize.parsing.json_stream import Scanner
from handlers.normalize.post.problems import Problem, Skipped
from handlers.normalize.post.reading import Item, Reading
from storage.document import Author, Channel, Document, Span

MESSAGE = {
    "type": "message",
    "date": "2024-03-01T13:00:05",
    "date_unixtime": "1709287205",
    "from": "Harbour",
    "from_id": "channel1500000001",
    "text": "",
}


def chat(*messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    head = {"name": "Harbour", "type": "public_channel", "id": 1500000001, **more}
    return {**head, "messages": [{"id": 0, **MESSAGE, **message} for message in messages]}


def read(value: Any, **options: Any) -> list[Item]:
    text = value if isinstance(value, str) else json.dumps(value, indent=1)
    cut = len(text) // 3
    pieces = [text[:cut], text[cut : 2 * cut], text[2 * cut :]]
    return list(json_export.read(Scanner(pieces), Reading(file="result.json", **options)))


def one(message: dict[str, Any], **more: Any) -> Document:
    (item,) = read(chat({"id": 7, **message}, **more))
    assert isinstance(item, Document)
    return item


def test_a_post_has_its_ids_and_its_time_in_utc() -> None:
    document = one({"text": "Ferry back\nTickets at the pier", "author": "Duty officer"})
    assert document.doc_id == "tg:1500000001/7"
    assert document.published_at == "2024-03-01T10:00:05Z"
    assert document.published_basis == "unixtime"
    assert document.title == "Ferry back"
    assert document.author_signature == "Duty officer"
    assert document.source.file == "result.json"


def test_without_a_unix_time_the_local_time_has_no_zone() -> None:
    document = one({"date_unixtime": None})
    assert document.published_at == "2024-03-01T13:00:05"
    assert document.published_basis == "local_time"
    assert document.flags == ("zone_unknown",)


@pytest.mark.parametrize(
    ("edit", "edited_at"),
    [
        ({}, None),
        ({"edited": "1970-01-01T05:00:00"}, None),
        ({"edited": "1970-01-01T03:00:00", "edited_unixtime": "0"}, None),
        ({"edited": "2024-03-01T14:00:00", "edited_unixtime": "1709290800"},
         "2024-03-01T11:00:00Z"),
        ({"edited": "2024-03-01T14:00:00"}, "2024-03-01T14:00:00"),
    ],
)  # fmt: skip
def test_1970_means_never_edited(edit: dict[str, Any], edited_at: str | None) -> None:
    assert one(edit).edited_at == edited_at


def test_text_is_a_string_or_a_list_of_marked_parts() -> None:
    parts = [
        "Head 🚢\n",
        {"type": "bold", "text": "Now"},
        " see ",
        {"type": "text_link", "text": "the map", "href": "https://a.b/"},
        " or ",
        {"type": "link", "text": "pier.example"},
        {"type": "custom_emoji", "text": "🔵", "document_id": "stickers/a.tgs"},
        {"type": "bank_card", "text": "4000"},
        {"type": ["odd"], "text": "!"},
        17,
    ]
    document = one({"text": parts})
    (block,) = document.body
    assert block.text == "Now see the map or pier.example🔵4000!"
    assert block.spans == (
        Span(kind="bold", start=0, end=3),
        Span(kind="link", start=8, end=15, url="https://a.b/"),
        Span(kind="link", start=19, end=31, url="http://pier.example"),
        Span(kind="custom_emoji", start=31, end=32),
    )
    assert [link.url for link in document.links] == ["https://a.b/", "http://pier.example"]


def test_text_entities_serve_where_there_is_no_text() -> None:
    assert one({"text": None, "text_entities": [{"type": "plain", "text": "x"}]}).title == "x"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"forwarded_from": "Lighthouse"}, ("Lighthouse", None, None)),
        ({"forwarded_from": None}, (None, None, None)),
        (
            {"forwarded_from": "Lighthouse", "forwarded_from_id": "channel16"},
            ("Lighthouse", 16, "channel"),
        ),
        ({"forwarded_from_id": "channel16"}, (None, 16, "channel")),
        ({"forwarded_from": "Ann", "forwarded_from_id": "user42"}, ("Ann", None, "user")),
        ({"forwarded_from": "Crew", "forwarded_from_id": "chat78"}, ("Crew", None, None)),
    ],
)
def test_a_forward_names_its_origin_as_far_as_exports_do(
    message: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    forward = one(message).forwarded_from
    assert forward is not None
    assert (forward.name, forward.channel_id, forward.kind) == expected
    assert forward.user_id == (42 if forward.kind == "user" else None)


def test_a_post_that_is_no_forward_has_no_origin() -> None:
    assert one({}).forwarded_from is None


EXCEEDS = "(File exceeds maximum size. Change data exporting settings to download.)"
NOT_INCLUDED = "(File not included. Change data exporting settings to download.)"
UNAVAILABLE = "(File unavailable, please try again later)"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"photo": NOT_INCLUDED, "photo_file_size": 9},
         {"type": "photo", "state": "not_included", "size": 9}),
        ({"photo": "photos/photo_1.jpg"}, {"type": "photo", "name": "photo_1.jpg"}),
        ({"file": EXCEEDS, "media_type": "video_file", "file_name": "talk.mp4",
          "file_size": 1400000000, "duration_seconds": 65, "mime_type": "video/mp4"},
         {"type": "video", "state": "too_big", "name": "talk.mp4", "size": 1400000000,
          "duration": 65, "mime": "video/mp4"}),
        ({"file": UNAVAILABLE, "media_type": "voice_message"},
         {"type": "voice", "state": "missing"}),
        ({"file": "files\\chart.pdf"}, {"type": "document", "name": "chart.pdf"}),
        ({"file": "a.mp3", "media_type": "audio_file", "performer": "Choir", "title": "Sea"},
         {"type": "audio", "name": "a.mp3", "title": "Choir – Sea"}),
        ({"file": "v.mp4", "media_type": "video_message"},
         {"type": "round_video", "name": "v.mp4"}),
        ({"file": "v.mp4", "media_type": "animation"}, {"type": "animation", "name": "v.mp4"}),
        ({"file": "s.webp", "media_type": "sticker", "sticker_emoji": "🦀"},
         {"type": "sticker", "name": "s.webp", "title": "🦀"}),
        ({"location_information": {"latitude": 1.5, "longitude": -2}, "place_name": "Pier"},
         {"type": "location", "title": "Pier", "url": "geo:1.5,-2"}),
        ({"contact_information": {"first_name": "Ann", "last_name": "Keeper"}},
         {"type": "contact", "name": "Ann Keeper"}),
        ({"contact_information": {"first_name": "Ann", "phone_number": "+1555"}},
         {"type": "contact", "name": "Ann", "title": "+1555"}),
        ({"game_title": "Chess", "game_description": "by mail"},
         {"type": "game", "title": "Chess\nby mail"}),
        ({"invoice_information": {"title": "Chart", "description": "of the bay"}},
         {"type": "invoice", "title": "Chart\nof the bay"}),
        ({"invoice_information": '{"title": "Chart", "description": "of the bay"}'},
         {"type": "invoice", "title": "Chart\nof the bay"}),
        ({"giveaway_information": {"quantity": 5, "additional_prize": "a sextant"}},
         {"type": "giveaway", "title": "a sextant"}),
        ({"paid_stars_amount": 50}, {"type": "paid", "state": "hidden"}),
    ],
)  # fmt: skip
def test_media_of_every_type_and_each_placeholder(
    message: dict[str, Any], expected: dict[str, Any]
) -> None:
    (found,) = one(message).media
    names = ("type", "state", "name", "size", "duration", "title", "url", "mime")
    said = {name: getattr(found, name) for name in names if getattr(found, name) is not None}
    assert said == {"state": "present", **expected}


def test_a_poll_is_its_body() -> None:
    poll = {
        "question": "Sail?",
        "answers": [{"text": "Yes"}, {"text": [{"type": "bold", "text": "No"}]}],
    }
    document = one({"poll": poll, "text": "Vote"})
    assert [(block.type, block.text) for block in document.body] == [
        ("subhead", "Sail?"),
        ("bullet", "Yes"),
        ("bullet", "No"),
    ]
    assert document.media[0].type == "poll"


def test_a_checklist_alone_heads_its_tasks() -> None:
    document = one({"text": "", "todo_list": {"title": "Check", "answers": [{"text": "Buoy"}]}})
    assert (document.title, document.media[0].type) == ("Check", "checklist")
    assert [(block.type, block.text) for block in document.body] == [("bullet", "Buoy")]


def test_what_an_invoice_says_is_the_text_of_a_post_without_another() -> None:
    invoice = {"invoice_information": {"title": "Chart", "description": "of the bay"}}
    assert one({"text": "", **invoice}).texts() == ["Chart", "of the bay"]
    assert one({"text": "Buy", **invoice}).texts() == ["Buy"]


def test_a_buttons_address_is_a_link() -> None:
    rows = [
        [{"type": "url", "text": "In full", "data": "https://a.b/full"}, {"type": "callback"}],
        [{"type": "callback", "text": "Vote", "data": "1"}, "x", {"type": "url"}],
    ]
    document = one({"inline_bot_buttons": rows})
    assert [(link.text, link.url) for link in document.links] == [("In full", "https://a.b/full")]
    assert one({"inline_bot_buttons": {"a": 1}}).links == ()


def test_a_reply_may_answer_another_channel() -> None:
    here = one({"reply_to_message_id": 3}).reply_to
    there = one({"reply_to_message_id": 3, "reply_to_peer_id": "channel16"}).reply_to
    assert here is not None
    assert there is not None
    assert (here.channel_id, there.channel_id) == (1500000001, 16)


def test_reactions_are_counted() -> None:
    reactions = [{"type": "emoji", "count": 12}, {"type": "custom_emoji", "count": 3}]
    assert one({"reactions": reactions}).reactions == 15


@pytest.mark.parametrize(
    ("message", "action", "title"),
    [
        ({"action": "create_channel", "title": "Harbour"}, "create_channel", "Harbour"),
        ({"action": "pin_message", "message_id": 5}, "pin_message", None),
        ({"information_text": "Boosted"}, "unknown", "Boosted"),
    ],
)
def test_service_messages(message: dict[str, Any], action: str, title: str | None) -> None:
    document = one({"type": "service", **message})
    assert (document.kind, document.service_action, document.title) == ("service", action, title)


def test_an_unsupported_message_says_that_its_text_was_withheld() -> None:
    (document,) = read({**chat(), "messages": [{"id": 9, "type": "unsupported"}]})
    assert isinstance(document, Document)
    assert (document.flags, document.published_at) == (("text_withheld",), None)


PHOTO = {"photo": NOT_INCLUDED}


def ids(items: list[Item]) -> list[tuple[int | None, tuple[int, ...]]]:
    return [(item.message_id, item.album_ids) for item in items if isinstance(item, Document)]


def test_what_looks_like_an_album_is_one_document_and_flagged() -> None:
    items = read(chat({"id": 1, **PHOTO}, {"id": 2, "text": "Bay", **PHOTO}, {"id": 3, **PHOTO}))
    assert ids(items) == [(1, (1, 2, 3))]
    assert isinstance(items[0], Document)
    assert items[0].title == "Bay"
    assert items[0].flags == ("album_guessed",)
    assert [media.message_id for media in items[0].media] == [1, 2, 3]


@pytest.mark.parametrize(
    "second",
    [
        {"id": 3, **PHOTO},
        {"id": 2, **PHOTO, "date_unixtime": "1709287206"},
        {"id": 2, **PHOTO, "text": "another caption"},
        {"id": 2, **PHOTO, "forwarded_from": "Lighthouse"},
        {"id": 2, "text": ""},
        {"id": 2, "file": "a.pdf"},
        {"id": 2, "media_type": "voice_message", "file": "a.ogg"},
        {"id": 2, **PHOTO, "from_id": "user7"},
        {"id": 2, **PHOTO, "type": "service"},
    ],
)
def test_what_shares_too_little_is_no_album(second: dict[str, Any]) -> None:
    assert len(read(chat({"id": 1, "text": "Bay", **PHOTO}, second))) == 2


def test_pictures_and_videos_make_an_album_of_ten_at_most() -> None:
    second = {"id": 2, "media_type": "video_file", "file": "a.mp4"}
    assert ids(read(chat({"id": 1, **PHOTO}, second))) == [(1, (1, 2))]
    many = [{"id": number, **PHOTO} for number in range(1, 13)]
    assert ids(read(chat(*many))) == [(1, tuple(range(1, 11))), (11, (11, 12))]


def export(*chats: dict[str, Any], **left: Any) -> dict[str, Any]:
    return {
        "about": "Everything",
        "personal_information": {"user_id": 1},
        "contacts": {"about": "…", "list": [{"first_name": "Ann"}]},
        "chats": {"about": "All chats", "list": list(chats)},
        **left,
    }


PRIVATE = [
    chat({"id": 1}, {"id": 2}, type="personal_chat", id=42, name="Ann"),
    chat({"id": 1}, type="private_supergroup", id=77, name="Crew"),
    chat({"id": 1}, type="private_group", id=78, name="Deck"),
    {"type": "saved_messages", "id": 42, "messages": [{**MESSAGE, "id": 5}]},
]


def test_channels_are_taken_and_private_chats_counted() -> None:
    left = {"left_chats": {"list": [chat({"id": 3}, type="private_channel", id=99, name="Old")]}}
    items = read(export(PRIVATE[0], chat({"id": 1}), *PRIVATE[1:], **left))
    assert [item.doc_id for item in items if isinstance(item, Document)] == [
        "tg:1500000001/1",
        "tg:99/3",
    ]
    assert [item.messages for item in items if isinstance(item, Skipped)] == [2, 1, 1, 1]


def test_all_chats_takes_private_ones_under_ids_of_their_own() -> None:
    items = read(export(*PRIVATE), all_chats=True)
    assert [item.doc_id for item in items if isinstance(item, Document)] == [
        "tg:user42/1",
        "tg:user42/2",
        "tg:77/1",
        "tg:chat78/1",
        "tg:user42/5",
    ]


@pytest.mark.parametrize(
    ("sender", "author"),
    [
        ({"from": "Ann", "from_id": "user42"}, Author(kind="user", id=42, name="Ann")),
        ({"from": "Ann", "from_id": 42}, Author(kind="user", id=42, name="Ann")),
        ({"from": None, "from_id": "user42"}, Author(kind="user", id=42)),
        ({"from": "Ann"}, Author(kind="user", name="Ann")),
        ({"from": "C", "from_id": "channel77"}, Author(kind="group", id=77, name="C")),
        ({"from": "Mill", "from_id": "channel5"}, Author(kind="channel", id=5, name="Mill")),
        ({}, None),
    ],
)
def test_who_speaks_in_a_group_is_its_author(sender: dict[str, Any], author: Author | None) -> None:
    message = {"id": 1, "from": None, "from_id": None, **sender}
    (document,) = read(chat(message, type="private_supergroup", name="C", id=77), all_chats=True)
    assert isinstance(document, Document)
    assert (document.author, document.author_signature) == (author, None)


def test_who_speaks_in_a_private_chat_is_its_author() -> None:
    private = chat({"id": 1, "from": "Ann", "from_id": "user42"}, type="personal_chat", name="Ann")
    (document,) = read(private, all_chats=True)
    assert isinstance(document, Document)
    assert document.author == Author(kind="user", id=42, name="Ann")


@pytest.mark.parametrize(
    ("sender", "signature"),
    [
        ({"from": "Ann", "from_id": "user42"}, "Ann"),
        ({"from": "Ann", "from_id": "user1500000001"}, "Ann"),
        ({"from": "Ann", "from_id": None}, "Ann"),
        ({"from": "Mill", "from_id": "channel5"}, "Mill"),
        ({"from": "Harbour", "from_id": None}, None),
        ({"from": "Harbour of old", "from_id": "channel1500000001"}, None),
        ({"from": None, "from_id": "user42"}, None),
    ],
)
def test_who_speaks_in_a_channel_beside_it_signs(
    sender: dict[str, Any], signature: str | None
) -> None:
    assert one(sender).author_signature == signature


def test_a_channels_posts_have_no_author() -> None:
    (document,) = read(chat({"id": 1, "from": "Ann", "from_id": "user42"}))
    assert isinstance(document, Document)
    assert (document.author, document.author_signature) == (None, "Ann")


@pytest.mark.parametrize(
    ("message", "channel_id"),
    [({"date_unixtime": "1709287205"}, 10089934592), ({}, 1500000000)],
)
def test_old_exports_mark_a_channels_id(message: dict[str, Any], channel_id: int) -> None:
    value = chat({"id": 1, **message}, id=10089934592)
    if not message:
        del value["messages"][0]["date_unixtime"]
        value["messages"][0]["from_id"] = 10089934592
    (document,) = read(value)
    assert isinstance(document, Document)
    assert document.channel is not None
    assert document.channel.id == channel_id


@pytest.mark.parametrize(
    ("kind", "url"), [("private_channel", "https://t.me/c/1500000001/7"), ("public_channel", None)]
)
def test_only_a_private_channels_link_is_known(kind: str, url: str | None) -> None:
    assert one({}, type=kind).url == url


def test_the_person_may_name_the_channel() -> None:
    (document,) = read(chat({"id": 7}), channel=Channel(username="harbour"))
    assert isinstance(document, Document)
    assert document.doc_id == "tg:1500000001/7"
    assert document.url == "https://t.me/harbour/7"


def test_keys_in_another_order_change_nothing() -> None:
    value = chat({"id": 1, "text": "a"}, {"id": 2, "text": "b"})
    assert read(json.dumps(value, sort_keys=True)) == read(value)


def test_a_file_that_stops_gives_what_stood_before() -> None:
    text = json.dumps(chat({"id": 1, "text": "a"}, {"id": 2, "text": "b"}, {"id": 3}), indent=1)
    items = read(text[: text.index('"id": 3') + 20])
    assert ids(items) == [(1, ()), (2, ())]
    problems = [item for item in items if isinstance(item, Problem)]
    assert len(problems) == 1
    assert problems[0].place.startswith("line ")
    assert "result.json" in str(problems[0])


def test_a_broken_message_is_passed_over() -> None:
    text = json.dumps(chat({"id": 1, "text": "a"}, {"id": 2, "text": "b"}, {"id": 3, "text": "c"}))
    items = read(text.replace('"text": "b"', '"text": b b b b b b b b b b b b b b b'))
    assert ids([item for item in items if isinstance(item, Document)]) == [(1, ()), (3, ())]
    assert sum(isinstance(item, Problem) for item in items) == 1


@pytest.mark.parametrize("message", [5, None, [], "x", {"text": "no id"}, {"id": "7"}])
def test_a_message_without_an_id_is_a_problem(message: Any) -> None:
    items = read({**chat(), "messages": [message, {**MESSAGE, "id": 1}]})
    assert [type(item) for item in items] == [Problem, Document]


def test_an_export_of_a_channel_without_an_id_asks_for_its_name() -> None:
    value = chat({"id": 1})
    del value["id"]
    (problem,) = read(value)
    assert isinstance(problem, Problem)
    assert "--channel" in str(problem)
    (document,) = read(value, channel=Channel(username="harbour"))
    assert isinstance(document, Document)
    assert document.doc_id == "tg:@harbour/1"


def test_corpus_exports_are_read_without_a_problem(shared_files: Any) -> None:
    for path in shared_files("corpus/desktop_json/**/*.json"):
        items = read(path.read_text(encoding="utf-8"), all_chats=True)
        assert items, path.name
        assert all(isinstance(item, Document) for item in items), path.name


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("user42", ("user", 42)),
        ("channel16", ("channel", 16)),
        ("chat78", ("chat", 78)),
        ("42", ("user", 42)),
        (42, ("user", 42)),
        ("channel" + "9" * 18, ("channel", 10**18 - 1)),
        ("channel" + "9" * 19, (None, None)),
        ("group5", (None, None)),
        ("user", (None, None)),
        ("xuser5", (None, None)),
        (True, (None, None)),
        (None, (None, None)),
    ],
)
def test_whom_an_export_means(written: object, read_as: tuple[str | None, int | None]) -> None:
    assert peer(written) == read_as


@pytest.mark.parametrize(
    ("message", "channel_id"),
    [
        ({"reply_to_peer_id": "channel16"}, 16),
        ({"reply_to_peer_id": "user42"}, None),
        ({"reply_to_peer_id": "nobody"}, 1500000001),
        ({}, 1500000001),
    ],
)
def test_what_a_message_answers_stands_here_unless_it_says_where(
    message: dict[str, Any], channel_id: int | None
) -> None:
    post = one({"reply_to_message_id": 3, **message}).reply_to
    pin = one({"type": "service", "action": "pin_message", "message_id": 3, **message}).reply_to
    for found in (post, pin):
        assert found is not None
        assert (found.channel_id, found.message_id) == (channel_id, 3)
    assert one({"reply_to_message_id": "3"}).reply_to is None


@pytest.mark.parametrize("kind", ["url", "auth", "web_view", "simple_web_view"])
def test_every_button_that_opens_an_address_is_a_link(kind: str) -> None:
    row = [{"type": kind, "data": "https://a.b/"}, {"type": kind, "text": "no address"}]
    (link,) = one({"inline_bot_buttons": ["odd", row]}).links
    assert (link.text, link.url) == ("", "https://a.b/")


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ({"title": "Harbour", "new_title": "Port"}, "Harbour"),
        ({"new_title": "Port", "information_text": "renamed"}, "Port"),
        ({"information_text": "renamed"}, "renamed"),
        ({}, None),
    ],
)
def test_a_service_message_is_titled_by_what_says_most(
    message: dict[str, Any], title: str | None
) -> None:
    assert one({"type": "service", **message}).title == title


@pytest.mark.parametrize(
    ("reactions", "count"),
    [
        (None, None),
        ([], None),
        ("5", None),
        ([{"count": 12}, "odd", {"count": "3"}, {"emoji": "x"}], 12),
        ([{"count": 0}], 0),
    ],
)
def test_reactions_that_cannot_be_counted_are_none(reactions: object, count: int | None) -> None:
    assert one({"reactions": reactions}).reactions == count


def test_an_album_has_the_text_edit_and_reactions_of_all_its_parts() -> None:
    edits = [{"edited_unixtime": "1709290900"}, {"edited_unixtime": "1709290800"}, {}]
    parts = [
        {"id": number, **PHOTO, **edit, "reactions": [{"count": number}]}
        for number, edit in enumerate(edits, start=4)
    ]
    parts[1]["text"] = "Bay"
    (found,) = read(chat(*parts))
    assert isinstance(found, Document)
    assert (found.doc_id, found.message_id, found.album_ids) == ("tg:1500000001/4", 4, (4, 5, 6))
    assert (found.title, found.edited_at, found.reactions) == ("Bay", "2024-03-01T11:01:40Z", 15)
    assert [media.message_id for media in one({"id": 4, **PHOTO}).media] == [None]
    assert one({"id": 4, **PHOTO}).album_ids == ()


@pytest.mark.parametrize(
    ("date", "published", "basis", "flags"),
    [
        ("2024-03-01T13:00:05", "2024-03-01T13:00:05", "local_time", ("zone_unknown",)),
        ("2024-03-01T13:00:05Z", "2024-03-01T13:00:05Z", "local_time", ()),
        ("soon", None, "none", ()),
    ],
)
def test_a_local_time_is_one_of_no_zone_unless_it_names_it(
    date: str, published: str | None, basis: str, flags: tuple[str, ...]
) -> None:
    document = one({"date_unixtime": "x", "date": date})
    found = document.published_at, document.published_basis, document.flags
    assert found == (published, basis, flags)
    assert document.published_precision == ("second" if published else "none")
