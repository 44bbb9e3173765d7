"""``dateline search``: searches the archive."""

import asyncio
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.commands import archive
from bot.process import terminal
from bot.settings import Settings
from handlers.render.documents import json_lines
from handlers.render.text.dates import Here, here_in, partial_date
from handlers.texts.languages import words_of
from storage.documents import search
from storage.query.marked import Marked
from storage.query.reading import doubts, syntax
from storage.records import Hit, Sort

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"
# What one page of a search may hold; more are asked for page by page.
_PAGE = 100


def run(settings: Settings, query: str, *, limit: int, sort: Sort, as_json: bool) -> int:
    """Print at most ``limit`` documents that the query finds; finding none is no failure."""
    now, zone = datetime.now(UTC), ZoneInfo(settings.timezone)
    tree = syntax.parse(query, now=now, zone=zone)
    meant = doubts.with_operators(query, now=now, zone=zone)
    if meant is not None:
        sys.stderr.write(f"dateline: or, not in small letters are words; operators: {meant}\n")
    if not asyncio.run(_find(settings, tree, limit=limit, sort=sort, as_json=as_json)):
        terminal.say(f"dateline: nothing found for {terminal.one_line(tree.written)}")
    return 0


async def _find(
    settings: Settings, tree: syntax.Query, *, limit: int, sort: Sort, as_json: bool
) -> int:
    """Print what is found; returns how many documents that were."""
    found, following = 0, None
    here = here_in(settings.timezone, datetime.now(UTC))
    async with archive.opened(settings) as database:
        while limit > 0:
            async with database.reader() as reader:
                page = await search.search(
                    reader, tree, limit=min(limit, _PAGE), sort=sort, cursor=following
                )
            for hit in page.hits:
                sys.stdout.write(_as_json(hit) if as_json else _as_text(hit, here))
            found += len(page.hits)
            limit -= len(page.hits)
            following = page.following
            if following is None:
                break
    return found


def _as_json(hit: Hit) -> str:
    return json_lines.write(json_lines.hit_members(hit)) + "\n"


def _as_text(hit: Hit, here: Here) -> str:
    document = hit.document
    channel = document.channel
    name = channel and (channel.title or channel.username)
    words = words_of("en")
    published = partial_date(document.published_at, here, words) or words.unknown_date
    head = (published, name, document.url or document.doc_id)
    line = " · ".join(terminal.one_line(part) for part in head if part)
    attached = [f"[{found.name or found.type}] {_emphasized(found.text)}" for found in hit.attached]
    lines = [line, *filter(None, [_emphasized(hit.snippet), *attached])]
    return "\n  ".join(lines) + "\n\n"


def _emphasized(marked: Marked) -> str:
    """The snippet on one line, with the matches in bold if stdout is a terminal."""
    bold, plain = (_BOLD, _PLAIN) if sys.stdout.isatty() else ("", "")
    # Each character that does not print becomes one space, so the offsets still hold.
    text = "".join(char if char.isprintable() else " " for char in marked.text)
    pieces, done = [], 0
    for start, end in marked.spans:
        pieces += [text[done:start], bold, text[start:end], plain]
        done = end
    return "".join([*pieces, text[done:]])
