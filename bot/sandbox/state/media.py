"""Media of the common kinds, to post with: described only, there are no bytes behind them."""

import secrets
from collections.abc import Sequence

from telethon.tl import TLObject, types

from bot.sandbox.state.clock import now


def photo(*, width: int = 800, height: int = 600) -> TLObject:
    """A photo."""
    sizes = [types.PhotoSize(type="x", w=width, h=height, size=width * height // 8)]
    picture = types.Photo(
        id=secrets.randbits(62),
        access_hash=secrets.randbits(62),
        file_reference=b"",
        date=now(),
        sizes=sizes,
        dc_id=2,
    )
    return types.MessageMediaPhoto(photo=picture)


def document(
    name: str | None = "report.pdf",
    mime: str = "application/pdf",
    size: int = 1024,
    *,
    attributes: Sequence[TLObject] = (),
    **flags: bool,
) -> TLObject:
    """A file; ``attributes`` and ``flags`` (video, voice, round) make it one of those below."""
    named = [types.DocumentAttributeFilename(name)] if name else []
    file = types.Document(
        id=secrets.randbits(62),
        access_hash=secrets.randbits(62),
        file_reference=b"",
        date=now(),
        mime_type=mime,
        size=size,
        dc_id=2,
        attributes=[*attributes, *named],
    )
    return types.MessageMediaDocument(document=file, **flags)


def video(*, seconds: float = 12, name: str | None = "video.mp4") -> TLObject:
    """A video."""
    attribute = types.DocumentAttributeVideo(seconds, 1280, 720, supports_streaming=True)
    return document(name, "video/mp4", 500_000, attributes=[attribute], video=True)


def round_video(*, seconds: float = 9) -> TLObject:
    """A video message: the round kind."""
    attribute = types.DocumentAttributeVideo(seconds, 384, 384, round_message=True)
    return document(None, "video/mp4", 90_000, attributes=[attribute], video=True, round=True)


def animation(*, seconds: float = 3) -> TLObject:
    """A silent looping video ("GIF")."""
    attributes = [
        types.DocumentAttributeVideo(seconds, 320, 240),
        types.DocumentAttributeAnimated(),
    ]
    return document("animation.mp4", "video/mp4", 70_000, attributes=attributes)


def voice(*, seconds: int = 5) -> TLObject:
    """A voice message."""
    attribute = types.DocumentAttributeAudio(seconds, voice=True)
    return document(None, "audio/ogg", 20_000, attributes=[attribute], voice=True)


def audio(*, title: str = "Song", performer: str = "Singer", seconds: int = 200) -> TLObject:
    """A piece of music."""
    attribute = types.DocumentAttributeAudio(seconds, title=title, performer=performer)
    return document("song.mp3", "audio/mpeg", 3_000_000, attributes=[attribute])


def sticker(emoji: str = "👍") -> TLObject:
    """A sticker."""
    attribute = types.DocumentAttributeSticker(emoji, types.InputStickerSetEmpty())
    return document("sticker.webp", "image/webp", 30_000, attributes=[attribute])


def poll(question: str, answers: Sequence[str], *, quiz: bool = False) -> TLObject:
    """A poll without votes."""
    options = [
        types.PollAnswer(types.TextWithEntities(answer, []), bytes([number]))
        for number, answer in enumerate(answers)
    ]
    asked = types.Poll(
        id=secrets.randbits(62),
        question=types.TextWithEntities(question, []),
        answers=options,
        hash=0,
        quiz=quiz,
    )
    return types.MessageMediaPoll(poll=asked, results=types.PollResults(total_voters=0))


def web_page(url: str, title: str | None = None, description: str | None = None) -> TLObject:
    """The preview of a link in the text."""
    page = types.WebPage(
        id=secrets.randbits(62),
        url=url,
        display_url=url.split("://")[-1],
        hash=0,
        type="article",
        title=title,
        description=description,
    )
    return types.MessageMediaWebPage(webpage=page)


def location(latitude: float = 54.99, longitude: float = 73.37) -> TLObject:
    """A point on the map."""
    return types.MessageMediaGeo(types.GeoPoint(longitude, latitude, 0))


def contact(first_name: str = "Ann", phone: str = "+15550000001") -> TLObject:
    """Somebody's phone number."""
    return types.MessageMediaContact(phone, first_name, "", "", 0)
