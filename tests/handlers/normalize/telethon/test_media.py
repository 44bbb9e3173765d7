"""What is attached to messages, by all that says what it is. All names are invented."""

from typing import Any

import pytest

from handlers.normalize.parsing.fields import Record
from handlers.normalize.telethon import media
from storage.document import Channel, Media


def read(given: dict[str, Any] | None, **how: Any) -> tuple[Media, ...]:
    how = {"message_id": None, **how}
    return media.read(None if given is None else Record(given), **how)


def message(kind: str, **members: Any) -> dict[str, Any]:
    return {"_": f"MessageMedia{kind}", **members}


def file(*attributes: dict[str, Any], **members: Any) -> dict[str, Any]:
    return message("Document", document={"_": "Document", "attributes": [*attributes], **members})


def attribute(kind: str, **members: Any) -> dict[str, Any]:
    return {"_": f"DocumentAttribute{kind}", **members}


VIDEO, AUDIO = attribute("Video", duration=9.5), attribute("Audio", duration=7)
STICKER = attribute("Sticker", alt="🦀")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (file(), Media(type="document")),
        (file(size=70, mime_type="text/plain"), Media(type="document", size=70, mime="text/plain")),
        (file(attribute("Filename", file_name="a.pdf")), Media(type="document", name="a.pdf")),
        (file(VIDEO), Media(type="video", duration=9.5)),
        (file(attribute("Video", duration=float("inf"))), Media(type="video")),
        (file(attribute("Audio", duration=float("nan"))), Media(type="audio")),
        (file(attribute("Video", duration=3, round_message=True)),
         Media(type="round_video", duration=3)),
        (file(VIDEO, attribute("Animated")), Media(type="animation", duration=9.5)),
        (file(VIDEO, attribute("Animated"), STICKER),
         Media(type="sticker", duration=9.5, title="🦀")),
        (file(attribute("CustomEmoji", alt="🔥")), Media(type="document", title="🔥")),
        (file(AUDIO), Media(type="audio", duration=7)),
        (file(attribute("Audio", duration=7, voice=True)), Media(type="voice", duration=7)),
        (file(AUDIO, VIDEO), Media(type="video", duration=9.5)),
        (file(attribute("Video"), AUDIO), Media(type="video", duration=7)),
        (file(attribute("Audio", performer="Ann", title="Tide")),
         Media(type="audio", title="Ann – Tide")),
        (file(attribute("Audio", title="Tide"), STICKER), Media(type="sticker", title="Tide")),
        (message("Document"), Media(type="document", state="missing")),
        (message("Document", document={"_": "DocumentEmpty"}, voice=True),
         Media(type="voice", state="missing")),
        (message("Document", round=True, video=True), Media(type="round_video", state="missing")),
        (message("Document", video=True), Media(type="video", state="missing")),
        (message("Photo", photo={"_": "Photo", "sizes": [
            {"size": 9}, {"sizes": [5, 30, "x"]}, {"size": 20}]}), Media(type="photo", size=30)),
        (message("Photo", photo={"_": "Photo"}), Media(type="photo")),
        (message("Photo", photo={"_": "PhotoEmpty"}), Media(type="photo", state="missing")),
        (message("Photo"), Media(type="photo", state="missing")),
        (message("WebPage", webpage={"site_name": "A", "title": "B", "description": "C",
                                     "author": "D", "url": "https://a.b/"}),
         Media(type="webpage", name="A", title="B\nC\nD", url="https://a.b/")),
        (message("WebPage", webpage={"_": "WebPageEmpty"}), Media(type="webpage")),
        (message("Geo", geo={"lat": 1.5, "long": -2}), Media(type="location", url="geo:1.5,-2")),
        (message("GeoLive", geo={"lat": 0, "long": 0}), Media(type="location", url="geo:0,0")),
        (message("Geo", geo={"lat": 1.5}), Media(type="location")),
        (message("Geo", geo={"long": 1.5}), Media(type="location")),
        (message("Venue", geo={"lat": 1, "long": 2}, title="Pier", address="Quay 1"),
         Media(type="location", name="Quay 1", title="Pier", url="geo:1,2")),
        (message("Contact", first_name="Ann", last_name="Roe", phone_number="5"),
         Media(type="contact", name="Ann Roe", title="5")),
        (message("Contact", last_name="Roe"), Media(type="contact", name="Roe")),
        (message("Contact"), Media(type="contact")),
        (message("Game", game={"title": "Sail", "description": "Far"}),
         Media(type="game", title="Sail\nFar")),
        (message("Giveaway", prize_description="A boat"), Media(type="giveaway", title="A boat")),
        (message("GiveawayResults", prize_description="A boat"),
         Media(type="giveaway", title="A boat")),
        (message("ToDo", todo={"title": {"text": "List"}}), Media(type="checklist", title="List")),
        (message("Dice", emoticon="🎲", value=4), Media(type="dice", title="🎲 4")),
        (message("Dice", emoticon="🎲"), Media(type="dice", title="🎲")),
        (message("Dice"), Media(type="dice")),
        (message("Unsupported"), Media(type="unknown", state="hidden")),
        (message("Hologram", title="Seen"), Media(type="unknown", title="Seen")),
        (message("Hologram", game={"title": "Played"}, title="Seen"),
         Media(type="unknown", title="Played")),
        (message("Poll", poll={"question": "Why?"}), Media(type="poll", title="Why?")),
        (message("Poll", poll={"question": {"text": "Why?"}}, results={"solution": "So"}),
         Media(type="poll", title="Why?\nSo")),
        (message("Invoice", title="Boat", description="Red"),
         Media(type="invoice", title="Boat\nRed")),
        (message("PaidMedia"), Media(type="paid", state="hidden")),
        (message("PaidMedia", extended_media=[{"_": "MessageExtendedMedia"}]),
         Media(type="paid", state="hidden")),
        (message("PaidMedia", extended_media=[
            {"_": "MessageExtendedMediaPreview", "video_duration": 0}]),
         Media(type="video", state="hidden", duration=0)),
        (message("PaidMedia", extended_media=[{"_": "MessageExtendedMediaPreview"}]),
         Media(type="photo", state="hidden")),
    ],
)  # fmt: skip
def test_what_one_medium_is(given: dict[str, Any], expected: Media) -> None:
    assert read(given) == (expected,)
    (named,) = read(given, message_id=5)
    assert named.message_id == 5


