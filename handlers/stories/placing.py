"""Where a post goes for one reader: folded onto a message they got, a follow-up of it, or a message
of its own.

Only what *this reader* got of the story counts. Pure but for the dictionary.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from msgspec import Struct

from handlers.stories import judgement, standing
from handlers.stories.judgement import FOLD, SEND, Verdict
from handlers.stories.misprints import IsWord
from handlers.stories.standing import Line
from storage.records import Told
from storage.structs import replace

PING_EVERY = timedelta(minutes=10)
"""The least time between follow-ups that ring, but for a turn. What comes meanwhile is added to the
last one if it is only more, or another figure; else it comes without a sound."""
REPEATED_AFTER = timedelta(minutes=10)
COPIED_WITHIN = timedelta(hours=2)
"""After the first time the same words in their own channel are another alarm, or today's briefing;
after the second also in other channels. A forward never is."""
FEW_WORDS = 15
FEW_COPIED_WITHIN = timedelta(minutes=20)
"""So few words may be an alarm: after this time another channel tells the next one by them."""
MOST_ADDED = 2
LONGEST_HOST = 1500
LONGEST_ADDED = 200
MOST_PIECES = 2
"""Limits for adding to a follow-up: how many posts may be added, the characters of the follow-up
itself, and the characters and pieces of what is new in each."""

Action: TypeAlias = Literal["send", "fold", "follow", "add"]


class Wording(Struct, frozen=True, kw_only=True):
    """A post as it is compared: its whole text, where its own words begin and end in it, its
    channel and that channel's standing lines (``standing``).

    ``origin``: the post it was forwarded from, or its own place; ``at``: when it was published;
    ``links``: targets of its links; ``attached``: names of its files and other attachments;
    ``answers``: the post that it replies to; ``struck``: its words that are struck out;
    ``language``: None if unknown.
    """

    text: str
    start: int
    end: int
    channel: object
    standing: Collection[Line] = frozenset()
    origin: object = None
    at: datetime | None = None
    links: frozenset[str] = frozenset()
    attached: frozenset[str] = frozenset()
    answers: object = None
    struck: tuple[str, ...] = ()
    language: str | None = None

    @property
    def own(self) -> str:
        """The text without its channel's standing lines."""
        return self.text[self.start : self.end]

    @property
    def around(self) -> frozenset[Line]:
        """The standing lines above and below its own words."""
        rest = f"{self.text[: self.start]}\n{self.text[self.end :]}"
        return frozenset(line for line in standing.lines_of(rest) if line)


def word(text: str, channel: object, lines: Collection[Line]) -> Wording:
    """Make a ``Wording`` of a post of a channel with these standing lines."""
    start, end = standing.own_span(text, lines)
    return Wording(text=text, start=start, end=end, channel=channel, standing=lines)


class Placement(Struct, frozen=True, kw_only=True):
    """What becomes of a post. ``onto``: the ``doc_id`` that it is folded onto, follows, or is added
    to; ``fresh``: the ranges of its text that are new; ``rings``: false if the last follow-up that
    rang is too recent."""

    action: Action
    onto: str | None = None
    fresh: tuple[tuple[int, int], ...] = ()
    rings: bool = True


ALONE = Placement(action="send")


