"""What is attached to a message of a Telegram Desktop ``result.json``."""

from typing import Any

from handlers.normalize.fields import whole, words
from storage.document import Media, MediaState, MediaType

_TYPES: dict[str, MediaType] = {
    "sticker": "sticker",
    "video_message": "round_video",
    "voice_message": "voice",
    "animation": "animation",
    "video_file": "video",
    "audio_file": "audio",
}
# Desktop writes these in place of a path (export_output_json.cpp: File::SkipReason).
_PLACEHOLDERS: tuple[tuple[str, MediaState], ...] = (
    ("exceeds maximum size", "too_big"),
    ("not included", "not_included"),
    ("unavailable", "missing"),
)


def read(message: Any, *, message_id: int | None) -> tuple[Media, ...]:
    """The media of one message; ``message_id`` is named in each where it is given."""
    if getattr(message, "photo", None) is not None:
        return (_photo(message, message_id),)
    if getattr(message, "file", None) is not None or words(message, "media_type"):
        return (_file(message, message_id),)
    other = _other(message, message_id)
    return () if other is None else (other,)


def _photo(message: Any, message_id: int | None) -> Media:
    path = words(message, "photo")
    return Media(
        type="photo",
        state=_state(path),
        name=_name(path),
        size=whole(message, "photo_file_size"),
        message_id=message_id,
    )


def _file(message: Any, message_id: int | None) -> Media:
    path = words(message, "file")
    parts = (words(message, "performer"), words(message, "title"))
    return Media(
        type=_TYPES.get(words(message, "media_type") or "", "document"),
        state=_state(path),
        name=words(message, "file_name") or _name(path),
        size=whole(message, "file_size"),
        duration=whole(message, "duration_seconds"),
        message_id=message_id,
        title=" – ".join(part for part in parts if part) or None,
        mime=words(message, "mime_type"),
    )


def _other(message: Any, message_id: int | None) -> Media | None:
    poll = getattr(message, "poll", None)
    if poll is not None:
        return Media(type="poll", title=words(poll, "question"), message_id=message_id)
    place = getattr(message, "location_information", None)
    if place is not None or words(message, "place_name"):
        return _place(message, place, message_id)
    contact = getattr(message, "contact_information", None)
    if contact is not None:
        names = (words(contact, "first_name"), words(contact, "last_name"))
        full = " ".join(name for name in names if name) or None
        return Media(type="contact", name=full, message_id=message_id)
    title = words(message, "game_title") or words(
        getattr(message, "invoice_information", None), "title"
    )
    return Media(type="unknown", title=title, message_id=message_id) if title else None


def _place(message: Any, place: Any, message_id: int | None) -> Media:
    latitude, longitude = getattr(place, "latitude", None), getattr(place, "longitude", None)
    known = isinstance(latitude, int | float) and isinstance(longitude, int | float)
    return Media(
        type="location",
        name=words(message, "address"),
        title=words(message, "place_name"),
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
