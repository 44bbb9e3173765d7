"""Posts that could not be stored: set aside, or waited for if the fault seems to be our own.

A post that cannot be read or stored, even when tried by itself, is *set aside*: kept as it came
(``storage.documents.problems``) and tried again after an upgrade. Other posts go on, and so does
the channel's cursor. If posts of a channel fail one after the other in the same way, or many of its
last ones, the fault is probably ours: then those that the cursor has not passed are not set aside,
and the cursor waits before them.
"""

import copy
import hashlib
import json
import re
from collections.abc import Sequence
from datetime import datetime

import structlog
from msgspec import Struct

from bot.intake.posts import Advance, Message, Post, Refused, text_of
from handlers.normalize.telethon import json_lines
from handlers.operators import faults
from handlers.operators.notices import Notices
from handlers.operators.troubles import Troubles
from handlers.render.text.names import name_of
from storage.channels import channels
from storage.connection import Connection
from storage.document import Channel as PostChannel
from storage.document_json import dump
from storage.documents import problems
from storage.documents.authors import Authors
from storage.errors import DatelineError
from storage.records import NewProblem
from storage.version import program

_CHANGING = re.compile(r"'[^']*'|\"[^\"]*\"|[0-9]+")

log = structlog.get_logger("asides")


class Judged(Struct, frozen=True):
    """What became of the refused posts of a commit. ``held``: those that have to wait."""

    held: tuple[Refused, ...] = ()


class Asides:
    """Decides about refused posts inside the transaction that stores the others.

    ``notices`` and ``troubles`` tell the operator; None if there is none to tell. ``authors`` says
    how much of a post's author may be kept.
    """

    def __init__(
        self,
        *,
        notices: Notices | None = None,
        troubles: Troubles | None = None,
        authors: Authors = Authors(),  # noqa: B008  (it cannot be changed)
    ) -> None:
        self._authors = authors
        self._notices = notices
        self._troubles = troubles
        self._stopped: set[str] = set()
        self._may_hold_some = True

    async def forget(self, tx: Connection, posts: Sequence[Post]) -> None:
        """Remove from what is set aside the posts that have now been stored."""
        if not self._may_hold_some or not posts:
            return
        self._may_hold_some = await problems.count_problems(tx) > 0
        if self._may_hold_some:
            await problems.remove_places(tx, [post.place for post in posts])

    async def judge(
        self, tx: Connection, refused: Sequence[Refused], *, advance: Advance | None, now: datetime
    ) -> Judged:
        """Set aside the refused posts that may be; returns those that have to wait."""
        held: list[Refused] = []
        # Only a scan that goes on from the cursor meets first what the cursor waits for.
        is_closed = advance is None or not advance.message_id
        for one in sorted(refused, key=lambda one: one.post.ids):
            is_stopped = is_closed and cause_of(one.post.channel.id, asked=False) in self._stopped
            if one.post.problem is not None:
                await self._note_failure(tx, one.post.problem, one.error)
            elif await self._waits(tx, one, bool(held) or is_stopped):
                held.append(one)
            else:
                await self._set_aside(tx, one, now)
        return Judged(tuple(held))

    async def _note_failure(self, tx: Connection, problem: int, error: Exception) -> None:
        await problems.note_failure(
            tx, problem, error=text_of(error), kind=kind_of(error), version=program()
        )

    async def _waits(self, tx: Connection, refused: Refused, is_stopped: bool) -> bool:
        """Whether a post waits before the cursor (and so will be read again) instead of being set
        aside."""
        post = refused.post
        channel = await channels.find_watched(tx, post.channel.id)
        if not post.ids or channel is None:
            return False
        if not post.asked and post.ids[0] <= channel.cursor:
            return False
        if await problems.is_known(tx, post.place):
            return False
        return is_stopped or await self._is_ours(tx, refused)

    async def _is_ours(self, tx: Connection, refused: Refused) -> bool:
        before = await problems.list_outcomes(
            tx,
            refused.post.channel.channel_id or 0,
            before=refused.post.ids[0],
            limit=faults.WINDOW - 1,
        )
        return faults.are_ours([kind_of(refused.error), *before])

    async def _set_aside(self, tx: Connection, refused: Refused, now: datetime) -> None:
        self._may_hold_some = True
        problem = problem_of(refused, self._authors)
        await problems.set_aside(tx, problem, now=now, version=program())
        log.error(
            "set aside", post=problem.place, error=problem.error, exc_info=_trace(refused.error)
        )
        if self._notices is not None:
            name = hashlib.sha256(problem.kind.encode("utf-8", "replace")).hexdigest()[:16]
            await self._notices.add(
                tx,
                f"problem:{refused.post.channel.channel_id}:{name}",
                "set_aside",
                channel=name_of(refused.post.channel),
                place=problem.place,
                reason=problem.error,
            )

    def settle(self, judged: Judged, *, goes_on: str | None) -> None:
        """After the commit: record that a channel, or its history, is stopped, or goes on again.

        ``goes_on``: the cause (``cause_of``) that has ended if nothing is held.
        """
        if judged.held:
            self._stop(judged.held[0])
        elif goes_on is not None:
            self._end(goes_on)

    def drop(self, row: int, *, asked: bool) -> None:
        """Note that a channel (its row id), or its history (``asked``), is no longer read, so that
        it is no longer reported as stopped."""
        self._end(cause_of(row, asked=asked))

    def _end(self, cause: str) -> None:
        self._stopped.discard(cause)
        if self._troubles is not None:
            self._troubles.end(cause)

    def _stop(self, first: Refused) -> None:
        post, reason = first.post, text_of(first.error)
        cause = cause_of(post.channel.id, asked=post.asked)
        self._stopped.add(cause)
        what, name = "history" if post.asked else "posts", name_of(post.channel)
        log.error(
            "stopped", channel=name, post=post.place, error=reason, exc_info=_trace(first.error)
        )
        if self._troubles is not None:
            text = f"{what} of {name} cannot be taken in, from {post.place} on: {reason}"
            self._troubles.begin(cause, reason="channels", text=text)


