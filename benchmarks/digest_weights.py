"""Whether the ten first stories are what editors chose for their roundups, beside another order.

Posts are lines of ``{"id", "date", "channel", "text"}``. The gold are roundups among them that say
that they tell the main news; their items are their lines of five words or more. An item is *told
too* where a post of the twelve hours before (no roundup) has a likeness of .3 to it or more.
Recall is the share of those that the ten first of these hours' stories hold, by our weight and by
"most channels first" (then most posts, then the latest); of all items, and of those in stories
that two or three channels tell; ``general_``: of roundups that begin so ("Main news by …") and not
with a subject. How frequent words are is counted over the whole file.
"""

import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import story_events
from story_events import Row

from handlers.outlines.parting import part
from handlers.outlines.posted import Posted
from handlers.outlines.weight import Period, Weight, count_terms, weigh
from handlers.stories import gist
from handlers.stories.gist import Gist
from handlers.stories.officials import channel_key
from handlers.stories.threads import Threads, read_post
from storage.document import Block, Channel, Document, Source

HOURS = 12
FIRST = 10
TOLD = 0.3
FEWEST_POSTS = 60
"""A roundup after fewer posts than that has nothing to choose from."""
_WORDS = 5
_LABEL = re.compile(
    r"главное к|главное за|главные (?:новости|события)|к (?:утру|вечеру|этому часу)|дайджест"
    r"|main (?:news|events|stories)|top (?:news|stories)|by (?:the )?(?:morning|evening)",
    re.IGNORECASE,
)
_LABEL_LETTERS = 120
_GENERAL = re.compile(r"\W*(?:главн(?:ое|ые)|main|top) ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A story: its weight, how many channels and posts tell it, and which items."""

    weight: Weight
    tellers: int
    posts: int
    items: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Roundup:
    """The stories of the hours before a roundup; ``is_general``: it is of no one subject."""

    is_general: bool
    stories: Sequence[_Ranked]


_Order = Callable[[_Ranked], tuple[float, ...]]
_ORDERS: dict[str, _Order] = {
    "": lambda story: (story.weight.total,),
    "channels_": lambda story: (story.tellers, story.posts, story.weight.recency),
}


def report(path: Path) -> Iterator[str]:
    """A figure a line, then a summary."""
    gold = list(_gold(story_events.read_rows(path, labelled=False)))
    said = []
    for kind, chosen in (("", gold), ("general_", [one for one in gold if one.is_general])):
        for prefix, order in _ORDERS.items():
            found = [_recall(chosen, order, least) for least in (1, 2, 3)]
            shares = [f"{held / told:.4f}" if told else "-" for held, told in found]
            for least, (share, (_, told)) in enumerate(zip(shares, found, strict=True), start=1):
                yield f"{kind}{prefix}recall_{least} {share}"
                if not prefix:
                    yield f"{kind}items_{least} {told}"
            said.append("/".join(shares))
    yield f"{len(gold)} roundups: {said[0]} of their items are told first (channels: {said[1]})"


def _recall(gold: Sequence[_Roundup], order: _Order, least: int) -> tuple[int, int]:
    """How many items of at least ``least`` channels the first stories hold, and of how many."""
    held = told = 0
    for roundup in gold:
        first = sorted(roundup.stories, key=order, reverse=True)[:FIRST]
        shown = frozenset[int]().union(*(story.items for story in first))
        wanted = frozenset[int]().union(
            *(one.items for one in roundup.stories if one.tellers >= least)
        )
        told += len(wanted)
        held += len(wanted & shown)
    return held, told


def _gold(rows: Sequence[Row]) -> Iterator[_Roundup]:
    found = Threads()
    readings = [read_post(row.text) for row in rows]
    for reading in readings:
        found.count(reading.terms.times, russian=reading.terms.russian)
    labels = story_events.thread(rows, rows)
    posts = [
        None if reading.is_roundup else _posted(n, row, label, found.weigh(reading))
        for n, (row, reading, label) in enumerate(zip(rows, readings, labels, strict=True))
    ]
    for row, reading in zip(rows, readings, strict=True):
        if not reading.is_roundup or not _LABEL.search(row.text[:_LABEL_LETTERS]):
            continue
        start = row.at - HOURS * 3600
        before = [
            post for one, post in zip(rows, posts, strict=True) if post and start <= one.at < row.at
        ]
        if len(before) >= FEWEST_POSTS:
            is_general = _GENERAL.match(row.text) is not None
            yield _Roundup(is_general, _stories(before, row, found))


def _posted(number: int, row: Row, label: object, about: Gist) -> Posted:
    document = Document(
        kind="post",
        doc_id=f"row:{number}",
        source=Source(type="telethon"),
        channel=Channel(id=zlib.crc32(row.channel.encode()), title=row.channel),
        published_at=f"{datetime.fromtimestamp(row.at, UTC):%Y-%m-%dT%H:%M:%SZ}",
        body=(Block(type="para", text=row.text),),
        content_hash=f"{number:016x}",
    )
    event = zlib.crc32(str(label).encode())
    return Posted(document=document, story=document.doc_id, event=event, gist=about)


def _stories(posts: Sequence[Posted], roundup: Row, archive: Threads) -> list[_Ranked]:
    script = archive.frequencies[True]
    period = Period(
        until=datetime.fromtimestamp(roundup.at, UTC),
        channels=len({channel_key(post.document) for post in posts}),
        posts=len(posts),
        counts=count_terms(posts),
        archive=script.posts,
        before=script.counts,
    )
    items = [script.weigh(gist.read(line).times) for line in _items(roundup.text)]
    groups: defaultdict[int | None, list[Posted]] = defaultdict(list)
    for post in posts:
        groups[post.event].append(post)
    return [
        _Ranked(
            weigh(group, period),
            len({channel_key(post.document) for post in group}),
            len(group),
            frozenset(n for n, item in enumerate(items) if _tells(group, item)),
        )
        for event in groups.values()
        for group in part(event, period.counts, period.posts)
    ]


def _tells(group: Sequence[Posted], item: Gist) -> bool:
    return any(gist.likeness(item, post.gist) >= TOLD for post in group)


def _items(text: str) -> list[str]:
    return [line for line in text.split("\n")[1:] if len(line.split()) >= _WORDS]
