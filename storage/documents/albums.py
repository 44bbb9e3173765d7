"""Albums: posts of several messages, which arrive and are deleted one by one. Pure."""

import re
from collections.abc import Set

from storage.document import Document, Media
from storage.structs import replace

_LAST_NUMBER = re.compile(r"/\d+(?=$|[?#])")


def parts(document: Document) -> tuple[int, ...]:
    """The message ids of a post, as far as they are certain; empty if it has none.

    A guessed album counts as its first message: the others may be posts of their own.
    """
    if len(document.album_ids) > 1 and "album_guessed" not in document.flags:
        return document.album_ids
    return () if document.message_id is None else (document.message_id,)


def named(document: Document) -> Document:
    """The post with the ``doc_id`` made of its channel's id and its lowest message id."""
    if document.message_id is None or not document.doc_id.startswith("tg:"):
        return document
    message_id = min((document.message_id, *document.album_ids))
    owner, _, _ = document.doc_id.removeprefix("tg:").rpartition("/")
    if document.channel is not None and document.channel.id is not None:
        owner = str(document.channel.id)
    return replace(
        document,
        message_id=message_id,
        doc_id=f"tg:{owner}/{message_id}",
        url=document.url and _LAST_NUMBER.sub(f"/{message_id}", document.url, count=1),
    )


def without(document: Document, gone: Set[int]) -> Document | None:
    """The post without some of its messages; None if none is left.

    Its text stays, since it is not known which message had it. A single message that is left is no
    album. A document without messages (of a text file) loses nothing.
    """
    left = tuple(part for part in parts(document) if part not in gone)
    if left == parts(document):
        return document
    if not left:
        return None
    media = tuple(one for one in _by_message(document) if one.message_id not in gone)
    if len(left) == 1:
        media = tuple(replace(one, message_id=None) for one in media)
    album_ids = left if len(left) > 1 else ()
    return named(replace(document, message_id=left[0], album_ids=album_ids, media=media))


def join_media(held: Document, offered: Document) -> tuple[Media, ...]:
    """The media of both documents; for messages in both those of ``offered``."""
    told = _by_message(offered)
    kept = [one for one in _by_message(held) if one.message_id not in {*parts(offered)}]
    return tuple(sorted([*kept, *told], key=lambda one: one.message_id or 0))


def _by_message(document: Document) -> tuple[Media, ...]:
    """The media of a post, each with its message id if that is known."""
    own = parts(document)
    if len(own) == 1:
        return tuple(replace(one, message_id=own[0]) for one in document.media)
    if len(own) != len(document.media) or any(one.message_id for one in document.media):
        return document.media
    return tuple(
        replace(one, message_id=part) for one, part in zip(document.media, own, strict=True)
    )
