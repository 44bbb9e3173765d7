"""What is attached to a post on a page of ``t.me``."""

import re
from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborNode

from handlers.normalize.parsing import shown_numbers
from handlers.normalize.parsing.html_pages import attribute, classes, classes_above, first
from handlers.normalize.parsing.html_text import plain
from storage.document import Media, MediaState, MediaType

_SINGLE = re.compile(r"/(?P<id>[0-9]{1,18})\?(?:.*&)?single\b")
_LABEL = ".message_media_not_supported_label"
_INSTEAD = ".media_supported_cont .js-message_text, .media_supported_cont .tgme_widget_message_text"
_TYPES: tuple[tuple[str, MediaType], ...] = (
    ("tgme_widget_message_photo_wrap", "photo"),
    ("tgme_widget_message_video_player", "video"),
    ("tgme_widget_message_roundvideo_player", "round_video"),
    ("tgme_widget_message_voice_player", "voice"),
    ("tgme_widget_message_document_wrap", "document"),
    ("tgme_widget_message_sticker_wrap", "sticker"),
    ("tgme_widget_message_videosticker", "sticker"),
    ("tgme_widget_message_tgsticker", "sticker"),
    ("tgme_widget_message_location_wrap", "location"),
    ("tgme_widget_message_contact_wrap", "contact"),
    ("tgme_widget_message_poll", "poll"),
    ("tgme_widget_message_game", "game"),
    ("tgme_widget_message_invoice", "invoice"),
    ("tgme_widget_message_link_preview", "webpage"),
)
_SELECTOR = ", ".join(f".{name}" for name, _ in _TYPES)


def read(message: LexborNode) -> tuple[Media, ...]:
    """The media of a post in the order of the page; those of what it answers are not its own."""
    found = tuple(_list(message))
    if found:
        return found
    label = first(message, _LABEL)
    # What browsers without custom emoji show in place of the text beside it is nothing attached.
    if label is None or first(message, _INSTEAD) is not None:
        return ()
    return (Media(type="unknown", state=_labelled(plain(label))),)


def album_ids(media: tuple[Media, ...]) -> tuple[int, ...]:
    """The ids of an album's parts: pages name them only there."""
    return tuple(sorted({part.message_id for part in media if part.message_id is not None}))


def _list(message: LexborNode) -> Iterator[Media]:
    taken: set[int] = set()
    for node in message.css(_SELECTOR):
        if _is_inside(node, taken) or "tgme_widget_message_reply" in classes_above(node, message):
            continue
        taken.add(node.mem_id)
        names = classes(node)
        kind = next(kind for name, kind in _TYPES if name in names)
        yield _READERS.get(kind, _file)(node, kind)


def _file(node: LexborNode, kind: MediaType) -> Media:
    href = attribute(node, "href")
    single = _SINGLE.search(href or "")
    looped = first(node, "video[loop]")
    if kind == "video" and looped is not None and first(node, "time") is None:
        kind = "animation"
    return Media(
        type=kind,
        state=_state(node),
        duration=shown_numbers.duration(plain(first(node, "time"))),
        message_id=int(single["id"]) if single else None,
    )


def _document(node: LexborNode, kind: MediaType) -> Media:
    title = plain(first(node, ".tgme_widget_message_document_title"))
    extra = plain(first(node, ".tgme_widget_message_document_extra"))
    single = _SINGLE.search(attribute(node, "href") or "")
    message_id = int(single["id"]) if single else None
    if first(node, ".tgme_widget_message_document_icon.audio") is not None:
        whole = " – ".join(part for part in (extra, title) if part) or None
        return Media(type="audio", title=whole, message_id=message_id)
    size = shown_numbers.size(extra)
    return Media(type=kind, name=title, size=size, message_id=message_id)


def _location(node: LexborNode, kind: MediaType) -> Media:
    return Media(
        type=kind,
        title=plain(
            first(node, ".tgme_widget_message_location_title, .tgme_widget_message_venue_title")
        ),
        name=plain(
            first(node, ".tgme_widget_message_location_address, .tgme_widget_message_venue_address")
        ),
        url=shown_numbers.place(attribute(node, "href")),
    )


def _poll(node: LexborNode, kind: MediaType) -> Media:
    return Media(type=kind, title=plain(first(node, ".tgme_widget_message_poll_question")))


def _contact(node: LexborNode, kind: MediaType) -> Media:
    phone = plain(first(node, ".tgme_widget_message_contact_phone"))
    return Media(
        type=kind, name=plain(first(node, ".tgme_widget_message_contact_name")), title=phone
    )


def _webpage(node: LexborNode, kind: MediaType) -> Media:
    words = (".link_preview_title", ".link_preview_description")
    site = plain(first(node, ".link_preview_site_name"))
    return Media(type=kind, name=site, title=_said(node, *words), url=attribute(node, "href"))


def _offer(node: LexborNode, kind: MediaType) -> Media:
    """An invoice or a game: pages name their parts ``…_invoice_title``, ``…_game_description``."""
    base = f".tgme_widget_message_{kind}"
    return Media(type=kind, title=_said(node, f"{base}_title", f"{base}_description"))


def _said(node: LexborNode, *selectors: str) -> str | None:
    parts = [plain(first(node, selector)) for selector in selectors]
    return "\n".join(part for part in parts if part) or None


def _state(node: LexborNode) -> MediaState:
    """The label "not supported in your browser" lies under every video: a class makes it count."""
    if "not_supported" not in classes(node):
        return "present"
    return _labelled(plain(first(node, _LABEL)))


def _labelled(label: str | None) -> MediaState:
    words = (label or "").lower()
    if "too big" in words:
        return "too_big"
    if "open telegram" in words:
        return "hidden"
    return "not_in_browser"


def _is_inside(node: LexborNode, taken: set[int]) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.mem_id in taken:
            return True
        parent = parent.parent
    return False


_READERS: dict[MediaType, Callable[[LexborNode, MediaType], Media]] = {
    "document": _document,
    "location": _location,
    "poll": _poll,
    "contact": _contact,
    "webpage": _webpage,
    "invoice": _offer,
    "game": _offer,
}
