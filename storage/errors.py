"""The exception tree.

    DatelineError
    ├── UsageError            wrong use: option, setting, query, argument (exit status 2)
    │   ├── SettingsError     settings that cannot be used, with an error for each
    │   └── QueryError        a query that does not parse; points at the column
    ├── InputError            material that cannot be read as it claims to be
    │   └── DocumentError     a document that breaks the schema
    ├── StorageError          the database refused or failed
    │   ├── UnavailableError  what the database stands on fails for now; asked again, it may do
    │   ├── DamagedError      the file holds something else than a sound database
    │   ├── SchemaTooNewError the database was written by a newer version
    │   └── NotFoundError     the one thing asked for by id is not there
    └── ServiceError          Telegram, a session or the network failed (exit status 1)

Every error says where it happened, what happened and, where there is something to do, what:
``str(error)`` is the one line ``WHERE: WHAT; WHAT TO DO`` that a person reads.
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias

Cause: TypeAlias = Literal["disk", "lock", "files", "memory", "server"]


class DatelineError(Exception):
    """The root. ``where`` names a file and line, a setting, a command; ``hint`` what to do."""

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        self.what = what
        self.where = where
        self.hint = hint
        super().__init__(what)

    def __str__(self) -> str:
        line = f"{self.where}: {self.what}" if self.where else self.what
        return f"{line}; {self.hint}" if self.hint else line


class UsageError(DatelineError):
    """Wrong use by a person: the exit status is 2."""


class SettingsError(UsageError):
    """Settings that cannot be used. ``problems``: an error for each."""

    def __init__(self, problems: Sequence[UsageError]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class QueryError(UsageError):
    """A query that does not parse; ``column`` is the 0-based offset of the trouble.

    ``edit`` (from, until, what to put there) would mend this trouble, if not all there is.
    """

    def __init__(
        self,
        what: str,
        *,
        column: int = 0,
        hint: str = "",
        edit: tuple[int, int, str] | None = None,
    ) -> None:
        super().__init__(what, where=f"query, column {column + 1}", hint=hint)
        self.column = column
        self.edit = edit


class InputError(DatelineError):
    """Material that cannot be read as it claims to be."""


class DocumentError(InputError):
    """A document that breaks the schema."""


class StorageError(DatelineError):
    """The database refused or failed."""


class UnavailableError(StorageError):
    """What the database stands on fails for now: the same may be asked again when that is over.

    It says nothing against what was asked. ``cause`` is what fails: the ``disk`` (full, not
    writable, broken), a ``lock`` that another process holds, ``files`` that cannot be opened
    (rights, too many open), ``memory``, or the ``server`` of the database, which is away.
    """

    def __init__(self, what: str, *, cause: Cause, where: str = "", hint: str = "") -> None:
        super().__init__(what, where=where, hint=hint)
        self.cause: Cause = cause


class DamagedError(StorageError):
    """The file is damaged, or was never a database."""


class SchemaTooNewError(StorageError):
    """The database was written by a newer version of Dateline."""


class NotFoundError(StorageError):
    """The one thing asked for by its id is not there."""


class ServiceError(DatelineError):
    """Telegram, a session or the network failed: the exit status is 1."""
