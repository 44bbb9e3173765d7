"""An article of a news page, read into a document.

Its shape: ``[" date " DATE " "] [furniture] [title] [deck] [dateline] paragraphs [tail]``. The
dateline is cut from the first paragraph; a page time refines the header's day; where the two or the
dateline disagree by a day, the header wins and the document says so.
"""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from handlers.normalize.article import furniture
from handlers.normalize.article import opening as article_opening
from handlers.normalize.article import source as article_source
from handlers.normalize.article import times as page_times
from handlers.normalize.article.opening import Opening
from handlers.normalize.article.source import Item
from handlers.normalize.article.times import PageTime
from handlers.normalize.datelines import agencies, datelines
from handlers.normalize.post import lines
from handlers.normalize.post.headers import Header
from storage.document import (
    Basis,
    Block,
    Dateline,
    Document,
    Flag,
    Furniture,
    FurnitureKind,
    Precision,
    Source,
)
from storage.structs import replace

_TAIL_REACH = 14
_PRECISIONS: dict[int, Precision] = {4: "year", 7: "month", 10: "day", 16: "minute"}
_LINKING = (
    "a an the of from to in and or by for with on at that which as than its his her their is are"
    " was were be has had not и в во на с со по о об из за для что как к у от до при или не а но"
)
_LINKING_WORDS = frozenset(_LINKING.split())
_LEAST_WRAPPED = 36
_MOST_WRAPPED = 120
_SHORT_HEADING = lines.SHORT


class _Dating(Struct, frozen=True, kw_only=True):
    """When an article was published, how well that is known, and what is doubtful."""

    at: str | None
    precision: Precision
    basis: Basis
    flags: tuple[Flag, ...]


def read_article(text: str, *, file: str, file_hash: str) -> Document:
    """The article that a file holds, not yet finished. Never fails, whatever the text."""
    source = article_source.split(text)
    items = source.items
    opening = article_opening.read(items)
    end = _tail_start(items, opening.start)
    kinds = dict(opening.kinds)
    kinds.update({at: _tail_kind(items[at]) for at in range(end, len(items))})
    dateline, body_items = _cut_dateline(items[:end], opening, kinds)
    dating = _date(source.header, _page_time(items, kinds), dateline)
    return Document(
        kind="article",
        doc_id=f"txt:{file_hash[:16]}#1",
        source=Source(type="text", file=file, lines=(1, source.count)),
        published_at=dating.at,
        published_precision=dating.precision,
        published_basis=dating.basis,
        header_date=source.header.date if source.header else None,
        dateline=dateline,
        title=items[opening.title].text if opening.title is not None else None,
        deck=items[opening.deck].text if opening.deck is not None else None,
        body=tuple(_blocks(body_items, behind_dateline=dateline is not None)),
        furniture=tuple(
            Furniture(kind=kinds[at], text=items[at].text, at=items[at].block)
            for at in sorted(kinds)
        ),
        flags=dating.flags,
        content_hash="",
    )


def _tail_start(items: Sequence[Item], start: int) -> int:
    """Where the text ends and the page's tail begins."""
    end = len(items)
    for at in range(max(start + 1, end - _TAIL_REACH), end):
        if not items[at].guarded and furniture.begins_tail(items[at].text):
            end = at
            break
    while end > start + 1 and not items[end - 1].guarded:
        if furniture.tail_kind(items[end - 1].text) is None:
            break
        end -= 1
    if end == start + 1 and start < len(items) and not items[start].guarded:
        end -= furniture.tail_kind(items[start].text) is not None
    return end


def _tail_kind(item: Item) -> FurnitureKind:
    return furniture.tail_kind(item.text) or "tail"


def _cut_dateline(
    items: Sequence[Item], opening: Opening, kinds: dict[int, FurnitureKind]
) -> tuple[Dateline | None, list[Item]]:
    """The dateline of the first paragraph, and the text without it."""
    above = [items[at] for at in range(opening.start, opening.lead) if at not in kinds]
    below = list(items[max(opening.start, opening.lead) :])
    if not below or below[0].guarded:
        return None, above + below
    found = datelines.match(below[0].text)
    if found is None:
        return None, above + below
    above = _as_first(above)
    line = below[0].text
    rest = line[found.end :]
    if rest.strip():
        tight = line.lstrip(" \t\xa0").startswith(found.dateline.raw + rest)
        first = replace(below[0], text=rest, gap=0 if tight else None)
        return found.dateline, [*above, first, *below[1:]]
    kept = below[1:]
    if kept and found.dateline.agency is None and not kept[0].guarded:
        agency = kept[0].text.strip().removesuffix(":")
        if agencies.is_name(agency):
            kinds[opening.lead + 1] = "credit"
            return replace(found.dateline, agency=agency), above + _as_first(kept[1:])
    return found.dateline, above + kept


def _as_first(items: list[Item]) -> list[Item]:
    return [replace(items[0], gap=None), *items[1:]] if items else []


