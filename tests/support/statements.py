"""Every statement that ``storage/`` gives to a database, read from its source."""

import ast
import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import storage
from storage.connection import PLACE, TRIPLE
from storage.outbox import outbox

ROOT = Path(storage.__file__).parent

_BEGINNING = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\s")

# Rooms of an engine's own, those that look into a file of SQLite's from outside, and the one that
# makes its statements of the tables it finds: its tests run each on both engines.
_ELSEWHERE = ("sqlite", "postgres", "verifying", "upgrading", "former_database.py", "transfer")

# What stands in the braces of statements that are put together, by their names there.
_FILLED: Mapping[str, Mapping[str, object]] = {
    "storage/documents/documents.py": {"but_not": "1 = 0"},
    "storage/documents/published.py": {"where": "FROM document WHERE id >= ? AND id < ?"},
    "storage/documents/problems.py": {"holds": "instr(raw, ?) > 0"},
    "storage/outbox/carried_over.py": {"named": "state = ?", "places": ", ".join("?" * 22)},
    "storage/outbox/outbox.py": {
        "behind": outbox._BEHIND,
        "without": " AND chat_id NOT IN (?)",
        "urgent": "",
        "shares": (0, 1),
    },
    "storage/outbox/queueing.py": {"rows": f"({', '.join('?' * 13)})"},
    "storage/outbox/topics.py": {"table": "alert"},
    "storage/retention/old_rows.py": {"key": "id", "table": "event_alias"},
    "storage/stories/period.py": {"where": "FROM document WHERE live = 1 AND stored_at > ?"},
    "storage/subscribers/plans.py": {"columns": ("chat_id",), "where": "due_at IS NULL"},
}
_LISTED = {
    "(:values)": "(?)",
    ":places": PLACE,
    ":triples": TRIPLE,
    "{marks}": "?",
    "{same}": "1 = 1",
    "{}": "id",
}


@dataclass(frozen=True)
class Statement:
    """A statement and where it stands."""

    place: str
    sql: str


def list_statements() -> list[Statement]:
    """Every statement, as it is run for one value where there is a list of them."""
    return [one for path in sorted(ROOT.rglob("*.py")) if _is_ours(path) for one in _read(path)]


def _is_ours(path: Path) -> bool:
    return not {*path.relative_to(ROOT).parts} & {*_ELSEWHERE}


def _read(path: Path) -> Iterator[Statement]:
    place = str(path.relative_to(ROOT.parent))
    name = place.removesuffix(".py").replace("/", ".")
    names = {**vars(importlib.import_module(name)), **_FILLED.get(place, {})}
    for node in _texts(ast.parse(path.read_text(encoding="utf-8"))):
        sql = _filled(_value(node, names))
        if _BEGINNING.match(sql):
            yield Statement(f"{place}:{node.lineno}", sql)


def _texts(tree: ast.AST) -> Iterator[ast.expr]:
    """The texts of a program that are not parts of others."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.Constant) and isinstance(node.value, str)
        ):
            yield node
        else:
            yield from _texts(node)


def _value(node: ast.expr, names: dict[str, Any]) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr) and not _BEGINNING.match(_plain(node)):
        return ""
    return str(eval(compile(ast.Expression(node), "a statement", "eval"), names))  # noqa: S307


def _filled(sql: str) -> str:
    for named, filled in _LISTED.items():
        sql = sql.replace(named, filled)
    return sql


def _plain(node: ast.JoinedStr) -> str:
    return "".join(str(one.value) for one in node.values if isinstance(one, ast.Constant))