@dataclass(slots=True)
class Judge:
    """Compares posts in pairs, each pair once for all readers."""

    wordings: Mapping[str, Wording]
    is_word: IsWord
    _verdicts: dict[tuple[str, str], Verdict] = field(default_factory=dict)

    def verdict(self, earlier: str, later: str) -> Verdict:
        """The verdict on ``later`` (a ``doc_id``) for a reader who got ``earlier``."""
        pair = (earlier, later)
        found = self._verdicts.get(pair)
        if found is None:
            found = self._verdicts[pair] = self._compare(earlier, later)
        return found

    def _compare(self, earlier: str, later: str) -> Verdict:
        if earlier not in self.wordings or later not in self.wordings:
            return SEND
        one, other = self.wordings[earlier], self.wordings[later]
        if _is_forward_of(one, other):
            return FOLD
        is_whole = judgement.is_short(one.own) or judgement.is_short(other.own)
        found = judgement.judge(
            one.text if is_whole else one.own,
            other.text if is_whole else other.own,
            same_channel=one.channel == other.channel,
            is_word=self.is_word,
        )
        if found.kind == "fold" and _is_news(one, other):
            return SEND
        shift = 0 if is_whole else other.start
        fresh = tuple((shift + start, shift + end) for start, end in found.fresh)
        return replace(found, fresh=fresh)

    def place(self, post: str, got: Sequence[Told], *, now: datetime) -> Placement:
        """Where a post goes for a reader who got these, oldest first."""
        if any(one.post == post for one in got):
            return Placement(action="fold", onto=post)  # edited: its message shows that
        verdicts = [(one, self.verdict(one.post, post)) for one in reversed(got)]
        copied = [one.post for one, verdict in verdicts if verdict.kind == "fold"]
        if copied:  # the one with the fewest words of others beside the post's own
            onto = min(copied, key=lambda one: abs(self._size(one) - self._size(post)))
            return Placement(action="fold", onto=onto)
        following = [(one, verdict) for one, verdict in verdicts if verdict.kind == "follow"]
        if not following:
            return ALONE
        nearest, verdict = min(following, key=lambda pair: _length(pair[1]))
        last = next((one for one in reversed(got) if one.follows), None)
        rings = last is None or now - last.at >= PING_EVERY or verdict.change == "turn"
        if last is not None and not rings and self._fits(last, verdict):
            return Placement(action="add", onto=last.post, fresh=verdict.fresh)
        return Placement(action="follow", onto=nearest.post, fresh=verdict.fresh, rings=rings)

    def _size(self, post: str) -> int:
        return len(self.wordings[post].own)

    def _fits(self, last: Told, verdict: Verdict) -> bool:
        """Whether what is new can be added to the last follow-up in full."""
        host = self.wordings.get(last.post)
        return (
            host is not None
            and last.is_open
            and last.added < MOST_ADDED
            and len(host.text) <= LONGEST_HOST
            and verdict.change == "more"
            and len(verdict.fresh) <= MOST_PIECES
            and 0 < _length(verdict) <= LONGEST_ADDED
        )


def _is_forward_of(one: Wording, other: Wording) -> bool:
    """Whether both are forwards of one post, word for word. Its channel's footer then counts as
    text: it is no standing line of the channel that forwards it."""
    is_same = one.origin is not None and one.origin == other.origin
    return is_same and one.struck == other.struck and _words_of(one) == _words_of(other) != []


def _words_of(wording: Wording) -> list[str]:
    return wording.text.split()


def _is_news(one: Wording, other: Wording) -> bool:
    """Whether a post whose own words are all known says something new by other means: files, links,
    a reply, or the time."""
    if one.origin is not None and one.origin == other.origin:
        return False
    if not other.attached <= one.attached or one.struck != other.struck:
        return True
    is_same_channel = one.channel == other.channel
    limit = _repeated_after(other, is_same_channel=is_same_channel)
    if one.at is not None and other.at is not None and abs(other.at - one.at) > limit:
        return True
    if is_same_channel and (not other.links <= one.links or one.answers != other.answers):
        return True
    # A line that both channels write under some posts is no signature.
    differing = one.around ^ other.around
    return any(line in one.standing and line in other.standing for line in differing)


def is_repeated(one: Wording, other: Wording) -> bool:
    """Whether a channel says its own very words so long after that it is the next alarm."""
    if one.channel != other.channel or one.at is None or other.at is None:
        return False
    return abs(other.at - one.at) > REPEATED_AFTER and one.own.split() == other.own.split()


def is_late(one: Wording, other: Wording) -> bool:
    """Whether a post comes so long after another that it is no late copy of it."""
    if one.at is None or other.at is None:
        return False
    return other.at - one.at > _repeated_after(other, is_same_channel=one.channel == other.channel)


def _repeated_after(post: Wording, *, is_same_channel: bool) -> timedelta:
    """The time after which the same words are another alarm."""
    if is_same_channel:
        return REPEATED_AFTER
    return FEW_COPIED_WITHIN if len(post.own.split()) <= FEW_WORDS else COPIED_WITHIN


def _length(verdict: Verdict) -> int:
    return sum(end - start for start, end in verdict.fresh)
