"""The number of posts over time, as text and as the data of a picture. Pure.

The picture is drawn when the message is sent; the text below it has the same figures.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from handlers.render.text.bars import bars
from handlers.render.text.dates import Here, day_of
from handlers.render.text.keyboards import RUN, data
from handlers.render.text.messages import (
    CHART,
    Attachment,
    Button,
    Message,
    has_room,
    shorten,
    truncate,
)
from handlers.render.text.rich import RichText, bold, code, fill, join, link, utf16_length
from handlers.texts.trends import TrendWords, trend_words
from handlers.texts.words import Words
from storage.structs import replace

CAPTION_UNITS = 1024
"""The most UTF-16 units below a picture (core.telegram.org/api/config, caption_length_limit)."""
QUERY_UNITS = 60
NAME_UNITS = 40
TITLE_UNITS = 90
SIGNS = "①②③④⑤"
"""Mark days, in the picture and in the text."""
TICKS = 5
MOST_BARS = 31
"""The most bars in a line: a phone would wrap more."""
MEANT = 45
"""From this many days on, the lines of several queries are means of seven days; single days would
be illegible."""
_WEEK = 7


class Line(Struct, frozen=True, kw_only=True):
    """A line of figures: its ``names``, best first, and the number of posts in each step; None if
    unknown."""

    names: tuple[str, ...]
    counts: tuple[int | None, ...]

    @property
    def total(self) -> int:
        """All that is known."""
        return sum(count for count in self.counts if count)


class Mark(Struct, frozen=True, kw_only=True):
    """A story that fills a step: the index (``place``) of the step, the story's ``title``, and how
    many ``posts`` of that step are about it."""

    place: int
    title: str
    url: str | None
    posts: int


class Trend(Struct, frozen=True, kw_only=True):
    """Posts of ``queries`` (one line each in ``totals``) in steps of ``step`` days, named by how
    many days ago each began, oldest first.

    For a single query: ``parts``: the channels with most posts; ``others``: the rest together,
    ``other_channels`` in number. ``is_cut``: the oldest steps were not counted in time.
    """

    queries: tuple[str, ...]
    step: int
    ago: tuple[int, ...]
    totals: tuple[Line, ...]
    parts: tuple[Line, ...] = ()
    others: Line | None = None
    other_channels: int = 0
    marks: tuple[Mark, ...] = ()
    is_cut: bool = False

    @property
    def days(self) -> int:
        """The days that are looked at."""
        return self.ago[0] + 1

    @property
    def unknown(self) -> int:
        """The number of steps, the oldest ones, that are unknown."""
        columns = zip(*(line.counts for line in self.totals), strict=True)
        known = (place for place, counts in enumerate(columns) if set(counts) != {None})
        return next(known, len(self.ago))

    @property
    def is_mean(self) -> bool:
        """Whether the lines are means of seven days."""
        return len(self.queries) > 1 and self.step == 1 and len(self.ago) >= MEANT


def trend_message(trend: Trend, here: Here, words: Words) -> Message:
    """The figures, below a picture of them if there are any."""
    said = trend_words(words.language)
    if trend.is_cut and all(count is None for count in trend.totals[0].counts):
        return Message(RichText(said.too_long))
    if not any(line.total for line in trend.totals):
        queries = join(", ", [_query(query) for query in trend.queries])
        lines = [fill(said.none, query=queries, days=words.count(words.days, trend.days))]
        return Message(join("\n", [*lines, *_limits(trend, here, words, said)]))
    marks = list(trend.marks)
    while utf16_length((text := _text(trend, marks, here, words, said)).text) > CAPTION_UNITS:
        if not marks:
            text = truncate(text, CAPTION_UNITS)
            break
        marks.pop()
    shown = replace(trend, marks=tuple(marks))
    chart = json.dumps(_chart(shown, here, words, said), ensure_ascii=False, separators=(",", ":"))
    picture = Attachment(chart, CHART, here.now.replace(microsecond=0), "UTC")
    return Message(text, _buttons(trend, said), attachment=picture)


def in_signs(message: Message, words: Words) -> Message:
    """The same message with bars made of characters, for when no picture can be drawn."""
    if message.attachment is None:
        return message
    chart = json.loads(message.attachment.query)
    said = trend_words(words.language)
    parts = [[count or 0 for count in part["counts"]] for part in chart["parts"]]
    rows = [[sum(column) for column in zip(*parts, strict=True)]] if chart["stacked"] else parts
    together = -(-len(rows[0]) // MOST_BARS)
    lines = [code(bars(_unknown(_added(row, together), chart, together))) for row in rows]
    days = said.count(said.sign_days, together * chart["step"])
    return replace(message, text=join("\n", (message.text, "", *lines, days)), attachment=None)


def _added(counts: Sequence[int], together: int) -> list[int]:
    """The figures, ``together`` steps each added up, from the end."""
    first = len(counts) % together
    starts = range(first - together if first else 0, len(counts), together)
    return [sum(counts[max(0, start) : start + together]) for start in starts]


def _unknown(counts: list[int], chart: dict[str, Any], together: int) -> list[int | None]:
    unknown = chart["unknown"] // together
    return [None if place < unknown else count for place, count in enumerate(counts)]


def _text(
    trend: Trend, marks: Sequence[Mark], here: Here, words: Words, said: TrendWords
) -> RichText:
    lines = _of_one(trend, here, words, said)
    if len(trend.queries) > 1:
        lines = _of_several(trend, here, words, said)
    lines += _limits(trend, here, words, said)
    told = [_mark(number, one, trend, here, words, said) for number, one in enumerate(marks)]
    return join("\n", [*lines, "", *told] if told else lines)


def _of_one(trend: Trend, here: Here, words: Words, said: TrendWords) -> list[RichText | str]:
    line = trend.totals[0]
    channels = len(trend.parts) + trend.other_channels
    head = fill(
        said.title,
        query=_query(trend.queries[0]),
        posts=_posts(line.total, words, said),
        channels=said.count(said.of_channels, channels),
        days=words.count(words.days, trend.days),
    )
    return [bold(head), *_course(line, trend, here, words, said), *_channels(trend, said)]


def _of_several(trend: Trend, here: Here, words: Words, said: TrendWords) -> list[RichText | str]:
    lines: list[RichText | str] = [
        bold(fill(said.compared, days=words.count(words.days, trend.days)))
    ]
    for number, (query, line) in enumerate(zip(trend.queries, trend.totals, strict=True), 1):
        row = fill(
            said.row, number=number, query=_query(query), posts=_posts(line.total, words, said)
        )
        lines += [row, *_course(line, trend, here, words, said)]
    return lines


def _course(
    line: Line, trend: Trend, here: Here, words: Words, said: TrendWords
) -> list[RichText | str]:
    """When there was most, and whether it grows."""
    if not line.total:
        return []
    top = max(count for count in line.counts if count)
    place = max(index for index, count in enumerate(line.counts) if count == top)
    template = said.most_on_day if trend.step == 1 else said.most_in_week
    told = [fill(template, count=said.number(top), day=_day(trend.ago[place], here, words))]
    stretches = _WEEK // trend.step
    recent, before = line.counts[-stretches:], line.counts[-2 * stretches : -stretches]
    if len(before) == stretches and None not in before:
        now, then = (said.number(sum(map(int, filter(None, part)))) for part in (recent, before))
        told.append(fill(said.recent, recent=now, before=then))
    return [join(" ", told)]


def _channels(trend: Trend, said: TrendWords) -> list[RichText | str]:
    parts = [
        f"{shorten(part.names[0], NAME_UNITS)} {said.number(part.total)}" for part in trend.parts
    ]
    if trend.others is not None:
        others = said.count(said.others, trend.other_channels)
        parts.append(f"{others} {said.number(trend.others.total)}")
    return [fill(said.by_channel, parts=", ".join(parts))] if len(parts) > 1 else []


def _limits(trend: Trend, here: Here, words: Words, said: TrendWords) -> list[RichText | str]:
    """Where the known figures begin, if not all are known."""
    first = trend.unknown
    if first in (0, len(trend.ago)):
        return []
    template = said.since if trend.is_cut else said.unread
    return [fill(template, day=_day(trend.ago[first], here, words))]


def _mark(
    number: int, mark: Mark, trend: Trend, here: Here, words: Words, said: TrendWords
) -> RichText:
    return fill(
        said.mark if trend.step == 1 else said.mark_week,
        sign=SIGNS[number],
        day=_day(trend.ago[mark.place], here, words),
        title=link(shorten(mark.title, TITLE_UNITS), mark.url),
        posts=_posts(mark.posts, words, said),
    )


def _buttons(trend: Trend, said: TrendWords) -> tuple[tuple[Button, ...], ...]:
    search = data(RUN, "search", trend.queries[0])
    if len(trend.queries) > 1 or not has_room(search):
        return ()
    return ((Button(text=said.search, data=search),),)


def _chart(trend: Trend, here: Here, words: Words, said: TrendWords) -> dict[str, Any]:
    """What the picture is drawn of (``bot/charts/drawing.py``)."""
    is_one = len(trend.queries) == 1
    lines = list(trend.parts) if is_one else list(trend.totals)
    if is_one and trend.others is not None:
        lines.append(replace(trend.others, names=(said.count(said.others, trend.other_channels),)))
    total = sum(line.total for line in trend.totals)
    days = words.count(words.days, trend.days)
    counted = [_posts(total, words, said)] if is_one else []
    how = [said.mean] if trend.is_mean else [said.weekly] if trend.step == _WEEK else []
    return {
        "title": trend.queries[0] if is_one else "",
        "note": " · ".join([*counted, days, *how]),
        "stacked": is_one,
        "step": trend.step,
        "rest": is_one and trend.others is not None,
        "mean": trend.is_mean,
        "thousands": said.number(1000)[1:-3],
        "unknown": trend.unknown,
        "parts": [
            {"names": line.names, "total": said.number(line.total), "counts": line.counts}
            for line in lines
        ],
        "ticks": _dates(trend, here, words),
        "marks": [(mark.place, str(number)) for number, mark in enumerate(trend.marks, 1)],
    }


def _ticks(count: int, named: int = TICKS) -> list[int]:
    """The indexes that are labelled below the picture: the first, the last, and some between; every
    second one if there are few."""
    if count <= 2 * TICKS:
        return list(range(count - 1, -1, count // -TICKS))[::-1]
    return [round(place * (count - 1) / (named - 1)) for place in range(named)]


def _posts(count: int, words: Words, said: TrendWords) -> str:
    return words.posts[words.plural(count)].replace("{n}", said.number(count))


def _query(query: str) -> RichText:
    return code(shorten(query, QUERY_UNITS))


def _day(ago: int, here: Here, words: Words) -> str:
    return day_of(_at(ago, here), here, words)


def _dates(trend: Trend, here: Here, words: Words) -> list[tuple[int, str]]:
    """The days that are named below the picture, by their places; the first with its year where
    that is another."""
    days = [_at(ago, here) for ago in trend.ago]
    is_older = days[0].year != days[-1].year
    named = []
    for place in _ticks(len(days), TICKS - is_older):
        day, month = days[place].day, words.months_short[days[place].month - 1]
        template = words.day if place or not is_older else words.day_of_year
        named.append((place, template.format(day=day, month=month, year=days[place].year)))
    return named


def _at(ago: int, here: Here) -> datetime:
    return here.now.astimezone(here.zone) - timedelta(days=ago)
