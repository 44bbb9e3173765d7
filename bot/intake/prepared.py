"""Documents on their way in, with what can be worked out of each by itself: that may be done
before, and elsewhere, for it changes nothing of what is stored."""

from msgspec import Struct

from handlers.stories import threads
from handlers.stories.threads import Reading
from storage.document import Document
from storage.documents.entries import Ready, make_ready


class Prepared(Struct, frozen=True):
    """A document, what it is written as, and how its text is read for events: both None where that
    was not worked out."""

    document: Document
    ready: Ready | None = None
    reading: Reading | None = None


def prepare(document: Document) -> Prepared:
    """Work out what can be."""
    return Prepared(document, make_ready(document), threads.read_post(whole_text(document)))


def whole_text(document: Document) -> str:
    """The text that is read for events."""
    return "\n".join(document.texts())
