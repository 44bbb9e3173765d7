"""``dateline import``: files into the archive. Raises no alerts; safe to repeat."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.commands import archive, source_files
from bot.intake.imported import Importing
from bot.process import progress, terminal
from bot.settings import Settings
from handlers.conversation import own_words
from storage.channels import own_posts
from storage.document import Document
from storage.documents import groups
from storage.documents.authors import open_authors
from storage.records import OwnBot
from storage.retention.limits import Keeping, is_older

# One transaction each: long enough to be fast, short enough to leave room for a running service,
# and small enough to be held.
BATCH = 200
BATCH_LETTERS = 2_000_000


def run(
    settings: Settings,
    paths: Sequence[Path],
    *,
    format: str | None,
    channel: str | None,
    all_chats: bool,
    as_json: bool,
) -> int:
    """Store the documents of the files and print the counts; gives the exit status."""
    tally = source_files.Tally()
    with progress.bar(source_files.size(paths), "importing") as advance:
        found = source_files.read(
            paths, tally, format=format, channel=channel, all_chats=all_chats, advance=advance
        )
        outcomes = asyncio.run(_store(settings, found, tally, channel))
    counts = {
        "files": tally.files,
        "documents": tally.documents,
        "new": outcomes["new"],
        "updated": outcomes["updated"],
        "unchanged": outcomes["unchanged"],
        "skipped": tally.skipped,
        "failed": tally.failed,
        "formats": dict(sorted(tally.formats.items())),
        "errors": [{"file": file, "error": problem} for file, problem in tally.problems],
    }
    if as_json:
        sys.stdout.write(json.dumps(counts, ensure_ascii=False, separators=(",", ":")) + "\n")
    else:
        sys.stdout.write(_summary(counts, tally.formats))
    return tally.status


async def _store(
    settings: Settings, found: Iterator[Document], tally: source_files.Tally, given: str | None
) -> Counter[str]:
    async with archive.opened(settings) as database:
        authors = await open_authors(database, settings.authors)
        async with database.reader() as conn:
            bot = await own_posts.find_bot(conn)
        importing = Importing(database, authors=authors, given=given)
        kept = _kept(_others(found, bot, tally), settings.keeping, tally)
        return await _take_all(importing, kept, tally)


async def _take_all(
    importing: Importing, found: Iterator[Document], tally: source_files.Tally
) -> Counter[str]:
    """Store documents that were not watched live, in batches; how many by outcome."""
    outcomes: Counter[str] = Counter()
    while True:
        batch = _next_batch(found)
        outcomes.update(one.outcome for one in await importing.take(batch))
        await importing.set_aside(tally.take_unread())
        for file, problem in importing.take_failures():
            tally.note(tally.path_of(file), problem)
        if not batch:
            return outcomes


def _next_batch(found: Iterator[Document]) -> list[Document]:
    """The next documents that are stored together."""
    batch: list[Document] = []
    letters = 0
    while len(batch) < BATCH and letters < BATCH_LETTERS:
        document = next(found, None)
        if document is None:
            break
        batch.append(document)
        letters += sum(map(len, document.texts()))
    return batch


def _others(
    found: Iterator[Document], bot: OwnBot, tally: source_files.Tally
) -> Iterator[Document]:
    """Without what our own bot said in a group, and commands to it: they count as skipped."""
    for document in found:
        if own_words.is_ours(document, bot):
            tally.leave_out(document)
        else:
            yield document


def _kept(
    found: Iterator[Document], keeping: Keeping, tally: source_files.Tally
) -> Iterator[Document]:
    """Without what is older than it is kept, which counts as skipped: it would be forgotten again
    within hours."""
    now, old = datetime.now(UTC), 0
    for document in found:
        limit = keeping.of_posts(of_group=groups.is_of_group(document))
        if limit is not None and is_older(document, now - limit):
            old += 1
            tally.leave_out(document)
        else:
            yield document
    if old:
        terminal.say(f"dateline: {old} documents are older than KEEP_… says, and were skipped")


def _summary(counts: dict[str, object], formats: Counter[str]) -> str:
    lines = [f"{name}: {number} documents" for name, number in sorted(formats.items())]
    lines.append(
        "{files} files, {documents} documents: {new} new, {updated} updated, "
        "{unchanged} unchanged; {skipped} messages skipped, {failed} files failed".format(**counts)
    )
    return "\n".join(lines) + "\n"
