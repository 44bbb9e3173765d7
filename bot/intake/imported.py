"""Stores the documents of imported files; what cannot be stored is set aside, and the others go
on."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.intake import door
from bot.intake.asides import kind_of
from bot.intake.events import Events
from bot.intake.posts import text_of
from bot.intake.prepared import Prepared
from handlers.normalize.post.problems import Problem
from storage import document_json
from storage.connection import Connection, Database
from storage.document import Document
from storage.documents import problems
from storage.documents.authors import Authors
from storage.errors import DamagedError, InputError, UnavailableError
from storage.records import NewProblem, Stored
from storage.version import program


class Importing:
    """Stores documents. ``given`` is the channel that the importing person named, if any."""

    def __init__(self, database: Database, *, authors: Authors, given: str | None = None) -> None:
        self._database = database
        self._authors = authors
        self._given = given
        self._events = Events()
        self._failures: list[tuple[str, str]] = []

    def take_failures(self) -> list[tuple[str, str]]:
        """The documents that could not be stored since the last call, as pairs of file and
        message."""
        taken, self._failures = self._failures, []
        return taken

    async def take(self, batch: Sequence[Prepared]) -> list[Stored]:
        """Store the documents that can be stored. Raises StorageError if none can be at present."""
        if not batch:
            return []
        try:
            return await self._store(batch)
        except (UnavailableError, DamagedError):
            raise
        except Exception as error:
            # One that is refused, for whatever reason, must not take the others along.
            if len(batch) == 1:
                await self._refuse(batch[0].document, error)
                return []
        return [stored for one in batch for stored in await self.take([one])]

    async def _store(self, batch: Sequence[Prepared]) -> list[Stored]:
        documents = [one.document for one in batch]
        async with self._database.transaction() as tx:
            now = datetime.now(UTC)
            stored, _ = await door.store(
                tx,
                documents,
                now=now,
                live=False,
                authors=self._authors,
                events=self._events,
                prepared=batch,
            )
            if await problems.count_problems(tx):
                await problems.remove_places(tx, [_place(document) for document in documents])
            return stored

    async def _refuse(self, document: Document, error: Exception) -> None:
        file = document.source.file or ""
        self._failures.append((file, f"{_place(document)}: {text_of(error)}; it is set aside"))
        raw = document_json.dump(self._authors.kept(document)).encode("utf-8", "surrogatepass")
        async with self._database.transaction() as tx:
            await self._set_aside(tx, _place(document), problems.DOCUMENT, raw, error, file)

    async def set_aside(self, unread: Sequence[tuple[Path, Problem]]) -> None:
        """Set aside the parts of files that could not be read, given with the file's path."""
        if not unread:
            return
        async with self._database.transaction() as tx:
            for path, problem in unread:
                place = f"{path.resolve()}, {problem.place}"
                error = InputError(problem.what, hint=problem.hint)
                await self._set_aside(tx, place, problem.format, problem.raw, error, problem.file)

    async def _set_aside(
        self,
        tx: Connection,
        place: str,
        form: str,
        raw: bytes | None,
        error: Exception,
        file: str | None,
    ) -> None:
        too_big = raw is not None and len(raw) > problems.LARGEST
        found = NewProblem(
            place=place,
            form=form,
            raw=raw,
            error=text_of(error) + ("; it is too big to be kept" if too_big else ""),
            kind=kind_of(error),
            file=file,
            given=self._given,
            history=True,
        )
        await problems.set_aside(tx, found, now=datetime.now(UTC), version=program())


def _place(document: Document) -> str:
    return f"{document.source.file}, {document.doc_id}"
