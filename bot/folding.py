"""Between matching and the outbox: is a post news to its reader, more of what they got, or neither?

Runs inside the transaction that stores the posts. Each row is judged against what its reader was
told of the story, what comes in the same batch included; a pair of posts is compared once, however
many readers there are.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from handlers.render.documents import published_moment
from handlers.stories import placing, standing
from handlers.stories.placing import Judge, Placement, Wording
from handlers.stories.standing import Line
from storage import documents
from storage.database import Connection
from storage.document import Document
from storage.folded import Fold, Place
from storage.query import russian, snippet
from storage.records import NewDelivery, Told

MOST_GOT = 12
"""So many of the last posts of a story that a reader was told of are compared with a new one."""
LEARNED_FOR = timedelta(minutes=5)
"""The standing lines of a channel are learned anew after so long, when they are needed."""


@dataclass(slots=True)
class Sorted:
    """What becomes of rows: those that are queued, the posts that go to other messages, and the
    rows that these would have been."""

    rows: list[NewDelivery] = field(default_factory=list)
    folds: list[Fold] = field(default_factory=list)
    folded: list[NewDelivery] = field(default_factory=list)


Decide: TypeAlias = Callable[[NewDelivery], NewDelivery | None]


class Folding:
    """Sorts alert rows. Remembers the standing lines of channels for a while."""

    def __init__(self) -> None:
        self._lines: dict[int, tuple[datetime, frozenset[Line]]] = {}

    async def sort(
        self,
        tx: Connection,
        rows: Sequence[NewDelivery],
        known: Mapping[str, Document],
        told: Mapping[Place, Sequence[Told]],
        decide: Decide,
        *,
        now: datetime,
    ) -> Sorted:
        """Sort the rows of a batch, in their order. ``known`` are their posts by ``doc_id``;
        ``told`` is what their chats were told of their stories before; ``decide`` says how a row
        that is to be queued goes out, or None where its reader does not want it now."""
        got: defaultdict[Place, list[Told]] = defaultdict(list)
        for place in {(row.chat_id, row.story or "") for row in rows}:
            got[place] = list(told.get(place, ()))[-MOST_GOT:]
        judge = Judge(await self._word(tx, rows, known, got, now), russian.is_word)
        outcome = Sorted()
        for row in rows:
            place = (row.chat_id, row.story or "")
            post = str(row.payload["doc_id"])
            placed = judge.place(post, got[place], now=now)
            if placed.action in ("fold", "add"):
                outcome.folds.append(_fold(row, post, placed))
                outcome.folded.append(row)
            elif (decided := decide(_worded(row, placed))) is not None:
                outcome.rows.append(decided)
            else:
                continue
            got[place] = _after(got[place], post, placed, now)
        return outcome

    async def _word(
        self,
        tx: Connection,
        rows: Sequence[NewDelivery],
        known: Mapping[str, Document],
        got: Mapping[Place, Sequence[Told]],
        now: datetime,
    ) -> dict[str, Wording]:
        """All posts that may be compared, without what their channels always write."""
        counts: defaultdict[Place, set[str]] = defaultdict(set)
        for row in rows:
            counts[row.chat_id, row.story or ""].add(str(row.payload["doc_id"]))
        needed: set[str] = set()
        for place, posts in counts.items():
            former = {one.post for one in got[place]}
            if len(posts | former) > 1:
                needed |= posts | former
        if not needed:
            return {}
        stored = await documents.find_documents(tx, sorted(needed - known.keys()))
        found = {**stored, **{post: known[post] for post in needed & known.keys()}}
        lines = await self._learn(tx, found.values(), now)
        return {
            post: _wording(document, lines.get(_number(document), frozenset()))
            for post, document in found.items()
        }

    async def _learn(
        self, tx: Connection, posts: Iterable[Document], now: datetime
    ) -> dict[int | None, frozenset[Line]]:
        """The standing lines of the channels of these posts."""
        learned: dict[int | None, frozenset[Line]] = {}
        for number in {_number(post) for post in posts}:
            if number is None:
                continue
            kept = self._lines.get(number)
            if kept is None or now - kept[0] > LEARNED_FOR:
                recent = await documents.list_newest(tx, number, limit=standing.REMEMBERED)
                texts = [snippet.searchable_text(one) for one in reversed(recent)]
                kept = (now, standing.learn([standing.lines_of(text) for text in texts]))
                self._lines[number] = kept
            learned[number] = kept[1]
        return learned


def _wording(document: Document, lines: frozenset[Line]) -> Wording:
    found = placing.word(snippet.searchable_text(document), _channel(document), lines)
    return replace(
        found,
        origin=_origin(document),
        at=published_moment(document),
        links=frozenset(link.url for link in document.links if link.url is not None),
    )


def _origin(document: Document) -> object:
    """The post that a forward is of, or the post itself."""
    forward = document.forwarded_from
    if forward is not None and forward.channel_id is not None and forward.message_id is not None:
        return (forward.channel_id, forward.message_id)
    return (_number(document), document.message_id) if document.message_id else document.doc_id


def _worded(row: NewDelivery, placed: Placement) -> NewDelivery:
    """A row with what it follows, where it does."""
    if placed.action != "follow":
        return row
    fresh = [list(span) for span in placed.fresh]
    payload = {**row.payload, "follows": placed.onto, "fresh": fresh}
    return replace(row, payload=payload if placed.rings else {**payload, "silent": True})


def _fold(row: NewDelivery, post: str, placed: Placement) -> Fold:
    return Fold(
        chat_id=row.chat_id,
        story=row.story or "",
        onto=placed.onto or "",
        post=post,
        fresh=placed.fresh if placed.action == "add" else None,
    )


def _after(got: list[Told], post: str, placed: Placement, now: datetime) -> list[Told]:
    """What a reader has got when a post is placed."""
    if placed.action == "fold":
        return got
    if placed.action == "add":
        counted = [
            replace(one, added=one.added + 1) if one.follows and one.post == placed.onto else one
            for one in got
        ]
        return [*counted, Told(post=post, at=now)][-MOST_GOT:]
    return [*got, Told(post=post, at=now, follows=placed.action == "follow", is_open=True)][
        -MOST_GOT:
    ]


def _channel(document: Document) -> object:
    channel = document.channel
    return (channel.id or channel.username) if channel else document.doc_id


def _number(document: Document) -> int | None:
    return document.channel.id if document.channel else None
