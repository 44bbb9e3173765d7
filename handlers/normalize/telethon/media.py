"""What is attached to a Telethon message, as the schema's media. Duck-typed: knows no Telethon."""

import math
from collections.abc import Callable, Iterable, Mapping

from handlers.normalize.parsing.fields import as_whole, clean, kind, listed, whole, words
from storage.channels import chat_ids
from storage.document import Channel, Media, MediaState, MediaType
from storage.structs import replace

_NONE = frozenset({"NoneType", "MessageMediaEmpty"})


def read(
    media: object, *, message_id: int | None, peers: Mapping[int, Channel] | None = None
) -> tuple[Media, ...]:
    """The media of one message: none, one, or several where one carries others.

    ``message_id`` is named in them where it is given (the parts of an album); ``peers`` names the
    channels of stories, by marked id.
    """
    found = _read(media, peers or {}) if kind(media) not in _NONE else ()
    if message_id is None:
        return found
    return tuple(replace(each, message_id=message_id) for each in found)


def plain(value: object) -> str | None:
    """A string, or the text of a ``TextWithEntities`` (polls have those since layer 180)."""
    if not isinstance(value, str):
        value = getattr(value, "text", None)
    return clean(value) if isinstance(value, str) and value else None


def photo(found: object) -> Media:
    """A ``Photo``, or what stands for one that is gone."""
    state: MediaState = "missing" if found is None or kind(found) == "PhotoEmpty" else "present"
    return Media(type="photo", state=state, size=_photo_size(found))


def document(found: object, *, declared: MediaType = "document") -> Media:
    """A ``Document``, by its attributes; ``declared`` is what one that is gone was."""
    if found is None or kind(found) == "DocumentEmpty":
        return Media(type=declared, state="missing")
    attributes = {kind(each): each for each in listed(found, "attributes")}
    audio = attributes.get("DocumentAttributeAudio")
    sticker = attributes.get("DocumentAttributeSticker") or attributes.get(
        "DocumentAttributeCustomEmoji"
    )
    return Media(
        type=_type(attributes),
        name=words(attributes.get("DocumentAttributeFilename"), "file_name"),
        size=whole(found, "size"),
        duration=_duration(attributes),
        title=_audio_title(audio) or words(sticker, "alt"),
        mime=words(found, "mime_type"),
    )


def place(geo: object, *, title: str | None = None, address: str | None = None) -> Media:
    """A point on the map, with what is there."""
    latitude, longitude = getattr(geo, "lat", None), getattr(geo, "long", None)
    known = isinstance(latitude, int | float) and isinstance(longitude, int | float)
    url = f"geo:{latitude},{longitude}" if known else None
    return Media(type="location", name=address, title=title, url=url)


def _read(media: object, peers: Mapping[int, Channel]) -> tuple[Media, ...]:
    name = kind(media)
    if name == "MessageMediaStory":
        shown = getattr(getattr(media, "story", None), "media", None)
        return (_story(media, peers), *_all([shown]))
    several = _SEVERAL.get(name)
    return several(media) if several else (_READERS.get(name, _unknown)(media),)


def _document(media: object) -> Media:
    return document(getattr(media, "document", None), declared=_declared_type(media))


def _photo_size(found: object) -> int | None:
    sizes: list[int] = []
    for size in listed(found, "sizes"):
        sizes.append(whole(size, "size") or 0)
        sizes += [as_whole(part) or 0 for part in listed(size, "sizes")]
    return max(sizes, default=0) or None


def _type(attributes: dict[str, object]) -> MediaType:
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


def _declared_type(media: object) -> MediaType:
    """What a document that is gone was, as far as its wrapper says."""
    if getattr(media, "round", None):
        return "round_video"
    if getattr(media, "voice", None):
        return "voice"
    return "video" if getattr(media, "video", None) else "document"


def _duration(attributes: dict[str, object]) -> float | None:
    for name in ("DocumentAttributeVideo", "DocumentAttributeAudio"):
        duration = getattr(attributes.get(name), "duration", None)
        if isinstance(duration, int | float) and math.isfinite(duration):
            return duration
    return None


def _audio_title(audio: object) -> str | None:
    parts = [words(audio, name) for name in ("performer", "title")]
    return " – ".join(part for part in parts if part) or None


def _web_page(media: object) -> Media:
    page = getattr(media, "webpage", None)
    return Media(
        type="webpage",
        name=words(page, "site_name"),
        title=_lines(words(page, name) for name in ("title", "description", "author")),
        url=words(page, "url"),
    )


