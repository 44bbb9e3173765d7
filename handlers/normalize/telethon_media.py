"""What is attached to a Telethon message, as the schema's media. Duck-typed: knows no Telethon."""

from typing import Any

from handlers.normalize.fields import as_whole, clean, kind, listed, whole, words
from storage.document import Media, MediaState, MediaType

_NONE = frozenset({"NoneType", "MessageMediaEmpty"})


def read(media: Any, *, message_id: int | None) -> Media | None:
    """The medium of one message, None when there is none.

    ``message_id`` is named in it where it is given (the parts of an album).
    """
    name = kind(media)
    if name in _NONE:
        return None
    if name == "MessageMediaPhoto":
        return _photo(media, message_id)
    if name == "MessageMediaDocument":
        return _document(media, message_id)
    if name == "MessageMediaWebPage":
        return _web_page(getattr(media, "webpage", None), message_id)
    if name in ("MessageMediaGeo", "MessageMediaGeoLive", "MessageMediaVenue"):
        return _place(media, message_id)
    return _other(name, media, message_id)


def plain(value: Any) -> str | None:
    """A string, or the text of a ``TextWithEntities`` (polls have those since layer 180)."""
    if not isinstance(value, str):
        value = getattr(value, "text", None)
    return clean(value) if isinstance(value, str) and value else None


def _photo(media: Any, message_id: int | None) -> Media:
    photo = getattr(media, "photo", None)
    state: MediaState = "missing" if photo is None or kind(photo) == "PhotoEmpty" else "present"
    return Media(type="photo", state=state, size=_photo_size(photo), message_id=message_id)


def _photo_size(photo: Any) -> int | None:
    sizes: list[int] = []
    for size in listed(photo, "sizes"):
        sizes.append(whole(size, "size") or 0)
        sizes += [as_whole(part) or 0 for part in listed(size, "sizes")]
    return max(sizes, default=0) or None


def _document(media: Any, message_id: int | None) -> Media:
    document = getattr(media, "document", None)
    if document is None or kind(document) == "DocumentEmpty":
        return Media(type=_declared_type(media), state="missing", message_id=message_id)
    attributes = {kind(each): each for each in listed(document, "attributes")}
    return Media(
        type=_type(attributes),
        name=words(attributes.get("DocumentAttributeFilename"), "file_name"),
        size=whole(document, "size"),
        duration=_duration(attributes),
        message_id=message_id,
        title=_audio_title(attributes.get("DocumentAttributeAudio")),
        mime=words(document, "mime_type"),
    )


def _type(attributes: dict[str, Any]) -> MediaType:
    video = attributes.get("DocumentAttributeVideo")
    if "DocumentAttributeSticker" in attributes:
        return "sticker"
    if "DocumentAttributeAnimated" in attributes:
        return "animation"
    if video is not None:
        return "round_video" if getattr(video, "round_message", None) else "video"
    audio = attributes.get("DocumentAttributeAudio")
    if audio is not None:
        return "voice" if getattr(audio, "voice", None) else "audio"
    return "document"


def _declared_type(media: Any) -> MediaType:
    """What a document that is gone was, as far as its wrapper says."""
    if getattr(media, "round", None):
        return "round_video"
    if getattr(media, "voice", None):
        return "voice"
    return "video" if getattr(media, "video", None) else "document"


def _duration(attributes: dict[str, Any]) -> float | None:
    for name in ("DocumentAttributeVideo", "DocumentAttributeAudio"):
        duration = getattr(attributes.get(name), "duration", None)
        if isinstance(duration, int | float):
            return duration
    return None


def _audio_title(audio: Any) -> str | None:
    parts = [words(audio, name) for name in ("performer", "title")]
    return " – ".join(part for part in parts if part) or None


def _web_page(page: Any, message_id: int | None) -> Media:
    title = words(page, "title") or words(page, "site_name")
    url = words(page, "url")
    return Media(type="webpage", title=title, url=url, message_id=message_id)


def _place(media: Any, message_id: int | None) -> Media:
    geo = getattr(media, "geo", None)
    latitude, longitude = getattr(geo, "lat", None), getattr(geo, "long", None)
    known = isinstance(latitude, int | float) and isinstance(longitude, int | float)
    return Media(
        type="location",
        name=words(media, "address"),
        title=words(media, "title"),
        url=f"geo:{latitude},{longitude}" if known else None,
        message_id=message_id,
    )


def _other(name: str, media: Any, message_id: int | None) -> Media:
    if name == "MessageMediaPoll":
        poll = getattr(media, "poll", None)
        question = plain(getattr(poll, "question", None))
        return Media(type="poll", title=question, message_id=message_id)
    if name == "MessageMediaContact":
        names = [words(media, part) for part in ("first_name", "last_name")]
        full = " ".join(part for part in names if part) or None
        return Media(type="contact", name=full, message_id=message_id)
    held_back = name in ("MessageMediaUnsupported", "MessageMediaPaidMedia")
    title = getattr(getattr(media, "game", None), "title", None) or getattr(media, "title", None)
    state: MediaState = "hidden" if held_back else "present"
    return Media(type="unknown", state=state, title=plain(title), message_id=message_id)
