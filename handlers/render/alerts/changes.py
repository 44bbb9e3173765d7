"""An alert about an edited post: what it said and says now, and when."""

from collections.abc import Sequence
from datetime import datetime

from handlers.render.alerts.alerts import queries_line
from handlers.render.alerts.story_lines import AlertDetails, detail_lines
from handlers.render.text.dates import Here, clock, here_in, moment
from handlers.render.text.headings import heading, origin, published_moment
from handlers.render.text.messages import truncate
from handlers.render.text.rich import RichText, join
from handlers.render.text.wording_diff import word_diff
from handlers.texts.alerts.alert_lines import AlertLinesWords, alert_lines_words
from handlers.texts.languages import words_of
from handlers.texts.words import Words
from storage import times
from storage.document import Document
from storage.query import snippet
from storage.records import Alert

MOST_UNITS = 3800


def change_text(
    document: Document,
    alerts: Sequence[Alert],
    *,
    former: Document,
    language: str,
    timezone: str,
    now: datetime,
) -> RichText:
    """The text of an alert about a post that now says something else than ``former``."""
    words, said, here = words_of(language), alert_lines_words(language), here_in(timezone, now)
    head: list[RichText | str] = [
        "🔔 " + queries_line(alerts),
        heading(document, here, words),
        origin(document, here, words) or "",
        "✏️ " + _when(document, former, here, words, said),
        *detail_lines(document, AlertDetails(), here=here, words=words, said=said),
    ]
    differs = word_diff(snippet.searchable_text(former), snippet.searchable_text(document))
    body = differs or RichText(said.changed_back)
    return truncate(join("\n\n", [join("\n", [line for line in head if line]), body]), MOST_UNITS)


def _when(
    document: Document, former: Document, here: Here, words: Words, said: AlertLinesWords
) -> str:
    """``changed: today 14:05 → 14:31 (26 min)``, as far as it is known."""
    first = times.from_partial(former.edited_at) or published_moment(former)
    last = times.from_partial(document.edited_at)
    if first is None or last is None or last == first:
        return said.changed
    span = said.span((last - first).total_seconds())
    is_same_day = first.astimezone(here.zone).date() == last.astimezone(here.zone).date()
    until = clock(last.astimezone(here.zone)) if is_same_day else _exact(last, here, words)
    return f"{said.changed}: {_exact(first, here, words)} → {until} ({span})"


def _exact(at: datetime, here: Here, words: Words) -> str:
    """A moment with its time, however long ago it was."""
    told, time = moment(at, here, words), clock(at.astimezone(here.zone))
    return told if told.endswith(time) else f"{told} {time}"
