"""Whether a post of an event rings for a reader who wants one message for each event. Pure.

Decided by what *this reader* was shown of the event. What went into a message of theirs told
nothing that its messages had not, so these are what a post is compared with. In doubt it rings.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from msgspec import Struct

from handlers.stories import news
from handlers.stories.news import Facts, Ranges
from storage.records import EventMessage

Reason: TypeAlias = news.Kind | Literal["first", "official", "attached", "sound", "full"]
"""Why a post rings: nothing was told of the event, or not by one of these alerts, or not aloud; an
official channel joins; what is new in it; or no message is there that could count it."""

PING_EVERY = timedelta(minutes=10)
"""The least time between follow-ups that ring."""
MOST_SHOWN = 12
"""The most messages about an event that a post is compared with: the latest, and the first."""


class Told(Struct, frozen=True, kw_only=True):
    """A post as it is compared: its facts, its channel, whether that is official, and the names of
    the files that it brings."""

    facts: Facts
    channel: object
    is_official: bool = False
    attached: frozenset[str] = frozenset()


class Wanted(Struct, frozen=True, kw_only=True):
    """How a reader wants to be told of a post: by which alerts, without a sound."""

    alerts: Collection[int]
    silent: bool = False


class Into(Struct, frozen=True):
    """A post goes into this message."""

    message: EventMessage


class Ring(Struct, frozen=True, kw_only=True):
    """A post is a message: by itself, or in answer to one about the ``after`` post; ``fresh``:
    where in its text what is new stands. It ``rings`` not where it would too often."""

    reason: Reason
    after: EventMessage | None = None
    fresh: Ranges = ()
    rings: bool = True


Decision: TypeAlias = Into | Ring

FIRST = Ring(reason="first")


def decide(
    post: Told,
    got: Sequence[EventMessage],
    known: Mapping[str, Told],
    wanted: Wanted,
    *,
    now: datetime,
) -> Decision:
    """What becomes of a post for a reader who ``got`` these messages about its event, oldest first.

    ``known`` are the posts that they tell of, by ``doc_id``.
    """
    if not got:
        return FIRST
    shown = [known[one.post] for one in _compared(got) if one.post in known]
    reason, fresh = _why(post, got, shown, wanted)
    host = next((one for one in got if one.takes), None)
    if reason is None and host is not None:
        return Into(host)
    last = next((one.at for one in reversed(got) if one.follows and not one.silent), None)
    rings = last is None or now - last >= PING_EVERY
    return Ring(reason=reason or "full", after=got[0], fresh=fresh, rings=rings)


def _compared(got: Sequence[EventMessage]) -> Sequence[EventMessage]:
    return got if len(got) <= MOST_SHOWN else (got[0], *got[1 - MOST_SHOWN :])


def _why(
    post: Told, got: Sequence[EventMessage], shown: Sequence[Told], wanted: Wanted
) -> tuple[Reason | None, Ranges]:
    """Why a post rings, and what is new in it; None where it says nothing new."""
    told = {alert for one in got for alert in one.alerts}
    if not told.issuperset(wanted.alerts):
        return "first", ()
    found = news.what_is_new([one.facts for one in shown], post.facts)
    fresh = found.fresh if found is not None else ()
    if post.is_official and all(one.channel != post.channel for one in shown):
        return "official", fresh
    if found is not None:
        return found.kind, fresh
    if not post.attached <= {name for one in shown for name in one.attached}:
        return "attached", ()
    if not wanted.silent and all(one.silent for one in got):
        return "sound", ()
    return None, ()
