"""Merges what several sources say of one document. Pure.

The same post may be read from Telegram, from an export and from a web page. Sources rank telethon,
desktop_json, tme_html, desktop_html, text, for each field: an unknown field is filled from any
source, a known one is replaced by a source of equal or higher rank. Fields that belong together are
replaced together: the text with what was extracted from it, the time with its precision.

A later edit wins over any rank, since the other sources have not seen it. A *revision* (the former
text is kept) is made by a later edit of the text, or of the names of attachments; by another text
with the same time of edit; and, from a source without times of edits, by any other text.

When a newer version of our readers reads the same state of a post, that is no edit: its result
replaces that of an older version, and never the reverse. From a source of lower rank it is taken
only if it has all words that are known and more, so that what an older reader lost comes back.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from msgspec import Struct, field

from storage import times
from storage.document import DELETED, Document, Flag, Media
from storage.documents import albums, authors
from storage.structs import replace

_SAME_POST = timedelta(minutes=1)
"""How much sources may differ in the time of a post: an album has several times."""
RANKS: Mapping[str, int] = {
    "telethon": 5,
    "desktop_json": 4,
    "tme_html": 3,
    "desktop_html": 2,
    "text": 1,
}

_UNDATED_EDITS = frozenset({"tme_html", "desktop_html"})
_PRECISIONS = ("none", "day_no_year", "year", "month", "day", "minute", "second")

_TEXT = (
    "kind",
    "source",
    "header_date",
    "dateline",
    "event",
    "title",
    "deck",
    "body",
    "hashtags",
    "links",
    "lang",
    "lang_basis",
    "reader",
    "elisions",
    "furniture",
    "artefact",
    "content_hash",
)
_TIME = ("published_at", "published_precision", "published_basis")
_SINGLE = (
    "message_id",
    "grouped_id",
    "url",
    "author_signature",
    "views",
    "forwards",
    "reactions",
    "service_action",
    "deleted_at",
)
_RECORDS = ("channel", "forwarded_from", "reply_to")

_FLAG_GROUPS: Mapping[Flag, str] = {
    "zone_unknown": "time",
    "year_unknown": "time",
    "date_conflict": "time",
    "album_guessed": "album_ids",
}


class Merged(Struct, frozen=True, kw_only=True):
    """A merged document.

    ``ranks``: the ranks of groups that did not come from the source of the text, by ``time`` or a
    field's name. ``revised``: the last merge changed the text by an edit.
    """

    document: Document
    ranks: Mapping[str, int] = field(default_factory=dict)
    revised: bool = False

    def rank(self, group: str) -> int:
        """The rank of the source that ``group`` came from."""
        return self.ranks.get(group, RANKS[self.document.source.type])


def merge(known: Merged, new: Document) -> Merged:
    """``known`` with ``new`` added; ``known`` itself if that changes nothing."""
    changes = _Changes(known, new)
    old = known.document
    later = _later(new.edited_at, old.edited_at)
    takes_text = _takes_text(known, new, later=later)
    if takes_text:
        changes.take("text", {name: getattr(new, name) for name in _TEXT})
    if later:
        changes.take("edited_at", {"edited_at": new.edited_at})
    if _takes_time(known, new):
        changes.take("time", {name: getattr(new, name) for name in _TIME})
    for name in _SINGLE:
        if getattr(new, name) is not None and changes.gives_way(name):
            changes.take(name, {name: getattr(new, name)})
    for name in _RECORDS:
        if name != "forwarded_from" or not authors.is_forgotten(old.forwarded_from):
            changes.take_parts(name, getattr(new, name))
    changes.take_author(new)
    changes.take_album(new)
    changes.take_flags(new)
    differs = takes_text and bool(old.texts()) and new.content_hash != old.content_hash
    alike = _reader(new) == _reader(old)
    is_told = later or (alike and (_shows_edit(old, new) or _completes(old, new)))
    return changes.result(revised=differs and is_told, edited=later and alike)


def absorb(first: Merged, second: Merged) -> Merged:
    """Two documents that turn out to be the same post: the text of the better source, with the
    other's additions."""
    if second.rank("text") > first.rank("text"):
        first, second = second, first
    return replace(merge(first, second.document), revised=False)


