"""The file of settings: which names it gives which values, and what in it cannot be read.

What was meant to close an instance must not leave it open without a word: a line that cannot be
read is a problem, never passed over.
"""

import difflib
import io
from collections.abc import Collection, Iterator
from pathlib import Path

from msgspec import Struct, field

from storage.errors import UsageError

CLOSING = (
    "ACCESS",
    "DATABASE_URL",
    "DATA_DIR",
    "KEEP_DOCUMENTS",
    "KEEP_GROUP_POSTS",
    "KEEP_PROBLEMS",
    "KEEP_REVISIONS",
    "KEEP_SENT",
    "PROXY",
    "PROXY_FILE",
    "TELEGRAM_SERVER",
    "TELEGRAM_SERVER_KEY",
)
"""Settings without which the service is open to more people, connects to elsewhere, or keeps things
elsewhere or for longer than was meant: their value must not get lost."""


class SettingFile(Struct, frozen=True):
    """What a file of settings says. ``notes``: what is odd in it and is read nonetheless."""

    values: dict[str, str] = field(default_factory=dict)
    problems: list[UsageError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class _Line(Struct, frozen=True):
    """A setting of a file; ``name`` None: the line cannot be read; ``value`` None: it has none."""

    name: str | None
    value: str | None
    number: int


def read_file(env_file: Path | None, names: Collection[str]) -> SettingFile:
    """What a file says (``./.env`` unless another is named; nothing where that is not there).
    ``names`` are known. Of those given twice the last counts, which is noted."""
    path, found = env_file or Path(".env"), SettingFile()
    try:
        if env_file is None and not _stands(path):
            return found
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        hint = "make it readable, or name another with --env-file"
        found.problems.append(UsageError(f"cannot be read: {reason}", where=str(path), hint=hint))
        return found
    before: dict[str, int] = {}
    for line in _parse_file(text):
        if (problem := _problem_of(line, names)) is not None:
            problem.where = str(path)
            found.problems.append(problem)
            continue
        name, value = line.name or "", line.value or ""
        _look_at_repeated(found, path, before.get(name), line)
        before[name] = line.number
        found.values[name] = value
    return found


def _stands(path: Path) -> bool:
    """Whether anything has that name, a link to nothing too. Raises OSError."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True


def _problem_of(line: _Line, names: Collection[str]) -> UsageError | None:
    if line.name is None or (line.value is None and line.name in CLOSING):
        what = f"line {line.number} cannot be read"
        hint = "write NAME=value, with a quotation mark at both ends or at none"
        return UsageError(what, hint=hint)
    if line.name in names:
        return None
    near = difflib.get_close_matches(line.name.upper(), names, n=1)
    hint = f"did you mean {near[0]}?" if near else "see .env.example"
    return UsageError(f"unknown setting {line.name}", hint=hint)


def _look_at_repeated(found: SettingFile, path: Path, before: int | None, line: _Line) -> None:
    """Note a setting that has another value in a line before; no value is shown."""
    name, value = line.name or "", line.value or ""
    if before is None or found.values[name] == value:
        return
    where, lines = f"{path}: {name}", f"in line {before} and in line {line.number}"
    if not value.strip() and name in CLOSING:
        what = f"{name} has a value in line {before} and none in line {line.number}"
        found.problems.append(UsageError(what, where=str(path), hint="remove one of the lines"))
        return
    found.notes.append(f"{where} is set {lines}, and the latter counts; remove the other")


def _parse_file(text: str) -> Iterator[_Line]:
    """Each setting of a file with its line."""
    from dotenv.parser import parse_stream  # --help needs no settings

    for found in parse_stream(io.StringIO(text)):
        if found.error or found.key is not None:
            skipped = len(found.original.string) - len(found.original.string.lstrip())
            line = found.original.line + found.original.string[:skipped].count("\n")
            yield _Line(None if found.error else found.key, found.value, line)
