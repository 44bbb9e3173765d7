"""What the parsers of all commands share: one-line errors, the settings file."""

import argparse
import difflib
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from bot.process import terminal
from storage.errors import UsageError

if TYPE_CHECKING:
    from bot.settings import Settings

UNNAMED = "user"
"""The account's name if none is given."""

_CHOICE = re.compile(r"invalid choice: '(.*)' \(choose from (.*)\)")

Handler: TypeAlias = Callable[[argparse.Namespace], int]
Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


class Parser(argparse.ArgumentParser):
    """An argument parser that reports errors as one line, with exit status 2.

    ``advice``: a hint of this command, added where something that looks like an option is none.
    """

    advice = ""
    _given: Sequence[str] = ()

    def parse_known_args(  # type: ignore[no-untyped-def]
        self, args=None, namespace=None
    ):
        """As argparse has it; what a command does not know is said by that command."""
        self._given = tuple(sys.argv[1:] if args is None else args)
        found, further = super().parse_known_args(args, namespace)
        if further:
            self.error(f"unrecognized arguments: {' '.join(further)}")
        return found, further

    def error(self, message: str) -> NoReturn:
        """Raise UsageError, instead of printing the usage and exiting."""
        odd = [one for one in self._given if self._is_no_option(one)]
        meant = _meant_choice(message) or self._meant_option(odd)
        advice = meant or (self.advice if odd else "")
        if self.advice and not advice and message.startswith("unrecognized"):
            advice = "several words of a query stand in quotation marks; "
        hint = f"{advice}see `{self.prog} --help`"
        raise UsageError(message, where=self.prog, hint=hint)

    def _is_no_option(self, argument: str) -> bool:
        looks_like_one = argument.startswith("-") and argument not in ("-", "--")
        return looks_like_one and argument.partition("=")[0] not in self._option_string_actions

    def _meant_option(self, odd: Sequence[str]) -> str:
        for one in odd:
            near = difflib.get_close_matches(one, self._option_string_actions, n=1, cutoff=0.7)
            if one.startswith("--") and near:
                return f"did you mean {near[0]}? "
        return ""


def _meant_choice(message: str) -> str:
    """``did you mean search? `` where argparse names all that may be chosen; else nothing."""
    match = _CHOICE.search(message)
    if match is None:
        return ""
    near = difflib.get_close_matches(match[1], re.findall(r"[^'\s,]+", match[2]), n=1)
    return f"did you mean {near[0]}? " if near else ""


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
