"""``dateline evidence QUERY|URL… -o FOLDER``: the folder is written whole, or not at all."""

import asyncio
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.commands import archive
from bot.commands.evidence import collecting, ed25519, layout, signing
from bot.commands.evidence.collecting import Evidence, Heads
from bot.process import terminal
from bot.settings import Settings
from handlers.render.documents import canonical
from storage.chain import entries, found, heads, versions
from storage.connection import Connection
from storage.errors import DatelineError, UsageError
from storage.version import program


def run(settings: Settings, asked: Sequence[str], output: Path) -> int:
    """Write the evidence of what is asked for; gives 1 where the database does not hold it as it
    was recorded, which the folder says then as well."""
    try:
        with _appearing(output) as draft:
            doubts, count = asyncio.run(_write(settings, asked, draft))
    except OSError as error:
        raise DatelineError(
            f"cannot be written: {error.strerror}", where=str(output), hint="name another folder"
        ) from None
    for doubt in doubts:
        terminal.complain(doubt)
    posts = "1 post" if count == 1 else f"{count} posts"
    terminal.say(f"dateline: evidence of {posts} in {terminal.one_line(str(output))}")
    return 1 if doubts else 0


@contextmanager
def _appearing(folder: Path) -> Iterator[Path]:
    """A folder that takes its place at the end; nothing is left behind by a failure."""
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise UsageError("is there already", where=str(folder), hint="name a new folder")
    draft = folder.with_name(f".{folder.name}.{os.getpid()}")
    draft.mkdir(mode=0o700, parents=True)
    try:
        yield draft
        draft.replace(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


async def _write(settings: Settings, asked: Sequence[str], folder: Path) -> tuple[list[str], int]:
    """Write it; gives what is in doubt, a line each, and the number of posts."""
    async with archive.opened(settings) as database:
        seed = signing.open_key(settings.data_dir)
        now = datetime.now(UTC)
        await found.find_all(database, now=now)
        await heads.close_days(database, now=now)
        async with collecting.at_one_moment(database) as conn:
            writing = _Writing(folder, await collecting.read_heads(conn))
            zone = ZoneInfo(settings.timezone)
            async for document in collecting.list_asked(conn, asked, zone):
                evidence = await collecting.read_evidence(conn, document)
                if evidence is not None:
                    await writing.add(conn, evidence)
    if not writing.posts:
        raise DatelineError("nothing found", where=" ".join(asked), hint="ask for something else")
    writing.finish(asked, now, seed, posted_in=settings.evidence_channel)
    return writing.doubts, len(writing.posts)


class _Writing:
    """Writes the files, and remembers their hashes."""

    def __init__(self, folder: Path, all_heads: Heads) -> None:
        self._folder = folder
        self._heads = all_heads
        self._hashes: dict[str, str] = {}
        self._post_doubts: list[str] = []
        self.posts: list[dict[str, object]] = []

    @property
    def doubts(self) -> list[str]:
        """What is not as it was recorded."""
        return [*self._post_doubts, *self._heads.doubts.values()]

    def _put(self, name: str, content: bytes) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self._hashes[name] = sha256(content).hexdigest()

    async def add(self, conn: Connection, evidence: Evidence) -> None:
        """Write a post."""
        place = layout.post_folder(len(self.posts) + 1)
        names: dict[bytes, str] = {}
        for number, form in enumerate(evidence.history.list_forms(), 1):
            name = layout.version_file(number)
            names[versions.digest(form)] = name
            self._put(f"{place}/{name}", form)
        text = canonical.canonical(evidence.document).encode(errors="replace")
        self._put(f"{place}/{layout.TEXT}", text)
        self._put(f"{place}/{layout.DOCUMENT}", evidence.history.text.encode())
        told = await collecting.told(evidence, self._heads, names)
        self._put(f"{place}/{layout.POST}", told.encode())
        doc_id = evidence.document.doc_id
        self._post_doubts += [f"{doc_id}: {doubt}" for doubt in evidence.doubts]
        self.posts.append(
            {
                "folder": place,
                "doc_id": doc_id,
                "url": evidence.document.url,
                "versions": len(evidence.history.revisions) + 1,
                "redacted": evidence.is_redacted,
                "doubts": len(evidence.doubts),
            }
        )

    def finish(
        self, asked: Sequence[str], now: datetime, seed: bytes, *, posted_in: str | None
    ) -> None:
        """Write what all posts have in common, and sign."""
        key = ed25519.public_key(seed)
        lines = "".join(f"{head.line}\n" for head in self._heads.all)
        self._put(layout.HEADS, lines.encode())
        for head in self._heads.all:
            if (answer := self._heads.answers.get(head.number)) is not None:
                for name, held in zip(
                    layout.stamp_files(head.number), (answer, head.line.encode()), strict=True
                ):
                    self._put(name, held)
        content = {
            "format": layout.FORM,
            "made_at": entries.moment(now),
            "program": program(),
            "key": key.hex(),
            "asked": list(asked),
            "heads_posted_in": posted_in,
            "doubts": self.doubts,
            "posts": self.posts,
        }
        self._put(
            layout.MANIFEST, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
        )
        self._put(layout.README, layout.GUIDE.encode())
        self._put(layout.KEY, ed25519.write_public(key).encode())
        sums = layout.write_sums(self._hashes).encode()
        (self._folder / layout.SUMS).write_bytes(sums)
        (self._folder / layout.SIGNATURE).write_bytes(ed25519.sign(seed, sums))
