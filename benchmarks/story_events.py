"""How well posts of one event are found in other words, beside two plainer ways to do it.

Rows are lines of ``{"id", "date", "channel", "text", "event"}``, with ``topics`` where posts are of
one saga: pairs that share one, but not the event, count neither way.
"""

import json
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from handlers.normalize.parsing import markdown
from handlers.stories import fingerprint, standing, threads
from handlers.stories.gist import likeness
from handlers.stories.threads import PostTerms, Threads
from storage.stories import stories

PRECISION = 0.97
_THRESHOLDS = [step / 100 for step in range(10, 71)]
_LEARN_EVERY = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A labelled post; ``at``: seconds since 1970, 0 where it has no date."""

    at: int
    channel: str
    text: str
    event: str | None
    topics: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How well labels agree with events, by pairs of posts and by posts (B³)."""

    precision: float
    recall: float
    f1: float
    b3: float


Labels = Sequence[object]


def read_rows(path: Path, *, labelled: bool) -> list[Row]:
    """The rows of a file, in the order of their dates. Raises SystemExit, with the line, for what
    is none."""
    rows = []
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    rows.append(_read_row(line, f"{path}:{number}", labelled=labelled))
    except (OSError, UnicodeDecodeError) as error:
        raise SystemExit(f"stories: error: {path}: {error}; give a file of JSON Lines") from error
    return sorted(rows, key=lambda row: row.at)


def _read_row(line: str, place: str, *, labelled: bool) -> Row:
    try:
        row = json.loads(line)
        at = int(datetime.fromisoformat(row["date"]).timestamp()) if row.get("date") else 0
        return Row(
            at=at,
            channel=str(row.get("channel") or ""),
            text=markdown.read(row["text"])[0],
            event=str(row["event"]) if labelled else None,
            topics=frozenset(map(str, row.get("topics") or ())),
        )
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        wanted = '{"id": …, "date": …, "channel": …, "text": …, "event": …}'
        raise SystemExit(f"stories: error: {place}: {error!r}; a post is {wanted}") from error


class _Reader:
    """Reads posts as the service does: without the standing lines of their channels so far."""

    def __init__(self) -> None:
        self._recent: defaultdict[str, deque[str]] = defaultdict(
            lambda: deque(maxlen=standing.REMEMBERED)
        )
        self._counts: Counter[str] = Counter()
        self._lines: dict[str, frozenset[standing.Line]] = {}

    def read(self, row: Row) -> PostTerms:
        recent = self._recent[row.channel]
        recent.append(row.text)
        self._counts[row.channel] += 1
        if row.channel and (self._counts[row.channel] % _LEARN_EVERY == 0 or len(recent) < 10):
            self._lines[row.channel] = threads.learn(recent)
        return threads.read_post(row.text, self._lines.get(row.channel, frozenset()))


def thread(rows: Sequence[Row], background: Sequence[Row]) -> Labels:
    """The events that the rows are put into."""
    found, reader = Threads(), _Reader()
    for row in background:
        _count(found, reader.read(row))
    readings = [reader.read(row) for row in rows]
    names: dict[int, int] = {}
    labels: list[int] = []
    for start, end in _together(rows):
        for reading in readings[start:end]:
            _count(found, reading)
        labels += [_join(found, n, rows[n], readings[n], names) for n in range(start, end)]
    return [_resolve(label, names) for label in labels]


def _count(found: Threads, reading: PostTerms) -> None:
    found.count(reading.terms.times, russian=reading.terms.russian)


def _join(found: Threads, number: int, row: Row, reading: PostTerms, names: dict[int, int]) -> int:
    if reading.is_roundup:
        return number
    about = found.weigh(reading)
    joined = found.join(number, row.at, about, terms=reading.terms)
    names.update(dict.fromkeys(joined.merged, joined.event))
    return joined.event


def _resolve(label: int, names: Mapping[int, int]) -> int:
    while label in names:
        label = names[label]
    return label


