"""The options of ``backup``, ``restore``, ``verify`` and ``migrate``."""

import argparse
from pathlib import Path

from bot.commands.parsing import Commands, add_command, read_settings


def add_commands(commands: Commands) -> None:
    """Add the commands of this room."""
    taking = add_command(commands, "backup", _backup, "Copy the database, in use or not.")
    taking.add_argument("path", type=Path, metavar="PATH", help="a file that is not there yet")
    taking.add_argument(
        "--sessions",
        action="store_true",
        help="the two sessions too: whoever has the file has the accounts",
    )
    restoring = add_command(commands, "restore", _restore, "Put a backup in the database's place.")
    restoring.add_argument("path", type=Path, metavar="PATH", help="a backup")
    looking = add_command(commands, "verify", _verify, "See whether the database is in order.")
    looking.add_argument(
        "path", nargs="?", type=Path, metavar="PATH", help="a backup (default: the database)"
    )
    looking.add_argument("--json", action="store_true", help="print the outcome as JSON")
    moving = add_command(
        commands, "migrate", _migrate, "Carry the database into PostgreSQL, or back into SQLite."
    )
    moving.add_argument("--to", required=True, metavar="URL", help="a database with nothing in it")
    moving.add_argument(
        "--replace-nul",
        action="store_true",
        help="put U+FFFD where a text holds NUL, which PostgreSQL can't store",
    )


def _backup(options: argparse.Namespace) -> int:
    from bot.commands.keeping import backup

    return backup.run(read_settings(options), options.path, with_sessions=options.sessions)


def _restore(options: argparse.Namespace) -> int:
    from bot.commands.keeping import restore

    return restore.run(read_settings(options), options.path)


def _verify(options: argparse.Namespace) -> int:
    from bot.commands.keeping import verify

    return verify.run(read_settings(options), options.path, as_json=options.json)


def _migrate(options: argparse.Namespace) -> int:
    from bot.commands.keeping import migrate

    return migrate.run(read_settings(options), options.to, replaces_nul=options.replace_nul)
