"""A post in a line. Pure."""

from handlers.stories import heads
from storage.document import Document

_PIN = "📍"
_AFTER_DATELINE = " .–—-"
_NO_HEAD = frozenset({"location", "hashtags", "cta"})


def head_of(document: Document, units: int) -> str:
    """A post in a line: its title or a sentence; of a poll its question. Never place and date, nor
    a call to follow a channel."""
    if (question := _question(document)) is not None:
        return cut_words(question, units)
    told = [block.text for block in document.body if block.type not in _NO_HEAD]
    title = document.title
    if title is not None and title.lstrip().startswith(_PIN):
        title = told.pop(0) if told else title
    body = "\n".join(told or [block.text for block in document.body])
    if document.dateline is not None:
        written = document.dateline.raw
        title = title and title.removeprefix(written).lstrip(_AFTER_DATELINE)
        body = body.removeprefix(written).lstrip(_AFTER_DATELINE)
    return cut_words(heads.choose_head(body, title=title or None), units)


def _question(document: Document) -> str | None:
    """The question of a poll, if that is what the post says: a single answer is no news."""
    title = document.title
    is_asked = title is not None and any(
        one.type == "poll" and (one.title or "").startswith(title) for one in document.media
    )
    return title if is_asked else None


def cut_words(text: str, units: int) -> str:
    """A text on one line, cut between words if it is too long."""
    line = " ".join(text.split())
    if len(line) <= units:
        return line
    end = line.rfind(" ", units // 2, units)
    return line[: end if end > 0 else units - 1].rstrip(" ,;:—–-") + "…"
