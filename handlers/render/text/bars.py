"""Posts a day as a line of bars. Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from handlers.render.text.dates import Here, day_of
from handlers.render.text.rich import RichText, code, fill, join
from handlers.texts.cards import CardWords, card_words
from handlers.texts.words import Words

HEIGHTS = "▁▂▃▄▅▆▇█"
NONE, UNKNOWN = "·", "░"
"""A day without any, and a day that was not counted, or not read."""
SPANS = (7, 30)
"""The numbers of days for which matches are summed up."""


class Matches(Struct, frozen=True):
    """How many posts match on each of the last 30 days, of which the last is today; None if
    unknown.

    ``most``: counting stops at this number; ``is_cut``: the days before were not counted in time.
    """

    days: tuple[int | None, ...]
    most: int
    is_cut: bool = False


def bars(counts: Sequence[int | None]) -> str:
    """A sign for each number, the highest for the greatest: ``··▂█░``."""
    top = max((count for count in counts if count), default=0)
    return "".join(_bar(count, top) for count in counts)


def _bar(count: int | None, top: int) -> str:
    if count is None:
        return UNKNOWN
    if not count:
        return NONE
    # The least is seen, and the highest sign is for the greatest alone unless they are near.
    return HEIGHTS[min(len(HEIGHTS) - 1, (count * len(HEIGHTS) - 1) // top)]


def count_by_day(at: Sequence[datetime], here: Here, *, most: int) -> Matches:
    """How many of these times (aware) fall on each of the last 30 days."""
    edges = midnights(here, SPANS[-1])
    counts = [0] * len(edges)
    for day in (bisect_right(edges, one) - 1 for one in at):
        if day >= 0:
            counts[day] += 1
    return Matches(tuple(counts), most)


def midnights(here: Here, days: int) -> list[datetime]:
    """The beginnings of the last days in the reader's zone, oldest first; the last is today's."""
    today = here.now.astimezone(here.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return [today - timedelta(days=ago) for ago in reversed(range(days))]


def matches_text(matches: Matches, here: Here, words: Words) -> RichText:
    """The matches of 7 and of 30 days, each a line of words above a line of bars."""
    said = card_words(words.language)
    if all(count is None for count in matches.days[-1:]):
        return RichText(said.uncounted)
    lines: list[RichText | str] = []
    for span in SPANS:
        days = matches.days[-span:]
        lines.append(_summary(days, span, matches.most, here, words, said))
        lines.append(code(bars(days)))
    if matches.is_cut:
        lines.append(fill(said.counted_since, day=_day(matches, here, words)))
    return join("\n", lines)


def _summary(
    days: Sequence[int | None], span: int, most: int, here: Here, words: Words, said: CardWords
) -> RichText:
    known = [count for count in days if count is not None]
    total = sum(known)
    posts = words.posts[words.plural(total)].replace("{n}", said.number(total))
    if any(count >= most for count in known):
        posts = said.posts_many.replace("{posts}", posts)
    line = fill(said.matches, days=words.count(words.days, span), posts=posts)
    top = max(known, default=0)
    if span == SPANS[0] or top < 2 or known.count(top) > 1:
        return line
    ago = len(days) - 1 - max(index for index, count in enumerate(days) if count == top)
    peak = day_of(here.now - timedelta(days=ago), here, words)
    return fill(said.peak, matches=line, day=peak)


def _day(matches: Matches, here: Here, words: Words) -> str:
    """The first day that was counted."""
    known = [index for index, count in enumerate(matches.days) if count is not None]
    ago = len(matches.days) - 1 - known[0]
    return day_of(here.now - timedelta(days=ago), here, words)
