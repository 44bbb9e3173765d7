"""``dateline backup``: one file with all that the instance knows, of a running one too."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from bot.backups import taking
from bot.process import progress
from bot.settings import Settings
from bot.telegram import sessions
from bot.telegram.sessions import Account
from storage.errors import DamagedError
from storage.location import file_of

MEBIBYTE = 1024 * 1024


def run(settings: Settings, target: Path, *, with_sessions: bool) -> int:
    """Make the backup and say what is in it. Raises UsageError, StorageError."""
    source = file_of(settings.database_url, "use pg_dump: see docs/scaling.md")
    held = list_sessions(settings.data_dir) if with_sessions else {}
    with progress.counted("copying") as shown:
        taken = taking.take(
            source,
            target,
            now=datetime.now(UTC),
            sessions=held,
            watch=lambda left, pages: shown(pages - left, pages),
        )
    size = f"{taken.size / MEBIBYTE:.1f} MiB"
    sys.stdout.write(f"{taken.path}: {taken.report.documents} documents, {size}, checked\n")
    if with_sessions:
        names = ", ".join(sorted(held)) or "there are none"
        sys.stderr.write(f"dateline: sessions in it: {names}; whoever has the file has them\n")
    if not taken.report.ok:
        raise DamagedError(
            f"it was made, but what it holds is not in order: {taken.report.problems[0]}",
            where=str(taken.path),
            hint=f"see `dateline verify {taken.path}`",
        )
    return 0


def list_sessions(data_dir: Path) -> dict[str, Path]:
    """The sessions that are there, by account."""
    found = {account: sessions.session_path(data_dir, account) for account in get_args(Account)}
    return {account: path for account, path in found.items() if path.is_file()}