def _page_time(items: Sequence[Item], kinds: dict[int, FurnitureKind]) -> PageTime | None:
    """The page's time: the first that has a clock, else the first."""
    times: list[PageTime] = []
    for at in sorted(kinds):
        if kinds[at] == "page_time":
            rest = page_times.split(items[at].text)
            time = page_times.parse(items[at].text) or (rest[1] if rest else None)
            times += [time] if time else []
    return next((time for time in times if time.clock), times[0] if times else None)


def _blocks(items: Sequence[Item], *, behind_dateline: bool) -> Iterator[Block]:
    """The paragraphs, with hard-wrapped lines put together again (the line breaks stay).

    The first has a gap only behind a dateline: 0 where nothing, 1 where a line break parts the two.
    """
    joined: list[Item] = []
    claimed = any(item.role for item in items)
    for item in items:
        goes_on = item.gap == 1 and not item.guarded if claimed else None
        if joined and (_is_wrapped(joined[-1], item) if goes_on is None else goes_on):
            joined[-1] = replace(joined[-1], text=f"{joined[-1].text}\n{item.text}")
        else:
            joined.append(item)
    for at, item in enumerate(joined):
        gap = item.gap if at or (behind_dateline and item.gap != 2) else None
        block = lines.block(lines.Line(text=item.text, gap=gap))
        following = joined[at + 1] if at + 1 < len(joined) else None
        if block.type == "para" and following is not None and _heads(item, following):
            block = replace(block, type="subhead")
        yield block


def _is_wrapped(above: Item, item: Item) -> bool:
    """Whether a line goes on with the sentence that the line above it left open."""
    if item.gap != 1 or above.guarded or item.guarded:
        return False
    last = above.text.rsplit("\n", 1)[-1].rstrip()
    if not _LEAST_WRAPPED <= len(last) <= _MOST_WRAPPED or re.search(r"[.!?…:;»”\"')]$", last):
        return False
    word = last.rsplit(" ", 1)[-1].lower()
    return item.text[:1].islower() or last.endswith(",") or word in _LINKING_WORDS


def _heads(item: Item, following: Item) -> bool:
    """Whether a short line without an end heads the paragraph after it."""
    bare = item.text.strip()
    return (
        len(bare) < _SHORT_HEADING
        and bare[:1].isupper()
        and (bare[-1].isalnum() or bare.endswith("?"))
        and len(following.text) > len(bare)
        and article_opening.ends_sentence(following.text)
    )


def _date(header: Header | None, time: PageTime | None, dateline: Dateline | None) -> _Dating:
    if header is not None and header.published_at is not None:
        return _date_by_header(header, time, dateline)
    if time is not None and time.date is not None:
        return _date_by(time.date, time, "page_time")
    if dateline is not None and dateline.date is not None:
        return _date_by(dateline.date, PageTime(clock=datelines.find_clock(dateline)), "dateline")
    return _Dating(at=None, precision="none", basis="none", flags=())


def _date_by_header(header: Header, time: PageTime | None, dateline: Dateline | None) -> _Dating:
    written = header.date
    conflicts = [
        date
        for date in (time.date if time else None, dateline.date if dateline else None)
        if date is not None and not _agree(written, date)
    ]
    flags: tuple[Flag, ...] = ("date_conflict",) if conflicts else ()
    exact = _made_exact(written, time)
    if time is None or time.clock is None or exact is None or time.date in conflicts:
        return _Dating(at=written, precision=header.precision, basis="header", flags=flags)
    found = _date_by(exact, time, "header+page_time")
    return replace(found, flags=found.flags + flags)


def _made_exact(written: str, time: PageTime | None) -> str | None:
    """The header's day; if the header has only a month, the day in the page's time."""
    if len(written) == len("2026-09-11"):
        return written
    date = time.date if time else None
    if date is None or len(written) != len("2026-09"):
        return None
    return written[:4] + date[1:] if date.startswith("--") else date if len(date) == 10 else None


def _date_by(date: str, time: PageTime | None, basis: Basis) -> _Dating:
    flags: tuple[Flag, ...] = ()
    if date.startswith("--"):
        return _Dating(at=date, precision="day_no_year", basis=basis, flags=("year_unknown",))
    if time is not None and time.clock is not None and len(date) == 10:
        flags = () if time.zone else ("zone_unknown",)
        date = f"{date}T{time.clock}"
        at = date + (time.zone or "")
        return _Dating(at=at, precision="minute", basis=basis, flags=flags)
    return _Dating(at=date, precision=_PRECISIONS[len(date)], basis=basis, flags=flags)


def _agree(header: str, date: str) -> bool:
    """Whether two partial dates may be the same day, as far as both say."""
    if date.startswith("--"):
        if len(header) < 7:
            return True
        return header[4:] == date[1:] if len(header) == 10 else header[5:7] == date[2:4]
    shorter = min(len(header), len(date))
    return header[:shorter] == date[:shorter]
