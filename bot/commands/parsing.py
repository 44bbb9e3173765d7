"""What the parsers of all commands share: one-line errors, the settings file."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from bot.process import terminal
from storage.errors import UsageError

if TYPE_CHECKING:
    from bot.settings import Settings

UNNAMED = "user"
"""The account's name if none is given."""

Handler: TypeAlias = Callable[[argparse.Namespace], int]
Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


class Parser(argparse.ArgumentParser):
    """An argument parser that reports errors as one line, with exit status 2.

    ``advice``: a hint of this command, added to every error.
    """

    advice = ""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError, instead of printing the usage and exiting."""
        raise UsageError(message, where=self.prog, hint=f"{self.advice}see `{self.prog} --help`")


def add_command(
    commands: Commands, name: str, handler: Handler, summary: str, *, settings: bool = True
) -> Parser:
    """Add a command that ``handler`` carries out; ``settings``: whether it reads the settings."""
    parser = commands.add_parser(name, help=summary, description=summary, allow_abbrev=False)
    parser.set_defaults(handler=handler)
    if settings:
        add_env_file(parser, default=argparse.SUPPRESS)
    return parser


def add_env_file(parser: argparse.ArgumentParser, *, default: str | None) -> None:
    """Add ``--env-file``, which may stand before or after the command; the later one counts."""
    parser.add_argument(
        "--env-file",
        type=Path,
        metavar="PATH",
        default=default,
        help="settings file (default: ./.env)",
    )


def add_account(parser: argparse.ArgumentParser) -> None:
    """Add ``--account``, for commands that use the user account."""
    parser.add_argument("--account", default=UNNAMED, metavar="NAME", help="one of several")


def read_settings(options: argparse.Namespace) -> "Settings":
    """The settings from the environment and the settings file; with ``--account`` those of that
    account."""
    from bot import settings as settings_module  # --help does without

    found = settings_module.load(os.environ, options.env_file)
    for note in found.notes:
        terminal.say(f"dateline: warning: {terminal.one_line(note)}")
    account = getattr(options, "account", UNNAMED)
    if account == UNNAMED:
        return found
    from bot.telegram.signin import for_account  # most commands do without Telethon

    return for_account(found, account)
