"""The intake's batches: jobs as they are submitted, and the part of each that goes into a
commit."""

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import Struct

from bot.intake import door
from bot.intake.asides import Judged, cause_of
from bot.intake.events import Events
from bot.intake.posts import Advance, Deletion, Post, Refused
from handlers.normalize.telethon import message as telethon_posts
from storage.channels import channels
from storage.connection import Connection, Query
from storage.document import Channel as PostChannel
from storage.document import Document
from storage.documents.authors import Authors
from storage.outbox import queueing
from storage.outbox.new_rows import FanOut, list_alerts
from storage.records import Stored
from storage.stories import folded
from storage.subscribers import alerts, mutes

MOST_EXPECTED = 1_000
"""The most rows of which it is worth while to say what will be asked."""


@dataclass(slots=True, kw_only=True)
class Job:
    posts: Sequence[Post]
    deletion: Deletion | None
    advance: Advance | None
    done: asyncio.Future[list[Stored]]

    def rows(self) -> set[int]:
        """The row ids of the channels that this process must be the reader of."""
        return _rows(self.posts, self.deletion, self.advance)


class Read(Struct, frozen=True):
    """A post that could be read, with its document."""

    post: Post
    document: Document

    @property
    def history(self) -> bool:
        """Whether it is history, which raises no alert even if it is new to us."""
        return self.post.history


@dataclass(slots=True, kw_only=True)
class Part:
    """The part of a job that goes into one commit, and its results: ``stored`` are the outcomes of
    its posts, ``judged`` those of refused posts, ``reached`` is where the cursor moved to.
    ``problems``: the ids of what was set aside before and is tried again now."""

    read: list[Read] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    deletion: Deletion | None = None
    advance: Advance | None = None
    problems: frozenset[int] = frozenset()
    stored: list[Stored] = field(default_factory=list)
    judged: Judged = field(default_factory=Judged)
    reached: int = 0

    def rows(self) -> set[int]:
        """The row ids of the channels that this process must be the reader of."""
        posts = [*(one.post for one in self.read), *(one.post for one in self.refused)]
        return _rows(posts, self.deletion, self.advance)

    @property
    def is_wanting(self) -> bool:
        """Whether anything is left to write after the posts that could be stored one by one."""
        return bool(self.refused or self.deletion or self.advance or self.problems)


def _rows(posts: Sequence[Post], deletion: Deletion | None, advance: Advance | None) -> set[int]:
    """Leaves out posts that were set aside and are tried again, which no reader owns, and deletions
    that Telegram itself reported, perhaps to this process alone."""
    rows = {post.channel.id for post in posts if post.problem is None}
    told = [each.id for each in (deletion, advance) if each is not None]
    return rows | {row for row in told if row is not None}


def part_of(job: Job) -> Part:
    """Normalize the posts of a job. Runs on a thread if there are many."""
    again = (post.problem for post in job.posts)
    part = Part(
        deletion=job.deletion,
        advance=job.advance,
        problems=frozenset(number for number in again if number is not None),
    )
    for post in job.posts:
        try:
            part.read.append(Read(post, post.document or _read(post)))
        except MemoryError:
            raise  # that says nothing against the post
        except Exception as error:
            # Whatever a channel may post to make a reader stumble: it is set aside, with a log.
            part.refused.append(Refused(post=post, error=error))
    return part


def cut(stored: list[Stored], parts: list[Part]) -> list[list[Stored]]:
    """Split the outcomes of all posts by the parts that the posts belong to."""
    rest = iter(stored)
    return [list(itertools.islice(rest, len(part.read))) for part in parts]


def goes_on(job: Job) -> str | None:
    """The cause (``cause_of``) that a stored job shows to have ended: its cursor, or its history,
    moves."""
    if job.advance and job.advance.message_id:
        return cause_of(job.advance.id, asked=False)
    asked = next((post for post in job.posts if post.asked), None)
    return cause_of(asked.channel.id, asked=True) if asked else None


async def advance(tx: Connection, reached: Advance, outcomes: list[Stored]) -> None:
    """Move a channel's cursor as far as a scan has read, and count the gaps that it filled."""
    if reached.begins:
        await channels.begin_watching(tx, reached.id, reached.message_id, reached.scanned_at)
        return
    filled = [is_new for is_new, _ in itertools.groupby(item.outcome == "new" for item in outcomes)]
    await channels.advance_cursor(
        tx,
        reached.id,
        reached.message_id,
        reached.scanned_at,
        gaps=sum(filled) if reached.is_pushed else 0,
        posts=sum(item.outcome == "new" for item in outcomes) if reached.is_pushed else 0,
    )


def expected(parts: Sequence[Part]) -> list[Query]:
    """What ``store`` will ask before it writes, so far as that is known."""
    read = [item for part in parts for item in part.read]
    live = [item.document for item in read if not item.history]
    return door.expected(live or [item.document for item in read])


def expected_of(new: Sequence[FanOut]) -> list[Query]:
    """What will be asked of these rows until they are queued, if no setting concerns any and nobody
    was told of their stories. Nothing for many rows: it would take longer than the hops."""
    if sum(len(one.matched) for one in new) > MOST_EXPECTED:
        return []
    ids = {id for _, ids in list_alerts(new) for id in ids}
    got, added = folded.told_queries({one.story for one in new})
    return [
        *alerts.settings_queries(sorted(ids)),
        *mutes.muting_queries({"": ids}),
        *got,
        *added,
        *queueing.expected(new),
    ]


async def store(
    tx: Connection, read: list[Read], now: datetime, authors: Authors, events: Events
) -> tuple[list[Stored], dict[int, str]]:
    """Store all posts, live ones first and history after them. Returns the outcomes in the order of
    ``read``, and the names of the stories by the documents' row ids."""
    outcomes: dict[int, Stored] = {}
    names: dict[int, str] = {}
    for live in (True, False):
        places = [index for index, item in enumerate(read) if item.history is not live]
        if places:
            batch = [read[index].document for index in places]
            seen_at = [read[index].post.seen_at for index in places]
            stored, told = await door.store(
                tx, batch, now=now, live=live, authors=authors, events=events, seen_at=seen_at
            )
            outcomes.update(zip(places, stored, strict=True))
            names |= told
    return [outcomes[index] for index in range(len(read))], names


def _read(post: Post) -> Document:
    """Normalize a post's messages into a document. Raises whatever error that causes."""
    if post.unread is not None:
        raise post.unread.error
    channel = PostChannel(
        id=post.channel.channel_id, username=post.channel.username, title=post.channel.title
    )
    return telethon_posts.normalize(post.messages, channel=channel, peers=post.peers)