class _Changes:
    """The fields that one merge changes, and which of them are the new source's."""

    def __init__(self, known: Merged, new: Document) -> None:
        self._known = known
        self._old = known.document
        self._rank = RANKS[new.source.type]
        self._fields: dict[str, Any] = {}
        self._taken: set[str] = set()

    def gives_way(self, name: str) -> bool:
        """Whether the new source may set this field."""
        return getattr(self._old, name) in (None, ()) or self._rank >= self._known.rank(name)

    def take(self, group: str, fields: Mapping[str, Any]) -> None:
        self._fields.update(fields)
        self._taken.add(group)

    def take_parts(self, name: str, offered: Any) -> None:
        """Merge a channel, an origin or a reply part by part: unknown parts are filled, known ones
        replaced by a better source's."""
        held = getattr(self._old, name)
        if offered is None or held is None:
            if offered is not None:
                self.take(name, {name: offered})
            return
        wins = self.gives_way(name)
        parts = {
            part: value
            for part in offered.__struct_fields__
            if (value := getattr(offered, part)) is not None
            and (wins or getattr(held, part) is None)
        }
        self._fields[name] = replace(held, **parts)
        if wins:
            self._taken.add(name)

    def take_author(self, new: Document) -> None:
        """Merge the author: names of the same person are filled in, another person replaces the
        former.

        A forgotten person stays forgotten, whatever is read again.
        """
        held, offered = self._old.author, new.author
        if offered is None or held == DELETED:
            return
        if held is not None and (held.kind, held.id) == (offered.kind, offered.id):
            self.take_parts("author", offered)
        elif self.gives_way("author"):
            self.take("author", {"author": offered})

    def take_album(self, new: Document) -> None:
        """Merge an album, whose parts come together or one by one; it is named by its lowest
        message id."""
        old = self._old
        ids = tuple(sorted({*old.album_ids, *new.album_ids}))
        is_sure = len(new.album_ids) > 1 and "album_guessed" not in new.flags
        differs = ids != old.album_ids or (is_sure and "album_guessed" in old.flags)
        if differs and self.gives_way("album_ids"):
            self.take("album_ids", {"album_ids": ids})
        if new.media:
            partly = bool(_parts(old) - _parts(new))
            media = albums.join_media(old, new) if partly else new.media
            if self._takes_media(new, media):
                self.take("media", {"media": media})

    def _takes_media(self, new: Document, media: Iterable[Media]) -> bool:
        held = self._old.media
        if not held or _reader(new) == _reader(self._old):
            return not held or self.gives_way("media")
        if _reader(new) < _reader(self._old):
            return False
        return self.gives_way("media") or _says_more(_media_words(held), _media_words(media))

    def take_flags(self, new: Document) -> None:
        kept = (flag for flag in self._old.flags if not self._owns(flag))
        added = (flag for flag in new.flags if self._owns(flag))
        flags = {*kept, *added}
        if flags != {*self._old.flags}:
            self._fields["flags"] = tuple(sorted(flags))

    def _owns(self, flag: Flag) -> bool:
        return _FLAG_GROUPS.get(flag, "text") in self._taken

    def result(self, *, revised: bool, edited: bool) -> Merged:
        document = albums.named(replace(self._old, **self._fields))
        if edited and self._old.media:
            revised |= _media_words(document.media) != _media_words(self._old.media)
        base = RANKS[document.source.type]
        ranks = {}
        for group in ("time", *_SINGLE, *_RECORDS, "author", "album_ids", "media"):
            rank = self._rank if group in self._taken else self._known.rank(group)
            present = group == "time" or getattr(document, group) not in (None, ())
            if present and rank != base:
                ranks[group] = rank
        if ranks == self._known.ranks and _same(document, self._old):
            return replace(self._known, revised=False)
        return Merged(document=document, ranks=ranks, revised=revised)


