"""Folding: deciding for each reader whether a post says anything new to them.

A post becomes a message of its own, or is added to one that the reader has, or is only counted
there ("also in 3 channels"). Each row is judged by what its reader was sent of the story before, in
the same batch too. This runs inside the transaction that stores the posts. A pair of posts is
compared once, however many readers there are.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.intake.once import Once
from handlers.render.text.headings import published_moment
from handlers.stories import placing, standing
from handlers.stories.placing import Judge, Placement, Wording
from handlers.stories.standing import Line
from storage.connection import Connection
from storage.document import Document
from storage.documents import documents
from storage.query import snippet
from storage.query.words import russian
from storage.records import NewDelivery, Told
from storage.stories.event_told import Ringing
from storage.stories.folded import ChatStory, Fold
from storage.stories.folds import brought
from storage.stories.slices import in_slices
from storage.structs import replace

MOST_GOT = 12
"""How many posts of a story, the latest that a reader was sent, a new one is compared with."""
LEARNED_FOR = timedelta(minutes=5)
"""How long the standing lines of a channel are used before they are learned anew."""


@dataclass(slots=True)
class Sorted:
    """What becomes of rows: ``rows`` are to be queued, ``folds`` are the posts that go into other
    messages, ``folded`` the rows of those posts that the story's rules folded, and ``ringing`` the
    queued rows of alerts that ring once per event."""

    rows: list[NewDelivery] = field(default_factory=list)
    folds: list[Fold] = field(default_factory=list)
    folded: list[NewDelivery] = field(default_factory=list)
    ringing: list[Ringing] = field(default_factory=list)


class Decide(Protocol):
    """Applies the recipient's settings: the row as it is to be queued, or None if it is dropped.
    ``is_told``: it counts toward hourly limits."""

    def __call__(self, row: NewDelivery, *, is_told: bool = True) -> NewDelivery | None: ...


class Folding:
    """Sorts alert rows. Remembers the standing lines of channels for ``LEARNED_FOR``."""

    def __init__(self) -> None:
        self._lines: dict[int, tuple[datetime, frozenset[Line]]] = {}

    async def sort(
        self,
        tx: Connection,
        rows: Sequence[NewDelivery],
        known: Mapping[str, Document],
        told: Mapping[ChatStory, Sequence[Told]],
        decide: Decide,
        *,
        once: Once | None = None,
        now: datetime,
    ) -> Sorted:
        """Sort the rows of a batch, in their order.

        ``known``: the rows' posts by ``doc_id``; ``told``: what the chats were sent of the stories
        before; ``decide``: applies the recipients' settings; ``once``: judges rows of alerts that
        ring once per event, if there are any.
        """
        posts = _posts_by_story(rows)
        judge = Judge(await self._word(tx, posts, known, told, now), russian.is_word)
        placer = _Placer(judge, told, {story for story in posts if len(posts[story]) > 1}, now)
        outcome = Sorted()
        async for part in in_slices(rows):
            for row in part:
                _sort(row, placer, decide, once, outcome)
        return outcome

    async def _word(
        self,
        tx: Connection,
        posts: Mapping[str, Set[str]],
        known: Mapping[str, Document],
        told: Mapping[ChatStory, Sequence[Told]],
        now: datetime,
    ) -> dict[str, Wording]:
        """The words of all posts that may be compared, without the standing lines of their
        channels."""
        former: defaultdict[str, set[str]] = defaultdict(set)
        async for part in in_slices(told.items()):
            for (_, _, story), got in part:
                former[story].update(one.post for one in got[-MOST_GOT:])
        needed: set[str] = set()
        for story, new in posts.items():
            if len(both := new | former[story]) > 1:
                needed |= both
        return await self.read_wordings(tx, needed, known, now)

    async def read_wordings(
        self, tx: Connection, needed: Set[str], known: Mapping[str, Document], now: datetime
    ) -> dict[str, Wording]:
        """The words of these posts (``doc_id``), without the standing lines of their channels.
        Posts that are not in ``known`` are read from the database."""
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


def _sort(
    row: NewDelivery, placer: "_Placer", decide: Decide, once: Once | None, outcome: Sorted
) -> None:
    if once is None and placer.is_first(row):
        if (told := decide(row)) is not None:
            outcome.rows.append(told)
        return
    placed = placer.place(row)
    if placed.action in ("fold", "add"):
        outcome.folds.append(_fold(row, placed, decide(row, is_told=False)))
        outcome.folded.append(row)
        placer.note(row, placed)
        return
    worded = _worded(row, placed)
    if once is not None and once.concerns(row):
        judged = once.place(worded, decide(row, is_told=False))
        if isinstance(judged, Fold):
            outcome.folds.append(judged)
            return
        worded = judged
    if (told := decide(worded)) is not None:
        outcome.rows.append(told if once is None else once.note(told))
        placer.note(row, placed)


def _wording(document: Document, lines: frozenset[Line]) -> Wording:
    found = placing.word(snippet.searchable_text(document), _channel(document), lines)
    return replace(
        found,
        origin=_origin(document),
        at=published_moment(document),
        links=frozenset(link.url for link in document.links if link.url is not None),
        attached=brought(document),
        answers=document.reply_to,
        struck=_struck(document),
        language=document.lang,
    )


def _struck(document: Document) -> tuple[str, ...]:
    return tuple(
        block.text[span.start : span.end]
        for block in document.body
        for span in block.spans
        if span.kind == "strike"
    )


def _origin(document: Document) -> object:
    """What identifies the post that a forward is of, or the post itself if it is no forward."""
    forward = document.forwarded_from
    if forward is not None and forward.channel_id is not None and forward.message_id is not None:
        return (forward.channel_id, forward.message_id)
    return (_number(document), document.message_id) if document.message_id else document.doc_id


def _worded(row: NewDelivery, placed: Placement) -> NewDelivery:
    """The row with the post that it follows up, if it is a follow-up."""
    if placed.action != "follow":
        return row
    told = replace(row.alert, follows=placed.onto, fresh=tuple(placed.fresh))
    return replace(row, payload=told if placed.rings else replace(told, silent=True))


def _fold(row: NewDelivery, placed: Placement, decided: NewDelivery | None) -> Fold:
    """``decided``: the row of the post as it would be queued by itself, or None if it would be
    dropped."""
    return Fold(
        chat_id=row.chat_id,
        story=row.story or "",
        onto=placed.onto or "",
        post=row.alert.doc_id,
        fresh=placed.fresh if placed.action == "add" else None,
        key=row.spare_key or row.key,
        alerts=() if decided is None else decided.alert.alerts,
        topic=row.topic,
    )


def _posts_by_story(rows: Sequence[NewDelivery]) -> dict[str, set[str]]:
    posts: defaultdict[str, set[str]] = defaultdict(set)
    for story, post in {(row.story, row.alert.doc_id) for row in rows}:
        posts[story or ""].add(post)
    return posts


class _Placer:
    """Places rows by what their readers were sent; readers who were sent the same share one
    comparison."""

    def __init__(
        self,
        judge: Judge,
        told: Mapping[ChatStory, Sequence[Told]],
        several: Collection[str],
        now: datetime,
    ) -> None:
        self._judge, self._told, self._now = judge, told, now
        # Of these stories more than one post is placed: what is placed first is got then.
        self._several = several
        self._told_before = {story for _, _, story in told}
        self._got: dict[ChatStory, list[Told]] = {}
        self._placed: dict[tuple[object, ...], Placement] = {}
        # By identity, which is cheap; so nothing that was compared may go.
        self._made: dict[Told, Told] = {}
        self._kept: list[Sequence[Told]] = []

    def is_first(self, row: NewDelivery) -> bool:
        """Whether no reader was sent anything of a row's story, and the batch has no other post of
        it."""
        story = row.story or ""
        return story not in self._several and story not in self._told_before

    def place(self, row: NewDelivery) -> Placement:
        """Whether a row becomes a message, a follow-up, or goes into which message."""
        post, got = row.alert.doc_id, self._got_by(row)
        key = (post, *map(id, got))
        placed = self._placed.get(key)
        if placed is None:
            self._kept.append(got)
            placed = self._placed[key] = self._judge.place(post, got, now=self._now)
        return placed

    def note(self, row: NewDelivery, placed: Placement) -> None:
        """Record how a row was placed, for later rows of the same story and chat."""
        if placed.action == "fold" or row.story not in self._several:
            return
        place, post = _place(row), row.alert.doc_id
        got = list(self._got_by(row))
        if placed.action == "add":
            got = [
                self._make(replace(one, added=one.added + 1))
                if one.follows and one.post == placed.onto
                else one
                for one in got
            ]
        is_own = placed.action != "add"
        follows = placed.action == "follow"
        got.append(self._make(Told(post=post, at=self._now, follows=follows, is_open=is_own)))
        self._got[place] = got[-MOST_GOT:]

    def _got_by(self, row: NewDelivery) -> Sequence[Told]:
        place = _place(row)
        return self._got.get(place) or self._told.get(place, ())[-MOST_GOT:]

    def _make(self, one: Told) -> Told:
        return self._made.setdefault(one, one)


def _place(row: NewDelivery) -> ChatStory:
    return row.chat_id, row.topic, row.story or ""


def _channel(document: Document) -> object:
    channel = document.channel
    return (channel.id or channel.username) if channel else document.doc_id


def _number(document: Document) -> int | None:
    return document.channel.id if document.channel else None
