"""What the intake takes in at once: jobs as submitted, and what of each goes into a commit."""

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.intake.asides import Judged
from bot.intake.posts import Advance, Deletion, Post, Refused
from handlers.normalize.telethon import message as telethon_posts
from storage.document import Channel as PostChannel
from storage.document import Document
from storage.records import Stored


@dataclass(slots=True, kw_only=True)
class Job:
    posts: Sequence[Post]
    deletion: Deletion | None
    advance: Advance | None
    done: asyncio.Future[list[Stored]]


@dataclass(frozen=True, slots=True)
class Read:
    """A post that could be read, with its document."""

    post: Post
    document: Document

    @property
    def history(self) -> bool:
        """Whether it is history, which raises no alert even if it is new to us."""
        return self.post.history


@dataclass(slots=True, kw_only=True)
class Part:
    """What of a job goes into one commit, and what came of it: ``stored`` holds the outcomes,
    ``problems`` the ids of what was set aside before and is tried again."""

    read: list[Read] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    deletion: Deletion | None = None
    advance: Advance | None = None
    problems: frozenset[int] = frozenset()
    stored: list[Stored] = field(default_factory=list)
    judged: Judged = field(default_factory=Judged)
    reached: int = 0

    @property
    def is_wanting(self) -> bool:
        """Whether there is anything to write when all posts that could be stored are."""
        return bool(self.refused or self.deletion or self.advance or self.problems)


def part_of(job: Job) -> Part:
    """A job with its posts read; runs on a thread where there are many."""
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
    """The outcomes of all posts, part by part."""
    rest = iter(stored)
    return [list(itertools.islice(rest, len(part.read))) for part in parts]


def _read(post: Post) -> Document:
    """The document of a post's messages. Raises whatever keeps it from being read."""
    if post.unread is not None:
        raise post.unread.error
    channel = PostChannel(
        id=post.channel.channel_id, username=post.channel.username, title=post.channel.title
    )
    return telethon_posts.normalize(post.messages, channel=channel, peers=post.peers)