def cause_of(row: int, *, asked: bool) -> str:
    """The name, among troubles, of what stops a channel (row id) or a history of it that was asked
    for."""
    return f"history:{row}" if asked else f"channel:{row}"


def _trace(error: Exception) -> Exception | None:
    """The error if its traceback is worth logging: errors of our own say enough."""
    return None if isinstance(error, DatelineError) else error


def problem_of(refused: Refused, authors: Authors) -> NewProblem:
    """A refused post as it is stored, with as much of its author as ``authors`` allows."""
    post, error = refused.post, text_of(refused.error)
    form, raw = _raw_of(refused, authors)
    if raw is None:
        error += "; it could not be kept"
    elif len(raw) > problems.LARGEST:
        error += "; it is too big to be kept: only the channel has it"
    return NewProblem(
        place=post.place,
        form=form,
        raw=raw,
        error=error,
        kind=kind_of(refused.error),
        channel_id=post.channel.channel_id,
        message_id=post.ids[0] if post.ids else None,
        history=post.history,
    )


def kind_of(error: Exception) -> str:
    """What errors of one fault have in common: type and text, with quoted names and numbers
    replaced by ``#``."""
    text = error.what if isinstance(error, DatelineError) else str(error)
    return f"{type(error).__name__}: {_CHANGING.sub('#', text)}"[:200]


def _raw_of(refused: Refused, authors: Authors) -> tuple[str, bytes | None]:
    post = refused.post
    document = refused.document or post.document
    if post.unread is not None:
        return post.unread.form, post.unread.raw
    if document is not None:
        return problems.DOCUMENT, dump(authors.kept(document)).encode("utf-8", "surrogatepass")
    return _raw_of_messages(post, authors)


def _raw_of_messages(post: Post, authors: Authors) -> tuple[str, bytes | None]:
    """Messages that could not be read, as lines of Telethon's JSON; None if even that fails.

    Telegram's own bytes would be of no use after an upgrade: their layout changes with each layer.
    """
    try:
        return "telethon", b"\n".join(_line(post, each, authors) for each in post.messages)
    except (AttributeError, TypeError, ValueError, RecursionError):
        return "telethon", None


def _line(post: Post, message: Message, authors: Authors) -> bytes:
    channel = post.channel
    origin = _origin(message)
    line = json_lines.line_of(
        json.loads(_said(message, authors)),
        channel=PostChannel(id=channel.channel_id, username=channel.username, title=channel.title),
        peers={
            marked: peer
            for marked, peer in post.peers.items()
            if marked < 0 or authors.keep == "full" or marked == origin
        },
    )
    return line.encode()


def _origin(message: object) -> int | None:
    """The person whose message this one forwards, if it does."""
    origin = getattr(getattr(message, "fwd_from", None), "from_id", None)
    return getattr(origin, "user_id", None)


def _said(message: Message, authors: Authors) -> str:
    """A message as JSON, without its author if persons are not to be kept."""
    kept = copy.copy(message)
    if authors.keep != "full" and hasattr(getattr(message, "from_id", None), "user_id"):
        kept.from_id = kept.post_author = None
    return str(kept.to_json())
