"""What is attached to a message of a Telegram Desktop ``result.json``."""

import json
from collections.abc import Callable, Iterable, Mapping

from handlers.normalize.desktop import text
from handlers.normalize.parsing.fields import whole_of, words_of
from storage.document import Media, MediaState, MediaType
from storage.structs import replace

Message = Mapping[str, object]

_TYPES: dict[str, MediaType] = {
    "sticker": "sticker",
    "video_message": "round_video",
    "voice_message": "voice",
    "animation": "animation",
    "video_file": "video",
    "audio_file": "audio",
}
_OTHERS = frozenset(
    (
        *("poll", "location_information", "place_name", "contact_information"),
        *("game_title", "invoice_information", "todo_list", "paid_stars_amount"),
        *("giveaway_information", "giveaway_results"),
    )
)
# Desktop writes these in place of a path (export_output_json.cpp: File::SkipReason).
_PLACEHOLDERS: tuple[tuple[str, MediaState], ...] = (
    ("exceeds maximum size", "too_big"),
    ("not included", "not_included"),
    ("unavailable", "missing"),
)


def read(message: Message, *, message_id: int | None) -> tuple[Media, ...]:
    """The media of one message; ``message_id`` is named in each where it is given."""
    if message.get("photo") is not None:
        return (_photo(message, message_id),)
    if message.get("file") is not None or words_of(message, "media_type"):
        return (_file(message, message_id),)
    if _OTHERS.isdisjoint(message):
        return ()
    other = _other(message, message_id)
    return () if other is None else (other,)


def _photo(message: Message, message_id: int | None) -> Media:
    path = words_of(message, "photo")
    return Media(
        type="photo",
        state=_state(path),
        name=_name(path),
        size=whole_of(message, "photo_file_size"),
        message_id=message_id,
    )


def _file(message: Message, message_id: int | None) -> Media:
    path = words_of(message, "file")
    parts = (words_of(message, "performer"), words_of(message, "title"))
    return Media(
        type=_TYPES.get(words_of(message, "media_type") or "", "document"),
        state=_state(path),
        name=words_of(message, "file_name") or _name(path),
        size=whole_of(message, "file_size"),
        duration=whole_of(message, "duration_seconds"),
        message_id=message_id,
        title=" – ".join(part for part in parts if part) or words_of(message, "sticker_emoji"),
        mime=words_of(message, "mime_type"),
    )


def _other(message: Message, message_id: int | None) -> Media | None:
    place = message.get("location_information")
    if isinstance(place, dict) or words_of(message, "place_name"):
        return _place(message, place if isinstance(place, dict) else {}, message_id)
    for name, make in _MAKERS.items():
        record = _record(message.get(name))
        if record is not None:
            return replace(make(record), message_id=message_id)
    game = _lines(words_of(message, name) for name in ("game_title", "game_description"))
    if game is not None:
        return Media(type="game", title=game, message_id=message_id)
    if message.get("paid_stars_amount") is not None:
        # Exports tell the price of what is behind it, and nothing more.
        return Media(type="paid", state="hidden", message_id=message_id)
    return None


def _record(value: object) -> Message | None:
    """A record; Desktop writes that of an invoice as a string of JSON."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, dict) else None


def _poll(poll: Message) -> Media:
    return Media(type="poll", title=_text(poll.get("question")))


def _checklist(todo: Message) -> Media:
    return Media(type="checklist", title=_text(todo.get("title")))


def _contact(contact: Message) -> Media:
    names = (words_of(contact, "first_name"), words_of(contact, "last_name"))
    full = " ".join(name for name in names if name) or None
    return Media(type="contact", name=full, title=words_of(contact, "phone_number"))


def _invoice(invoice: Message) -> Media:
    title = _lines(words_of(invoice, name) for name in ("title", "description"))
    return Media(type="invoice", title=title)


def _giveaway(giveaway: Message) -> Media:
    return Media(type="giveaway", title=words_of(giveaway, "additional_prize"))


def _text(value: object) -> str | None:
    return text.read(value)[0] or None


def _lines(parts: Iterable[str | None]) -> str | None:
    return "\n".join(part for part in parts if part) or None


def _place(message: Message, place: Message, message_id: int | None) -> Media:
    latitude, longitude = place.get("latitude"), place.get("longitude")
    known = isinstance(latitude, int | float) and isinstance(longitude, int | float)
    return Media(
        type="location",
        name=words_of(message, "address"),
        title=words_of(message, "place_name"),
        url=f"geo:{latitude},{longitude}" if known else None,
        message_id=message_id,
    )


def _state(path: str | None) -> MediaState:
    if path is None:
        return "missing"
    if "(" in path:
        for sign, state in _PLACEHOLDERS:
            if sign in path:
                return state
    return "present"


def _name(path: str | None) -> str | None:
    """The base name of an exported file; a placeholder is none."""
    if path is None or _state(path) != "present":
        return None
    return path.replace("\\", "/").rpartition("/")[2] or None


_MAKERS: Mapping[str, Callable[[Message], Media]] = {
    "poll": _poll,
    "todo_list": _checklist,
    "contact_information": _contact,
    "invoice_information": _invoice,
    "giveaway_information": _giveaway,
    "giveaway_results": _giveaway,
}
