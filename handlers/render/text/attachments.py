"""What is attached to a post: in words, and as the preview that Telegram makes."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from handlers.render.text.headings import address
from handlers.render.text.messages import shorten, truncate
from handlers.render.text.names import closing
from handlers.render.text.rich import RichText, followable, join, link, marked
from handlers.texts.words import Words
from storage.document import FACT_CHECK, Document, Media
from storage.query import snippet
from storage.query.marked import Attached

TITLE_UNITS = 80
_PUBLIC = re.compile(r"https://t\.me/[A-Za-z][A-Za-z0-9_]{3,31}/[0-9]+")
_PICTURES = frozenset({"photo", "video", "animation", "round_video"})
_NAMED = frozenset(
    (
        *("document", "audio", "location", "contact", "webpage", "unknown", "poll", "checklist"),
        *("invoice", "giveaway", "game", "story", "dice"),
    )
)


def preview_address(document: Document) -> str | None:
    """The address whose preview shows the post's own picture: that of a post with a picture in a
    public channel. Posts of groups have no preview (core.telegram.org/api/links)."""
    url = address(document)
    seen = any(medium.type in _PICTURES and medium.state == "present" for medium in document.media)
    if not seen or document.author is not None or url is None:
        return None
    return url if _PUBLIC.fullmatch(url) else None


def attachments_line(document: Document, words: Words) -> str:
    """``[3 × photo] [video 2:10]``, ``[poll] Shall it sail?``, ``[file] plan.pdf``; empty where
    nothing is attached."""
    return " ".join(_labels(document.media, "\n".join(document.texts()), words))


def found_line(found: Sequence[Attached], words: Words) -> RichText:
    """The attachments that matched, with the matches in bold: ``[file] **dredging** plan``."""
    labels = [_found_label(one, words) for one in found]
    return join(" ", [join(" ", pair) for pair in zip(labels, map(_found, found), strict=True)])


def _found_label(found: Attached, words: Words) -> str:
    if found.type == "unknown" and found.name == FACT_CHECK:
        return f"[{words.fact_check}]"
    kind = f"[{words.media['webpage' if found.type == 'link' else found.type]}]"
    return f"{kind} {found.name}:" if found.name else kind


def attachments_found(document: Document, found: Sequence[Attached], words: Words) -> RichText:
    """All attachments of a post, with the matches in bold."""
    line = attachments_line(document, words)
    spans, left = [], []
    for one in found:
        at = line.find(one.text.text)
        spans += [(at + start, at + end) for start, end in one.text.spans if at >= 0]
        left += [one] if at < 0 else []
    shown = marked(line, sorted(spans))
    return join(" ", [part for part in (shown, found_line(left, words)) if part])


def _found(one: Attached) -> RichText:
    """The words of a medium around the match, on one line; an address is a link."""
    if one.type == "link":
        url = one.text.text
        return link(shorten(url, TITLE_UNITS), url if followable(url) else None)
    cut = snippet.cut(one.text, TITLE_UNITS)
    flat = "".join(" " if character.isspace() else character for character in cut.text)
    return truncate(marked(flat, cut.spans), 2 * TITLE_UNITS).stripped() + closing(flat)


def _labels(media: Sequence[Media], text: str, words: Words) -> Iterator[str]:
    kept = [medium for medium in media if medium.type != "webpage" or not text.strip()]
    said = " ".join(text.split())
    for word, group in groupby(kept, key=lambda medium: _word(medium, words)):
        alike = list(group)
        if len(alike) > 1:
            yield f"[{len(alike)} × {word}]"
            continue
        yield f"[{' '.join([word, *_length(alike[0].duration)])}]"
        lines = [" ".join(line.split()) for line in (_title(alike[0]) or "").split("\n")]
        title = " ".join(line for line in lines if line not in said)
        if title:
            yield shorten(title, TITLE_UNITS)


def _word(medium: Media, words: Words) -> str:
    """The word for a medium; fact-checks have no type of their own."""
    is_note = medium.type == "unknown" and medium.name == FACT_CHECK
    return words.fact_check if is_note else words.media[medium.type]


def _title(medium: Media) -> str | None:
    if medium.type not in _NAMED:
        return None
    if medium.type == "contact":
        return " ".join(part for part in (medium.name, medium.title) if part)
    return medium.title or medium.name


def _length(seconds: float | None) -> list[str]:
    """``2:10``, ``1:02:03``; nothing if the length is unknown or impossible."""
    if seconds is None or not 0 <= seconds < 360_000:
        return []
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return [f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"]