def test_what_carries_others_is_told_with_them() -> None:
    photo = message("Photo", photo={"_": "Photo"})
    poll = message(
        "Poll",
        poll={"question": "Why?", "answers": [{"media": photo}, {}, {"media": file(AUDIO)}]},
        attached_media=file(VIDEO),
        results={"solution_media": photo},
    )
    types = [one.type for one in read(poll)]
    assert types == ["poll", "video", "photo", "audio", "photo"]
    invoice = message(
        "Invoice", title="Boat", extended_media={"_": "MessageExtendedMedia", "media": photo}
    )
    assert [(one.type, one.state) for one in read(invoice)] == [
        ("invoice", "present"),
        ("photo", "hidden"),
    ]
    assert read(None) == read(message("Empty")) == ()


@pytest.mark.parametrize(
    ("story", "peer", "expected"),
    [
        ({"_": "StoryItem", "caption": "Fog"}, {"channel_id": 7},
         Media(type="story", name="Mill", title="Fog", url="https://t.me/mill/s/3")),
        ({"_": "StoryItemDeleted"}, {"channel_id": 7},
         Media(type="story", state="missing", name="Mill", url="https://t.me/mill/s/3")),
        (None, {"channel_id": 8}, Media(type="story", state="not_included", name="Pier")),
        (None, {"channel_id": 9}, Media(type="story", state="not_included")),
        (None, {"user_id": 7}, Media(type="story", state="not_included")),
    ],
)  # fmt: skip
def test_a_story_is_of_a_channel_that_is_known(
    story: dict[str, Any] | None, peer: dict[str, int], expected: Media
) -> None:
    peers = {
        -1000000000007: Channel(id=7, username="mill", title="Mill"),
        -1000000000008: Channel(id=8, title="Pier"),
    }
    assert read(message("Story", id=3, peer=peer, story=story), peers=peers) == (expected,)
