"""``dateline import``: stores the documents of files in the archive. Raises no alerts; safe to
repeat."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from bot.commands import archive
from bot.commands.checking.findings import counted
from bot.commands.reading import ahead, source_files
from bot.commands.reading.ahead import Material
from bot.commands.reading.reader import ReadRequest
from bot.intake.imported import Importing
from bot.intake.prepared import Prepared
from bot.process import collecting, progress, terminal
from bot.settings import Settings
from handlers.conversation import own_words
from storage.channels import own_posts
from storage.documents import groups
from storage.documents.authors import open_authors
from storage.records import OwnBot
from storage.retention.limits import Keeping, is_older


class Pace(Struct, frozen=True):
    """What is stored in one transaction, in documents and in characters, and the seconds until the
    next one."""

    documents: int
    letters: int
    pause: float


ALONE = Pace(documents=200, letters=2_000_000, pause=0.0)
"""Without a service: transactions large enough to be fast, small enough for memory."""
BESIDE = Pace(documents=50, letters=500_000, pause=0.03)
"""While a service uses the database: short transactions, so that no answer waits long, and a pause
in which others that wait for the database (SQLite retries every 25 ms at first) notice that it is
free."""


def run(
    settings: Settings,
    paths: Sequence[Path],
    *,
    format: str | None,
    channel: str | None,
    all_chats: bool,
    as_json: bool,
) -> int:
    """Store the documents of the files and print the counts; returns the exit status."""
    tally, size = source_files.Tally(), source_files.size(paths)
    asked = ReadRequest(paths=tuple(paths), format=format, channel=channel, all_chats=all_chats)
    apart = ahead.is_worth_it(paths, size, ahead.count_cores())
    with (
        collecting.seldom(),
        progress.bar(size, "importing") as advance,
        Material(asked, tally, advance=advance, apart=apart) as material,
    ):
        outcomes = asyncio.run(_store(settings, material, tally, channel))
    counts = {
        "files": tally.files,
        "documents": tally.documents,
        "new": outcomes["new"],
        "updated": outcomes["updated"],
        "unchanged": outcomes["unchanged"],
        "skipped": tally.skipped,
        "failed": tally.failed,
    }
    if as_json:
        errors = [{"file": file, "error": problem} for file, problem in tally.problems]
        told = {**counts, "formats": dict(sorted(tally.formats.items())), "errors": errors}
        sys.stdout.write(json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n")
    else:
        sys.stdout.write(_summary(counts, tally.formats))
    return tally.status


async def _store(
    settings: Settings, material: Material, tally: source_files.Tally, given: str | None
) -> Counter[str]:
    async with archive.opened(settings) as database:
        authors = await open_authors(database, settings.authors)
        async with database.reader() as conn:
            bot = await own_posts.find_bot(conn)
        importing = Importing(database, authors=authors, given=given)
        kept = _kept(_others(material.documents(), bot, tally), settings.keeping, tally)

        async def find_pace() -> Pace:
            return BESIDE if await archive.is_served(settings, database) else ALONE

        return await _take_all(importing, kept, material, tally, find_pace)


async def _take_all(
    importing: Importing,
    found: Iterator[Prepared],
    material: Material,
    tally: source_files.Tally,
    find_pace: Callable[[], Awaitable[Pace]],
) -> Counter[str]:
    """Store documents as history, in batches; returns how many had each outcome."""
    outcomes: Counter[str] = Counter()
    while True:
        pace = await find_pace()
        batch = _next_batch(found, pace)
        came_to = Counter(one.outcome for one in await importing.take(batch))
        outcomes += came_to
        material.prefer(prepared=2 * came_to["new"] >= came_to.total())
        await importing.set_aside(tally.take_unread())
        for file, problem in importing.take_failures():
            tally.note(tally.path_of(file), problem)
        if not batch:
            return outcomes
        await asyncio.sleep(pace.pause)


def _next_batch(found: Iterator[Prepared], pace: Pace) -> list[Prepared]:
    """The next documents, which are stored together."""
    batch: list[Prepared] = []
    letters = 0
    while len(batch) < pace.documents and letters < pace.letters:
        one = next(found, None)
        if one is None:
            break
        batch.append(one)
        letters += sum(map(len, one.document.texts()))
    return batch


def _others(
    found: Iterator[Prepared], bot: OwnBot, tally: source_files.Tally
) -> Iterator[Prepared]:
    """The documents without what our own bot said in a group, and without commands to it; those
    count as skipped."""
    for one in found:
        if own_words.is_ours(one.document, bot):
            tally.leave_out(one.document)
        else:
            yield one


def _kept(
    found: Iterator[Prepared], keeping: Keeping, tally: source_files.Tally
) -> Iterator[Prepared]:
    """The documents without those that are older than posts are kept, which count as skipped: they
    would be deleted again within hours."""
    now, old = datetime.now(UTC), 0
    for one in found:
        limit = keeping.of_posts(of_group=groups.is_of_group(one.document))
        if limit is not None and is_older(one.document, now - limit):
            old += 1
            tally.leave_out(one.document)
        else:
            yield one
    if old:
        terminal.say(f"dateline: {old} documents are older than KEEP_… says, and were skipped")


def _summary(counts: Mapping[str, int], formats: Counter[str]) -> str:
    lines = [f"{name}: {counted(number, 'document')}" for name, number in sorted(formats.items())]
    files, documents = counted(counts["files"], "file"), counted(counts["documents"], "document")
    skipped, failed = counted(counts["skipped"], "message"), counted(counts["failed"], "file")
    lines.append(
        f"{files}, {documents}: {counts['new']} new, {counts['updated']} updated, "
        f"{counts['unchanged']} unchanged; {skipped} skipped, {failed} failed"
    )
    return "\n".join(lines) + "\n"
