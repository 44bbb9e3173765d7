"""Whether a post of an event gets a message of its own for a reader who wants one message per
event. Pure.

It is compared with what *this reader* was shown of the event. Posts that were counted at one of
their messages said nothing new, so they are not needed for that. In doubt the reader gets a
message.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, TypeAlias, TypeVar

from msgspec import Struct

from handlers.stories import news, placing
from handlers.stories.news import Claims, News, Ranges
from handlers.stories.placing import Wording
from storage.records import EventMessage

Reason: TypeAlias = news.NewsKind | Literal["first", "official", "attached", "sound", "full"]
"""Why a post gets a message: ``first``: the event is new to the reader, or to one of these alerts;
``sound``: all earlier messages were silent; ``official``: an official channel reports it; a kind of
news; ``attached``: it brings other files; ``full``: no message can count it."""

PING_EVERY = timedelta(minutes=10)
"""The least time between follow-ups that ring."""
_TURNS: frozenset[Reason] = frozenset({"turn", "negation"})
"""The news by which what was told may be over."""
MOST_SHOWN = 12
"""The most messages about an event that a post is compared with: the first and the latest."""


class Compared(Struct, frozen=True, kw_only=True):
    """A post as it is compared: its claims, its channel, whether that is official, the names of its
    files, and its words where they are known."""

    claims: Claims
    channel: object
    wording: Wording | None = None
    is_official: bool = False
    attached: frozenset[str] = frozenset()


class Wanted(Struct, frozen=True, kw_only=True):
    """How a reader wants to get a post: by which alerts, and whether without a sound."""

    alerts: Collection[int]
    silent: bool = False


class Into(Struct, frozen=True):
    """The post is counted at this message."""

    message: EventMessage


class Ring(Struct, frozen=True, kw_only=True):
    """The post gets a message: a reply to ``after`` if there is one. ``fresh``: the ranges of its
    text that are new; ``rings``: false if the last follow-up that rang is too recent."""

    reason: Reason
    after: EventMessage | None = None
    fresh: Ranges = ()
    rings: bool = True


Decision: TypeAlias = Into | Ring

FIRST = Ring(reason="first")

Result = TypeVar("Result")
_Shown: TypeAlias = tuple[str, ...]
_Pair: TypeAlias = tuple[_Shown, str]
"""The posts of messages (``doc_id``) and the post that is compared with them."""


class Judge:
    """Judges posts of events by what readers were shown. A post is compared once with the same
    messages, however many readers got them.

    ``known``: the posts and those of the messages, by ``doc_id``.
    """

    def __init__(self, known: Mapping[str, Compared]) -> None:
        self._known = known
        self._repeated: dict[_Pair, bool] = {}
        self._new: dict[_Pair, News | None] = {}
        self._back: dict[_Pair, bool] = {}
        self._ends: dict[_Shown, str | None] = {}

    def decide(
        self, post: str, got: Sequence[EventMessage], wanted: Wanted, *, now: datetime
    ) -> Decision:
        """What becomes of a post (``doc_id``) for a reader who ``got`` these messages about its
        event, oldest first."""
        if not got:
            return FIRST
        reason, fresh = self._why(post, got, wanted)
        host = next((one for one in got if one.takes), None)
        if reason is None and host is not None:
            return Into(host)
        last = next((one.at for one in reversed(got) if one.follows and not one.silent), None)
        rings = last is None or now - last >= PING_EVERY
        return Ring(reason=reason or "full", after=got[0], fresh=fresh, rings=rings)

    def _why(
        self, name: str, got: Sequence[EventMessage], wanted: Wanted
    ) -> tuple[Reason | None, Ranges]:
        """Why a post gets a message, and the ranges that are new; a reason of None if it says
        nothing new."""
        told = {alert for one in got for alert in one.alerts}
        if not told.issuperset(wanted.alerts):
            return "first", ()
        post, names = self._known[name], self._shown(got)
        if _kept(self._repeated, (names, name), self._is_repeated):
            return "unclear", ()
        found = self._what_is_new(names, name)
        fresh = found.fresh if found is not None else ()
        shown = [self._known[one] for one in names]
        if post.is_official and all(one.channel != post.channel for one in shown):
            return "official", fresh
        if found is not None:
            return found.kind, fresh
        if not post.attached <= {name for one in shown for name in one.attached}:
            return "attached", ()
        if not wanted.silent and all(one.silent for one in got):
            return "sound", ()
        return ("turn" if _kept(self._back, (names, name), self._is_back) else None), ()

    def _shown(self, got: Sequence[EventMessage]) -> _Shown:
        return tuple(one.post for one in _compared(got) if one.post in self._known)

    def _is_repeated(self, shown: _Shown, post: str) -> bool:
        """Whether it is the next alarm in the words of the last one."""
        mine = self._known[post]
        return any(_is_repeated(self._known[one], mine) for one in shown)

    def _is_back(self, shown: _Shown, post: str) -> bool:
        """Whether what a message said to be over (an all-clear, say) is so again by a post that
        tells nothing of that message, or is over again; and the post comes too late for a copy of
        what was told before."""
        if shown not in self._ends:
            self._ends[shown] = self._find_end(shown)
        end = self._ends[shown]
        if end is None:
            return False
        *told, mine = [self._turns((one,), end) for one in (*shown, post)]  # goes it on?
        same = [one for one, its in zip(shown, told, strict=True) if its == mine]
        late = (_is_late(self._known[one], self._known[post]) for one in same)
        return (mine or told[-1]) and all(late)

    def _find_end(self, shown: _Shown) -> str | None:
        """The last message that said that what was told before it is over."""
        for number in range(len(shown) - 1, 0, -1):
            if self._turns(shown[:number], shown[number]):
                return shown[number]
        return None

    def _turns(self, shown: _Shown, end: str) -> bool:
        found = self._what_is_new(shown, end)
        return found is not None and found.kind in _TURNS

    def _what_is_new(self, shown: _Shown, post: str) -> News | None:
        return _kept(self._new, (shown, post), self._compare)

    def _compare(self, shown: _Shown, post: str) -> News | None:
        claims = [self._known[one].claims for one in shown]
        return news.what_is_new(claims, self._known[post].claims)


def _kept(
    results: dict[_Pair, Result], pair: _Pair, work_out: Callable[[_Shown, str], Result]
) -> Result:
    """The result for a pair, worked out the first time."""
    if pair not in results:
        results[pair] = work_out(*pair)
    return results[pair]


def _compared(got: Sequence[EventMessage]) -> Sequence[EventMessage]:
    return got if len(got) <= MOST_SHOWN else (got[0], *got[1 - MOST_SHOWN :])


def _is_late(one: Compared, post: Compared) -> bool:
    if one.wording is None or post.wording is None:
        return False
    return placing.is_late(one.wording, post.wording)


def _is_repeated(one: Compared, post: Compared) -> bool:
    if one.wording is None or post.wording is None:
        return False
    return placing.is_repeated(one.wording, post.wording)
