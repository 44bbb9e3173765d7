"""Documents with what can be computed of each by itself, before the transaction and in another
process, to save time; it does not change what is stored."""

from msgspec import Struct

from handlers.stories import threads
from handlers.stories.threads import PostTerms
from storage.document import Document
from storage.documents.batch_entry import Ready, make_ready


class Prepared(Struct, frozen=True):
    """A document, the values that its row is written from, and the reading of its text for events;
    both are None if they were not computed."""

    document: Document
    ready: Ready | None = None
    reading: PostTerms | None = None


def prepare(document: Document) -> Prepared:
    """Compute both."""
    return Prepared(document, make_ready(document), threads.read_post(whole_text(document)))


def whole_text(document: Document) -> str:
    """The text that is read for events."""
    return "\n".join(document.texts())