def _takes_text(known: Merged, new: Document, *, later: bool) -> bool:
    old = known.document
    outranks = RANKS[new.source.type] >= known.rank("text")
    if _completes(new, old) and old.texts() and not later:
        return False
    if not new.texts():  # emptied by an edit; not withheld, nor an album's part without caption
        partly = bool(_parts(old) - _parts(new))
        silent = partly or "text_withheld" in new.flags
        return not silent and outranks and (later or not old.texts())
    if later:
        return outranks or new.content_hash != old.content_hash
    if not old.texts():
        return old.edited_at is None or not _later(old.edited_at, new.edited_at)
    if _later(old.edited_at, new.edited_at) or _reader(new) < _reader(old):
        return False
    return outranks or (_reader(new) > _reader(old) and _says_more(_words(old), _words(new)))


def _reader(document: Document) -> int:
    """The version of the reader; 0 for documents from before there were versions."""
    return document.reader or 0


def _says_more(old: Counter[str], new: Counter[str]) -> bool:
    """Whether ``new`` has all words of ``old`` and more."""
    return old < new


def _words(document: Document) -> Counter[str]:
    """The words of a text, and its links' addresses."""
    words = [word for text in document.texts() for word in text.split()]
    return Counter(words + [link.url for link in document.links if link.url is not None])


def _media_words(media: Iterable[Media]) -> Counter[str]:
    """The words in the titles, names and addresses of media."""
    words = [text for one in media for text in (one.title, one.name, one.url) if text is not None]
    return Counter(word for text in words for word in text.split())


def _completes(old: Document, new: Document) -> bool:
    """Whether a text that was withheld in ``old`` is complete in ``new``."""
    return "text_withheld" in old.flags and "text_withheld" not in new.flags


def _shows_edit(old: Document, new: Document) -> bool:
    """Whether another text from the same source must be an edit, though no time says so."""
    if new.source.type != old.source.type:
        return False
    return new.source.type in _UNDATED_EDITS or old.edited_at == new.edited_at is not None


def _takes_time(known: Merged, new: Document) -> bool:
    if new.published_at is None:
        return False
    offered = (*_exactness(new), RANKS[new.source.type])
    return offered >= (*_exactness(known.document), known.rank("time"))


def _exactness(document: Document) -> tuple[int, bool]:
    precision = _PRECISIONS.index(document.published_precision)
    return precision, "zone_unknown" not in document.flags


def _later(first: str | None, second: str | None) -> bool:
    """Whether the first time of edit is known and after the second."""
    one, other = times.from_partial(first), times.from_partial(second)
    return one is not None and (other is None or one > other)


def _parts(document: Document) -> set[int]:
    return {*document.album_ids} if len(document.album_ids) > 1 else {document.message_id or 0}


def _same(document: Document, old: Document) -> bool:
    """Whether only the source differs: reading the same again, from another file or at another
    time, is no change."""
    if document.source.type != old.source.type:
        return False
    return replace(document, source=old.source) == old


def may_be_one(known: Document, new: Document) -> bool:
    """Whether two documents with one name may be the same post; not if the username moved from one
    channel to another between them."""
    ids = [document.channel.id if document.channel else None for document in (known, new)]
    if ids[0] == ids[1]:
        return True
    return None in ids and not _are_apart(known, new)


def _are_apart(known: Document, new: Document) -> bool:
    """Whether two posts are known to be of different minutes."""
    exact = [
        times.from_partial(document.published_at)
        for document in (known, new)
        if document.published_precision == "second" and "zone_unknown" not in document.flags
    ]
    if len(exact) < 2 or exact[0] is None or exact[1] is None:
        return False
    return abs(exact[0] - exact[1]) > _SAME_POST
