"""Where a post belongs for one reader: folded onto what they got, a follow-up of it, or by itself.

Judged against what *this reader* was told of the story, and nothing else. Pure but for what the
dictionary knows.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from handlers.stories import judgement, standing
from handlers.stories.judgement import SEND, IsWord, Verdict
from handlers.stories.standing import Line

PING_EVERY = timedelta(minutes=10)
"""Follow-ups to one story ring at most so often; what comes meanwhile is added to the last one."""
MOST_ADDED = 4
"""So many posts at most are added to a follow-up; then the next one is a message."""

Action: TypeAlias = Literal["send", "fold", "follow", "add"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A post as it is compared: its whole text, where its own words begin and end in it, and the
    channel it stands in."""

    text: str
    start: int
    end: int
    channel: object

    @property
    def own(self) -> str:
        """The post without its channel's standing lines."""
        return self.text[self.start : self.end]


def word(text: str, channel: object, lines: Collection[Line]) -> Wording:
    """A post of a channel that has these standing lines, ready to be compared."""
    start, end = standing.own_span(text, lines)
    return Wording(text=text, start=start, end=end, channel=channel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """A post that a reader was told of: ``post`` is its ``doc_id``, ``at`` when it was queued for
    them. ``follows``: it was a follow-up; ``added`` counts the posts that were added to it, and
    ``is_open`` says whether more can be."""

    post: str
    at: datetime
    follows: bool = False
    added: int = 0
    is_open: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """What becomes of a post: ``onto`` is the ``doc_id`` that it is folded onto, follows, or is
    added to; ``fresh`` where in its text what is new stands."""

    action: Action
    onto: str | None = None
    fresh: tuple[tuple[int, int], ...] = ()


ALONE = Placement(action="send")


@dataclass(slots=True)
class Judge:
    """Compares posts two by two, each pair once however many readers there are."""

    wordings: Mapping[str, Wording]
    is_word: IsWord
    _verdicts: dict[tuple[str, str], Verdict] = field(default_factory=dict)

    def verdict(self, earlier: str, later: str) -> Verdict:
        """The verdict on one post (``doc_id``) for a reader who got another."""
        pair = (earlier, later)
        found = self._verdicts.get(pair)
        if found is None:
            found = self._verdicts[pair] = self._compare(earlier, later)
        return found

    def _compare(self, earlier: str, later: str) -> Verdict:
        if earlier not in self.wordings or later not in self.wordings:
            return SEND
        one, other = self.wordings[earlier], self.wordings[later]
        found = judgement.judge(
            one.own, other.own, same_channel=one.channel == other.channel, is_word=self.is_word
        )
        fresh = tuple((other.start + start, other.start + end) for start, end in found.fresh)
        return Verdict(kind=found.kind, fresh=fresh)

    def place(self, post: str, got: Sequence[Got], *, now: datetime) -> Placement:
        """Where a post belongs for a reader who got these, oldest first."""
        verdicts = [(one, self.verdict(one.post, post)) for one in reversed(got)]
        for one, verdict in verdicts:
            if verdict.kind == "fold":
                return Placement(action="fold", onto=one.post)
        following = [(one, verdict) for one, verdict in verdicts if verdict.kind == "follow"]
        if not following:
            return ALONE
        nearest, verdict = min(following, key=lambda pair: _length(pair[1]))
        last = next((one for one in reversed(got) if one.follows), None)
        if last is not None and now - last.at < PING_EVERY and _has_room(last):
            return Placement(action="add", onto=last.post, fresh=verdict.fresh)
        return Placement(action="follow", onto=nearest.post, fresh=verdict.fresh)


def _length(verdict: Verdict) -> int:
    return sum(end - start for start, end in verdict.fresh)


def _has_room(one: Got) -> bool:
    return one.is_open and one.added < MOST_ADDED
