"""What filters ask of a document beside its words: places, what is in it, of what kind it is."""

from collections.abc import Iterator

from storage.document import Document

_VIDEO = frozenset({"video", "round_video", "animation"})


def list_places(document: Document) -> Iterator[str]:
    """Where it says that it is from: what ``place:`` asks for."""
    if document.event is not None:
        yield document.event.place
    if document.dateline is not None and document.dateline.place:
        yield document.dateline.place
    for block in document.body:
        if block.place:
            yield block.place


def list_contents(document: Document) -> Iterator[str]:
    """What is in it: what ``has:`` asks for."""
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
    """Of what kind it is: what ``is:`` asks for."""
    if document.edited_at is not None:
        yield "edited"
    if document.deleted_at is not None:
        yield "deleted"
    if document.forwarded_from is None:
        yield "original"
