"""``dateline verify``: whether a database, or a backup, is in order."""

import json
import sys
from pathlib import Path

from bot.process import terminal
from bot.settings import Settings
from storage.place import file_of
from storage.verifying import verify as verifying
from storage.verifying.verify import Report


def run(settings: Settings, path: Path | None, *, as_json: bool) -> int:
    """Look and say what is wrong; 0 where nothing is, else 1. Raises StorageError."""
    place = path or file_of(settings.database_url, "name a file, or use pg_amcheck")
    report = verifying.verify(place)
    if as_json:
        facts = {
            "ok": report.ok,
            "documents": report.documents,
            "problems": list(report.problems),
        }
        sys.stdout.write(json.dumps(facts, ensure_ascii=False, separators=(",", ":")) + "\n")
    else:
        _say(report)
    if report.is_older:
        sys.stderr.write(
            "dateline: it is of an earlier version: only the file, and what points at what, were"
            " looked at\n"
        )
    return 0 if report.ok else 1


def _say(report: Report) -> None:
    for problem in report.problems:
        sys.stdout.write(terminal.one_line(problem) + "\n")
    if report.ok:
        sys.stdout.write(f"in order: {report.documents} documents\n")
