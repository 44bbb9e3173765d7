"""Rows as the new database holds them. Pure.

All is carried over as it is, but for the version of the index that documents stand in, which each
database has for itself, and NUL, which a text in PostgreSQL can't hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from storage.document_json import NUL
from storage.errors import StorageError
from storage.transfer.tables import Table, Values

INSTEAD = "\ufffd"


@dataclass(slots=True, kw_only=True)
class Fitting:
    """How rows are fitted. ``index``: the version under which documents are indexed in the new one;
    ``replaces_nul``: U+FFFD stands for NUL, in ``replaced`` rows so far; else that is an error."""

    index: int
    replaces_nul: bool = False
    replaced: int = field(default=0, init=False)

    def fit(self, table: Table, rows: Sequence[Values]) -> list[Values]:
        """Rows of a table. Raises StorageError for a text that can't be held."""
        fitted = [row if _fits(row) else self._without_nul(table, row) for row in rows]
        if table.name == "document":
            place = table.columns.index("analysis")
            fitted = [(*row[:place], self.index, *row[place + 1 :]) for row in fitted]
        return fitted

    def _without_nul(self, table: Table, row: Values) -> Values:
        if not self.replaces_nul:
            key = ", ".join(map(repr, table.key_of(row)))
            names = [
                name
                for name, one in zip(table.columns, row, strict=True)
                if isinstance(one, str) and NUL in one
            ]
            raise StorageError(
                f"{names[0]} holds a NUL character, which PostgreSQL can't store",
                where=f"{table.name} {key}",
                hint="mend it, or have U+FFFD put in its place: --replace-nul",
            )
        self.replaced += 1
        return tuple(one.replace(NUL, INSTEAD) if isinstance(one, str) else one for one in row)


def _fits(row: Values) -> bool:
    return not any(type(one) is str and NUL in one for one in row)
