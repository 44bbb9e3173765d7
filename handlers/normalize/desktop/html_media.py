"""What is attached to a message of a Telegram Desktop HTML export."""

import re

from selectolax.lexbor import LexborNode

from handlers.normalize.parsing import shown_numbers
from handlers.normalize.parsing.html_pages import attribute, classes, first
from handlers.normalize.parsing.html_text import plain
from storage.document import Media, MediaState, MediaType

_COUNTED = re.compile(r"[0-9]+ *")
_WRAPS: dict[str, MediaType] = {
    "photo_wrap": "photo",
    "video_file_wrap": "video",
    "animated_wrap": "animation",
    "sticker_wrap": "sticker",
}
_BOXES: dict[str, MediaType] = {
    "media_photo": "photo",
    "media_video": "video",
    "media_voice_message": "voice",
    "media_audio_file": "audio",
    "media_file": "document",
    "media_contact": "contact",
    "media_location": "location",
    "media_live_location": "location",
    "media_venue": "location",
    "media_game": "game",
    "media_invoice": "invoice",
}
# Boxes that stand for several types say in their title which.
_TITLES: dict[str, MediaType] = {
    "Video message": "round_video",
    "Animation": "animation",
    "Sticker": "sticker",
}
_DEFAULT_TITLES = frozenset(
    {"Photo", "Video file", "Voice message", "Audio file", "File", "Location", "Live location"}
)
_STATES: tuple[tuple[str, MediaState], ...] = (
    ("Exceeds maximum size", "too_big"),
    ("Not included", "not_included"),
    ("Unavailable", "missing"),
)


def read(message: LexborNode) -> Media | None:
    """The attachment of an exported message (there is at most one); None without one."""
    wrap = first(message, ".media_wrap")
    if wrap is None:
        return None
    if first(wrap, ".media_poll") is not None:
        is_list = plain(first(wrap, ".media_poll > .details")) == "To-do List"
        title = plain(first(wrap, ".media_poll .question"))
        return Media(type="checklist" if is_list else "poll", title=title)
    if first(wrap, ".media_giveaway") is not None:
        return Media(type="giveaway", title=_prize(wrap))
    for node in wrap.css("a, div.media"):
        names = classes(node)
        for name in names & _WRAPS.keys():
            duration = shown_numbers.duration(plain(first(node, ".video_duration")))
            return Media(type=_WRAPS[name], name=_name(node), duration=duration)
        if "media" in names:
            return _box(node, names)
    return None


def _prize(wrap: LexborNode) -> str | None:
    """What is given away: ``Giveaway Prizes``, and below it ``5 books``, its number bold."""
    if not (plain(first(wrap, ".section_title")) or "").startswith("Giveaway Prize"):
        return None
    return _COUNTED.sub("", plain(first(wrap, ".section_body")) or "") or None


def _box(node: LexborNode, names: frozenset[str]) -> Media:
    kind: MediaType = next((_BOXES[name] for name in names if name in _BOXES), "unknown")
    title = plain(first(node, ".title"))
    description = plain(first(node, ".description"))
    status = plain(first(node, ".status"))
    kind = _TITLES.get(title or "", kind)
    if kind == "location":
        return _place(node, title, description, status)
    if kind == "contact":
        return Media(type=kind, name=title, title=status)
    if kind in ("game", "invoice"):
        said = [text for text in (title, description) if text]
        return Media(type=kind, title="\n".join(said) or None)
    own = title if title not in _DEFAULT_TITLES and title not in _TITLES else None
    is_file = kind == "document"
    return Media(
        type=kind,
        state=_state(title, description),
        name=own if is_file else _name(node),
        size=shown_numbers.size(status),
        duration=shown_numbers.duration(status),
        title=None if is_file else own,
    )


def _place(node: LexborNode, title: str | None, address: str | None, status: str | None) -> Media:
    own = title if title not in _DEFAULT_TITLES else None
    url = shown_numbers.place(attribute(node, "href"))
    if url is None and status:
        url = shown_numbers.place("?q=" + status.replace(", ", ","))
    return Media(type="location", title=own, name=address, url=url)


def _state(title: str | None, description: str | None) -> MediaState:
    if (title or "").startswith("Self-destructing"):
        return "hidden"
    for sign, state in _STATES:
        if (description or "").startswith(sign):
            return state
    return "present"


def _name(node: LexborNode) -> str | None:
    """The base name of the exported file."""
    return (attribute(node, "href") or "").replace("\\", "/").rpartition("/")[2] or None
