"""What is attached to exported messages, by all that says what it is. All names are invented."""

from typing import Any

import pytest

from handlers.normalize.desktop import media
from storage.document import Media


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"photo": "photos/1.jpg", "photo_file_size": 9},
         Media(type="photo", name="1.jpg", size=9)),
        ({"photo": ""}, Media(type="photo", state="missing")),
        ({"photo": "(File exceeds maximum size. Change data exporting settings to download.)"},
         Media(type="photo", state="too_big")),
        ({"photo": "(File not included. Change data exporting settings to download.)"},
         Media(type="photo", state="not_included")),
        ({"photo": "(File unavailable, please try again later)"},
         Media(type="photo", state="missing")),
        ({"photo": "photos\\unavailable.jpg"}, Media(type="photo", name="unavailable.jpg")),
        ({"photo": "(1).jpg", "file": "a"}, Media(type="photo", name="(1).jpg")),
        ({"photo": "photos/"}, Media(type="photo")),
        *(({"file": "f/a", "media_type": name}, Media(type=kind, name="a")) for name, kind in (
            ("sticker", "sticker"), ("video_message", "round_video"), ("voice_message", "voice"),
            ("animation", "animation"), ("video_file", "video"), ("audio_file", "audio"),
            ("other", "document"))),  # type: ignore[arg-type]
        ({"file": "f/a.pdf", "file_name": "Plan.pdf", "file_size": 7, "mime_type": "x/y"},
         Media(type="document", name="Plan.pdf", size=7, mime="x/y")),
        ({"file": "f/a", "performer": "Ann", "title": "Tide", "duration_seconds": 5,
          "sticker_emoji": "🦀"}, Media(type="document", name="a", title="Ann – Tide", duration=5)),
        ({"file": "f/a", "title": "Tide"}, Media(type="document", name="a", title="Tide")),
        ({"file": "f/a", "sticker_emoji": "🦀"}, Media(type="document", name="a", title="🦀")),
        ({"media_type": "voice_message"}, Media(type="voice", state="missing")),
        ({"location_information": {"latitude": 1.5, "longitude": -2}},
         Media(type="location", url="geo:1.5,-2")),
        ({"location_information": {"latitude": 1}}, Media(type="location")),
        ({"location_information": {"longitude": 1}}, Media(type="location")),
        ({"place_name": "Pier", "address": "Quay 1"},
         Media(type="location", name="Quay 1", title="Pier")),
        ({"poll": {"question": "Why?"}}, Media(type="poll", title="Why?")),
        ({"poll": {}}, Media(type="poll")),
        ({"todo_list": {"title": ["Li", {"type": "bold", "text": "st"}]}},
         Media(type="checklist", title="List")),
        ({"contact_information": {"first_name": "Ann", "last_name": "Roe", "phone_number": "5"}},
         Media(type="contact", name="Ann Roe", title="5")),
        ({"contact_information": {"first_name": "Ann"}}, Media(type="contact", name="Ann")),
        ({"contact_information": {}}, Media(type="contact")),
        ({"invoice_information": {"title": "Boat", "description": "Red"}},
         Media(type="invoice", title="Boat\nRed")),
        ({"invoice_information": '{"title": "Boat"}'}, Media(type="invoice", title="Boat")),
        ({"giveaway_information": {"additional_prize": "A boat"}},
         Media(type="giveaway", title="A boat")),
        ({"giveaway_results": {"additional_prize": "A boat"}},
         Media(type="giveaway", title="A boat")),
        ({"game_title": "Sail", "game_description": "Far"}, Media(type="game", title="Sail\nFar")),
        ({"paid_stars_amount": 5}, Media(type="paid", state="hidden")),
    ],
)  # fmt: skip
def test_what_one_medium_is(message: dict[str, Any], expected: Media) -> None:
    assert media.read(message, message_id=None) == (expected,)
    (named,) = media.read(message, message_id=5)
    assert named.message_id == 5


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"photo": None, "file": None, "media_type": ""},
        {"invoice_information": "{"},
        {"invoice_information": "5"},
        {"invoice_information": "[" * 5000},
        {"poll": "junk"},
        {"place_name": "", "location_information": "junk"},
        {"game_title": ""},
        {"paid_stars_amount": None},
        {"game_description": "Far"},
    ],
)
def test_what_is_attached_to_nothing(message: dict[str, Any]) -> None:
    assert media.read(message, message_id=5) == ()