def _place(media: object) -> Media:
    title, address = words(media, "title"), words(media, "address")
    return place(getattr(media, "geo", None), title=title, address=address)


def _contact(media: object) -> Media:
    names = [words(media, part) for part in ("first_name", "last_name")]
    full = " ".join(part for part in names if part) or None
    return Media(type="contact", name=full, title=words(media, "phone_number"))


def _poll(media: object) -> tuple[Media, ...]:
    """A poll, with a quiz's solution where it is shown, and what its parts carry."""
    poll, results = getattr(media, "poll", None), getattr(media, "results", None)
    title = _lines([plain(getattr(poll, "question", None)), words(results, "solution")])
    attached = [getattr(media, "attached_media", None)]
    attached += [getattr(answer, "media", None) for answer in listed(poll, "answers")]
    attached.append(getattr(results, "solution_media", None))
    return (Media(type="poll", title=title), *_all(attached))


def _invoice(media: object) -> tuple[Media, ...]:
    shown = Media(type="invoice", title=_described(media))
    return (shown, *_extended(getattr(media, "extended_media", None)))


def _paid(media: object) -> tuple[Media, ...]:
    """What lies behind a price, a part each; one of an unknown kind where no part is told."""
    found = [each for part in listed(media, "extended_media") for each in _extended(part)]
    return tuple(found) or (Media(type="paid", state="hidden"),)


def _extended(part: object) -> tuple[Media, ...]:
    if part is None:
        return ()
    if kind(part) == "MessageExtendedMediaPreview":
        is_video = getattr(part, "video_duration", None) is not None
        seconds = whole(part, "video_duration")
        return (Media(type="video" if is_video else "photo", state="hidden", duration=seconds),)
    found = _all([getattr(part, "media", None)]) or (Media(type="paid"),)
    return tuple(replace(each, state="hidden") for each in found)


def _all(attached: Iterable[object]) -> tuple[Media, ...]:
    return tuple(
        found for media in attached if media is not None for found in read(media, message_id=None)
    )


def _game(media: object) -> Media:
    return Media(type="game", title=_described(getattr(media, "game", None)))


def _giveaway(media: object) -> Media:
    return Media(type="giveaway", title=words(media, "prize_description"))


def _checklist(media: object) -> Media:
    title = plain(getattr(getattr(media, "todo", None), "title", None))
    return Media(type="checklist", title=title)


def _dice(media: object) -> Media:
    thrown = [words(media, "emoticon"), whole(media, "value")]
    return Media(type="dice", title=" ".join(str(part) for part in thrown if part) or None)


def _story(media: object, peers: Mapping[int, Channel]) -> Media:
    """A story of a channel or a person, with its caption where Telegram sends it along."""
    story, number = getattr(media, "story", None), whole(media, "id")
    state: MediaState = "present" if story is not None else "not_included"
    if kind(story) == "StoryItemDeleted":
        state = "missing"
    channel_id = whole(getattr(media, "peer", None), "channel_id")
    known = peers.get(chat_ids.of_channel(channel_id)) if channel_id is not None else None
    url = f"https://t.me/{known.username}/s/{number}" if known and known.username else None
    name = known.title if known else None
    return Media(type="story", state=state, name=name, title=words(story, "caption"), url=url)


def _unknown(media: object) -> Media:
    title = getattr(getattr(media, "game", None), "title", None) or getattr(media, "title", None)
    state: MediaState = "hidden" if kind(media) == "MessageMediaUnsupported" else "present"
    return Media(type="unknown", state=state, title=plain(title))


def _described(record: object) -> str | None:
    return _lines(words(record, name) for name in ("title", "description"))


def _lines(parts: Iterable[str | None]) -> str | None:
    return "\n".join(part for part in parts if part) or None


_READERS: Mapping[str, Callable[[object], Media]] = {
    "MessageMediaPhoto": lambda media: photo(getattr(media, "photo", None)),
    "MessageMediaDocument": _document,
    "MessageMediaWebPage": _web_page,
    "MessageMediaGeo": _place,
    "MessageMediaGeoLive": _place,
    "MessageMediaVenue": _place,
    "MessageMediaContact": _contact,
    "MessageMediaGame": _game,
    "MessageMediaGiveaway": _giveaway,
    "MessageMediaGiveawayResults": _giveaway,
    "MessageMediaToDo": _checklist,
    "MessageMediaDice": _dice,
}
_SEVERAL: Mapping[str, Callable[[object], tuple[Media, ...]]] = {
    "MessageMediaPoll": _poll,
    "MessageMediaInvoice": _invoice,
    "MessageMediaPaidMedia": _paid,
}