def _together(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """Ranges of rows that come in at once: those of one second."""
    start = 0
    for end in range(1, len(rows) + 1):
        if end == len(rows) or rows[end].at != rows[start].at:
            yield start, end
            start = end


def copy(rows: Sequence[Row]) -> Labels:
    """The stories of forwards and near copies alone."""
    sketches = [set(fingerprint.sketch(row.text)) for row in rows]
    labels = list(range(len(rows)))
    for number, row in enumerate(rows):
        for other in range(number):
            near = row.at - rows[other].at <= stories.WINDOW.total_seconds()
            common = len(sketches[number] & sketches[other]) >= stories.COMMON
            if near and common and fingerprint.same_story(row.text, rows[other].text):
                labels[number] = labels[other]
                break
    return labels


def plain(rows: Sequence[Row], background: Sequence[Row]) -> Callable[[float], Labels]:
    """Plain TF-IDF: whole texts, each with the nearest before it if that is near enough."""
    found = Threads()
    readings = [threads.read_post(row.text) for row in rows]
    for row in (*background, *rows):
        _count(found, threads.read_post(row.text))
    gists = [found.weigh(reading) for reading in readings]
    nearest = [
        max(((likeness(gists[n], gists[o]), o) for o in range(n)), default=(0.0, n))
        for n in range(len(rows))
    ]

    def label(threshold: float) -> Labels:
        labels = list(range(len(rows)))
        for number, (alike, other) in enumerate(nearest):
            if alike >= threshold:
                labels[number] = labels[other]
        return labels

    return label


def score(rows: Sequence[Row], labels: Labels) -> Score:
    """Compare labels with the events of the rows."""
    right = wrong = missed = 0
    for number, row in enumerate(rows):
        for other in range(number):
            same = row.event == rows[other].event
            joined = labels[number] == labels[other]
            if same or not row.topics & rows[other].topics:
                right += same and joined
                wrong += joined and not same
                missed += same and not joined
    precision = right / (right + wrong) if right + wrong else 1.0
    recall = right / (right + missed) if right + missed else 1.0
    b3 = _b3([row.event for row in rows], labels)
    return Score(precision=precision, recall=recall, f1=_f1(precision, recall), b3=b3)


def _b3(wanted: Labels, labels: Labels) -> float:
    both, theirs, ours = (
        Counter(zip(wanted, labels, strict=True)),
        Counter(wanted),
        Counter(labels),
    )
    precision = sum(n * n / ours[label] for (_, label), n in both.items()) / max(1, len(labels))
    recall = sum(n * n / theirs[event] for (event, _), n in both.items()) / max(1, len(labels))
    return _f1(precision, recall)


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def report(path: Path, background: Path | None) -> Iterator[str]:
    """A figure a line, then a summary."""
    rows = read_rows(path, labelled=True)
    # Of an archive that nobody gave the rows themselves are a sample.
    known = read_rows(background, labelled=False) if background else rows
    ours = score(rows, thread(rows, known))
    yield from _figures("", ours)
    yield from _figures("copies_", score(rows, copy(rows)))
    label = plain(rows, known)
    sure = [found for t in _THRESHOLDS if (found := score(rows, label(t))).precision >= PRECISION]
    best = max(sure, key=lambda found: found.recall, default=None)
    if best is not None:
        yield from _figures("tfidf_", best)
    reached = best.recall if best else 0.0
    yield (
        f"{len(rows)} posts, {len({row.event for row in rows})} events: "
        f"precision {ours.precision:.3f}, recall {ours.recall:.3f}, F1 {ours.f1:.3f}; "
        f"plain TF-IDF's recall at a precision of {PRECISION} is {reached:.3f} at best"
    )


def _figures(prefix: str, found: Score) -> Iterator[str]:
    yield f"{prefix}pair_precision {found.precision:.4f}"
    yield f"{prefix}pair_recall {found.recall:.4f}"
    yield f"{prefix}pair_f1 {found.f1:.4f}"
    yield f"{prefix}b3_f1 {found.b3:.4f}"
