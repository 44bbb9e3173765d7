"""The marks of a document for the filters about its places, contents and kind."""

from collections.abc import Iterator

from storage.document import Document, Media

_VIDEO = frozenset({"video", "round_video", "animation"})


def list_places(document: Document) -> Iterator[str]:
    """The places of its dateline: for ``place:``."""
    if document.event is not None:
        yield document.event.place
    if document.dateline is not None and document.dateline.place:
        yield document.dateline.place
    for block in document.body:
        if block.place:
            yield block.place


def list_contents(document: Document) -> Iterator[str]:
    """What it contains: for ``has:``."""
    for media in document.media:
        yield "video" if media.type in _VIDEO else media.type
    if document.media:
        yield "media"
    if document.links:
        yield "link"
    if len(document.album_ids) > 1:
        yield "album"
    if document.forwarded_from is not None:
        yield "forward"


def list_states(document: Document) -> Iterator[str]:
    """What kind of post it is: for ``is:``."""
    if document.edited_at is not None:
        yield "edited"
    if document.deleted_at is not None:
        yield "deleted"
    if document.forwarded_from is None:
        yield "original"


def attached_texts(document: Document) -> list[tuple[Media, str]]:
    """The texts of attachments, line by line, each with its medium: titles, performers,
    descriptions, file names."""
    return [
        (medium, line)
        for medium in document.media
        for text in (medium.title, None if is_label(medium) else medium.name)
        if text is not None
        for line in text.split("\n")
    ]


def is_label(medium: Media) -> bool:
    """Whether a medium's name only says what it is (``fact-check``) and was written by nobody."""
    return medium.type == "unknown" and medium.title is not None
