"""``dateline verify``: whether a database, or a backup, is in order."""

import asyncio
import json
import sys
from pathlib import Path

from bot.process import terminal
from bot.settings import Settings
from storage.location import location_of
from storage.verifying import on_server
from storage.verifying import verify as verifying
from storage.verifying.checks import Report


def run(settings: Settings, path: Path | None, *, as_json: bool) -> int:
    """Look and say what is wrong; 0 where nothing is, else 1. Raises StorageError."""
    report = _look(settings, path)
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
            "dateline: it is of an earlier version: only what points at what, and the file where it"
            " is one, were looked at\n"
        )
    return 0 if report.ok else 1


def _look(settings: Settings, path: Path | None) -> Report:
    location = location_of(settings.database_url)
    if (file := path or location.file) is not None:
        return verifying.verify(file)
    return asyncio.run(on_server.verify(location))


def _say(report: Report) -> None:
    for problem in report.problems:
        sys.stdout.write(terminal.one_line(problem) + "\n")
    if report.ok:
        sys.stdout.write(f"in order: {report.documents} documents\n")
