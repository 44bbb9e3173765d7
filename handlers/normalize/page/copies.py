"""Which lines of a flattened page are whose: heads, bodies and the copies of bodies.

The extractor prints a post's head once and each later line twice: first the whole body, then for
each line break the text from there to the next element that it does not strip. So a copy is an
ordered list of whole lines of the body, or prefixes of them. A stretch between two certain
boundaries is explained as posts, one after the other, at the least cost; a cost is a guess at how
rarely the extractor's pages read that way, and is the only thing here that was weighed, not known.

What mostly makes a copy lossy is custom emoji, and a post with one ends in the hidden pair. How the
extractor prints them (seen in trafilatura 1.12 and 2.0) tells where one may stand: ``emoji``.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Literal

from msgspec import Struct

from handlers.normalize.page import site_names
from handlers.normalize.page.repetition import Repetition
from handlers.normalize.post import emoji, lines
from storage.structs import replace

Copy = Literal["none", "exact", "lossy", "cut"]

# Posts that take more lines than this have no lossy copy looked for; a message ends at 4096
# characters, so real ones are far below.
WINDOW = 160
# Longer stretches are no channel page; only exact copies are looked for in them.
_LONGEST = 4000
_DEAREST = 5.0
# Readings that differ by less are as good as each other.
_MARGIN = 0.25

# Lines that open no post.
_NO_HEADS = ("quote", "location", "cta", "hashtags")

# Emoji that mark items of a list more often than they open a post.
_LIST_MARKERS = frozenset("🔹🔸🔵🟢🟡🟠🟣🟤⚪⚫▪▫◾◽✅☑✔👉➡▶🔻🔺➖➕")

# And emoji that open posts, not items.
_HEAD_MARKERS = ("❗", "⚡", "🎙", "‼")

_BARE = 1.0
_BARE_TAIL = 2.5
_EXACT = 0.01
_ODD_HEAD = 0.8
_LOSSY_HIDDEN = 0.3
_LOSSY_SHOWN = 0.9
_CUT = 0.4
_UNCOPIED = 1.0
_PLAIN = 1.5
_LISTED = 0.4
_MARKED = 1.1
_NOT_HIDDEN = 1.5


class Reading(Struct, frozen=True, kw_only=True):
    """One post in a stretch, as line numbers of the stretch; ends are exclusive.

    ``keep`` is as in the schema: ``(body index, length or None)`` for each line of the copy.
    ``start`` is where the two lines of a reply begin, if they stand before the head; ``guessed``
    says that another reading is as good.
    """

    head: int
    start: int | None = None
    body_end: int
    copy: Copy
    keep: tuple[tuple[int, int | None], ...] = ()
    copy_end: int
    end: int
    cost: float
    guessed: bool = False


class Stretch(Struct, frozen=True, kw_only=True):
    """Lines between two certain boundaries. ``hidden``: the hidden pair follows them;
    ``last``: the file ends with them, perhaps in the middle of a post; ``opened``: a forward line
    or a media placeholder stands before them; ``terse``: the page has many posts of one line."""

    lines: Sequence[str]
    hidden: bool = False
    last: bool = False
    opened: bool = False
    terse: bool = True


def explain(stretch: Stretch) -> tuple[Reading, ...]:
    """The posts that a stretch holds, in order: the cheapest explanation of its lines."""
    page = _Page(stretch)
    size = len(stretch.lines)
    best: list[tuple[float, Reading | None]] = [(0.0, None)] * (size + 1)
    for start in range(size - 1, -1, -1):
        best[start] = _choose(
            [(best[reading.end][0] + reading.cost, reading) for reading in page.readings(start)]
        )
    found: list[Reading] = []
    position = 0
    while position < size:
        reading = best[position][1]
        if reading is None:
            break
        found.append(reading)
        position = reading.end
    return tuple(found)


def _choose(choices: list[tuple[float, Reading]]) -> tuple[float, Reading]:
    """The cheapest choice, flagged as guessed where another is nearly as cheap."""
    cost, reading = min(choices, key=lambda choice: choice[0])
    rivals = [other for other, rival in choices if rival.end != reading.end]
    if rivals and min(rivals) < cost + _MARGIN:
        reading = replace(reading, guessed=True)
    return cost, reading


def whole(stretch: Stretch) -> tuple[Reading, ...]:
    """A stretch as one post without a copy: what a page that repeats nothing holds."""
    size = len(stretch.lines)
    if not size:
        return ()
    return (Reading(head=0, body_end=size, copy="none", copy_end=size, end=size, cost=0.0),)


@dataclass(slots=True)
class _Match:
    """A lossy copy that starts at one line: what it keeps, and where it ends."""

    keep: list[tuple[int, int | None]] = field(default_factory=list)
    missing: list[tuple[int, int]] = field(default_factory=list)
    end: int = 0
    cost: float = 0.0
    characters: int = 0


class _Page:
    """The readings that are possible at each line of a stretch."""

    def __init__(self, stretch: Stretch) -> None:
        self._stretch = stretch
        self._lines = list(stretch.lines)
        self._size = len(self._lines)
        self._types = [lines.block(lines.Line(text=text)).type for text in self._lines]
        self._markers = [emoji.leading_cluster(text) for text in self._lines]
        self._again = Repetition(self._lines)
        self._lengths = list(accumulate(map(len, self._lines), initial=0))
        self._previews = [site_names.cost(text) for text in self._lines]
        costs = (self._missing_cost(at) for at in range(self._size))
        self._missing_sums = list(accumulate(costs, initial=0.0))
        held = (emoji.may_hold_custom(text, head=False) for text in self._lines)
        self._custom_sums = list(accumulate(held, initial=0))
        is_readable = self._size <= _LONGEST and not self._again.is_monotonous()
        self._lossy = self._list_lossy() if is_readable else {}

    def readings(self, start: int) -> Iterator[Reading]:
        """All readings of a post whose head is line ``start``."""
        for reading in self._posts(start):
            yield reading
            yield from self._with_preview(reading)

    def _posts(self, start: int) -> Iterator[Reading]:
        yield self._bare(start)
        for length in self._again.squares(start + 1):
            yield self._exact(start, length)
        yield from self._lossy.get(start, ())
        if self._stretch.hidden or self._stretch.last:
            yield from self._uncopied(start)
        if self._stretch.last:
            yield from self._cut(start)

    def _bare(self, start: int) -> Reading:
        tail = self._types[start] in _NO_HEADS[1:]
        cost = _BARE_TAIL if tail else _BARE
        cost += self._plain_cost(start, start + 1, start + 1)
        return self._reading(start, start + 1, "none", (), start + 1, cost)

    def _exact(self, start: int, length: int) -> Reading:
        body_end = start + 1 + length
        short = self._lengths[body_end] - self._lengths[start + 1] < 8
        cost = (_BARE if short else _EXACT) + self._head_cost(start)
        inner = (length - 1) // 2
        if length % 2 and inner > 1 and self._again.same(start + 2, start + 2 + inner, inner):
            # The body would be a head and its body twice: rather the same post, printed twice.
            cost += _BARE + _MARGIN
        cost += self._plain_cost(start, body_end, body_end + length)
        return self._reading(start, body_end, "exact", (), body_end + length, cost)

    def _head_cost(self, start: int) -> float:
        """Few posts open with a heading, a place or a tail; some with a quotation."""
        kind = self._types[start]
        if kind == "quote":
            return _ODD_HEAD / 2
        return _ODD_HEAD if kind in (*_NO_HEADS, "subhead") else 0.0

    def _uncopied(self, start: int) -> Iterator[Reading]:
        """Everything to the end as one post whose body has no copy."""
        if start + 1 >= self._size or self._size - start > WINDOW:
            return
        if self._stretch.hidden:
            cost = _UNCOPIED + self._missing(start + 1, self._size, hidden=True)
            cost += self._plain_cost(start, self._size, self._size)
        else:
            cost = _UNCOPIED + self._unfinished(start)
        yield self._reading(start, self._size, "none", (), self._size, cost, guessed=True)

    def _unfinished(self, start: int) -> float:
        """What it costs to read the last lines of a file as a post that was cut."""
        each = 1.05 if self._stretch.terse else 0.9
        if self._stretch.opened and start == 0:
            each = 0.7
        cost = 0.0
        for at in range(start + 1, self._size):
            if self._types[at] != "para" or self._types[at - 1] == "subhead":
                each = 0.4
                cost += 0.2
            else:
                cost += each
        return cost

    def _cut(self, start: int) -> Iterator[Reading]:
        """A copy that the end of the file cuts off."""
        first = start + 1
        for at in self._again.openings(first):
            keep = self._cut_keep(first, at)
            if keep is None or at - first > WINDOW:
                continue
            short = self._lengths[self._size] - self._lengths[at] < 12
            cost = _CUT + (0.7 if short else 0.0)
            yield self._reading(start, at, "cut", tuple(keep), self._size, cost)

    def _cut_keep(self, first: int, at: int) -> list[tuple[int, int | None]] | None:
        count = self._size - at
        if not 0 < count <= min(at - first, WINDOW) or not self._again.same(first, at, count - 1):
            return None
        last, source = self._lines[-1], self._lines[first + count - 1]
        if not source.startswith(last) or (count == at - first and last == source):
            return None
        keep: list[tuple[int, int | None]] = [(index, None) for index in range(count - 1)]
        keep.append((count - 1, None if last == source else len(last)))
        return keep

    def _list_lossy(self) -> dict[int, list[Reading]]:
        """Lossy copies, by the head of their post."""
        found: dict[int, list[Reading]] = defaultdict(list)
        for at in range(2, self._size):
            for first in self._again.sources(at, WINDOW):
                match = self._follow(first, at)
                for start in range(first - 1, max(-1, first - 1 - WINDOW), -1):
                    reading = self._lossy_reading(start, at, match)
                    if reading.cost > _DEAREST:
                        break
                    found[start].append(reading)
        return found

    def _follow(self, first: int, at: int) -> _Match:
        """Line ``at`` copies line ``first``: how the copy goes on from there."""
        match = _Match(end=at)
        source: int | None = first
        following = first
        while source is not None:
            match.missing.append((following, source))
            length = self._kept(source, match.end)
            match.keep.append((source, length))
            match.characters += len(self._lines[match.end])
            if length is not None:
                match.cost += self._cut_cost(source, length)
            following = source + 1
            match.end += 1
            source = None
            if match.end < self._size:
                source = self._again.next_source(match.end, following, at)
        match.missing.append((following, at))
        return match

    def _lossy_reading(self, start: int, at: int, match: _Match) -> Reading:
        hidden = self._stretch.hidden and match.end == self._size
        gaps = [(start + 1, match.keep[0][0]), *match.missing]
        cost = _LOSSY_HIDDEN if hidden else _LOSSY_SHOWN
        cost += match.cost + sum(self._missing(*gap, hidden=hidden) for gap in gaps)
        cost += (0.0 if match.characters >= 12 else 0.5) + self._head_cost(start)
        if all(length is None for _, length in match.keep):
            cost += self._plain_cost(start, at, match.end)
        keep = tuple((index - start - 1, length) for index, length in match.keep)
        if len(keep) == at - start - 1 and all(length is None for _, length in keep):
            # The whole body, in full: an exact copy, which ``_exact`` weighs.
            cost = _DEAREST
        return self._reading(start, at, "lossy", keep, match.end, cost)

    def _kept(self, source: int, line: int) -> int | None:
        """The length of the prefix of ``source`` that ``line`` is, None for the whole line."""
        length = len(self._lines[line])
        return length if length < len(self._lines[source]) else None

    def _cut_cost(self, source: int, length: int) -> float:
        """A prefix ends where an element stood that is not stripped: mostly a custom emoji."""
        rest = self._lines[source][length:].lstrip()
        return 0.05 if emoji.leading_cluster(rest) else 0.5

    def _plain_cost(self, head: int, body_end: int, end: int) -> float:
        """What it costs that the hidden pair ends a post with no place for a custom emoji."""
        if not self._stretch.hidden or end < self._size:
            return 0.0
        if self._custom_sums[body_end] > self._custom_sums[head + 1]:
            return 0.0
        return 0.0 if emoji.may_hold_custom(self._lines[head], head=True) else _PLAIN

    def _missing(self, start: int, end: int, *, hidden: bool) -> float:
        """What it costs that these lines of a body have no copy; ``hidden``: their post ends in
        the hidden pair."""
        cost = self._missing_sums[end] - self._missing_sums[start]
        return cost if hidden else cost * _NOT_HIDDEN

    def _missing_cost(self, at: int) -> float:
        """Dear, unless the line begins with an emoji: custom ones hide the text after them."""
        marker = self._markers[at]
        if marker is None or not emoji.may_be_custom(self._lines[at]):
            return 1.2
        return self._marked_cost(at, marker)

    def _marked_cost(self, at: int, marker: str) -> float:
        """Cheap in a list of items with one marker; but heads near each other share theirs too."""
        if self._types[at] in _NO_HEADS:
            return 0.1
        rest = self._lines[at].strip().removeprefix(marker).strip()
        if lines.block(lines.Line(text=rest)).type not in ("para", "question"):
            # A marker of the channel's own before a line that opens no post without it either.
            return _LISTED
        near = self._markers[max(0, at - 5) : at] + self._markers[at + 1 : at + 6]
        if near.count(marker) >= (2 if marker.startswith(_HEAD_MARKERS) else 1):
            return 0.1
        return _LISTED if marker.rstrip("\ufe0f") in _LIST_MARKERS else _MARKED

    def _with_preview(self, reading: Reading) -> Iterator[Reading]:
        """The post again, with the lines that a link preview leaves after it."""
        if reading.end >= self._size or reading.guessed:
            return
        cost = self._previews[reading.end]
        if cost is None:
            return
        for count in range(1, min(3, self._size - reading.end) + 1):
            # A preview has a site, a title and a description; the fewer there are, the rarer.
            dearer = reading.cost + cost + 0.3 * (3 - count)
            words = range(reading.end + 1, reading.end + count)
            dearer += 0.6 * sum(self._types[at] != "para" for at in words)
            # Previews stand after the hidden pair: one before it has taken a post's line.
            dearer += _PLAIN if self._stretch.hidden and words.stop == self._size else 0.0
            yield replace(reading, end=reading.end + count, cost=dearer)

    def _reading(
        self,
        head: int,
        body_end: int,
        copy: Copy,
        keep: tuple[tuple[int, int | None], ...],
        end: int,
        cost: float,
        *,
        guessed: bool = False,
    ) -> Reading:
        return Reading(
            head=head,
            body_end=body_end,
            copy=copy,
            keep=keep,
            copy_end=end,
            end=end,
            cost=cost,
            guessed=guessed,
        )
