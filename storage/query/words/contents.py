"""What filters ask of a document beside its words: places, what is in it, of what kind it is."""

from collections.abc import Iterator

from storage.document import Document, Media

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


def attached_texts(document: Document) -> list[tuple[Media, str]]:
    """The words of what is attached, line by line, each with the medium that it stands in: titles,
    performers, descriptions, the names of files."""
    return [
        (medium, line)
        for medium in document.media
        for text in (medium.title, None if is_label(medium) else medium.name)
        if text is not None
        for line in text.split("\n")
    ]


def is_label(medium: Media) -> bool:
    """Whether a medium's name only says what it is (``fact-check``), and nobody wrote it."""
    return medium.type == "unknown" and medium.title is not None
