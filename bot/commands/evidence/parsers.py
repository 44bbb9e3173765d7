"""The options of ``evidence``."""

import argparse
from pathlib import Path

from bot.commands.parsing import Commands, add_command, read_settings
from storage.errors import UsageError

_VERIFY = "verify"


def add_commands(commands: Commands) -> None:
    """Add the command of this room."""
    parser = add_command(
        commands, "evidence", _evidence, "Write posts with their history, signed; or verify such."
    )
    parser.usage = (
        "dateline evidence QUERY|URL… -o FOLDER\n       dateline evidence verify FOLDER [--key KEY]"
    )
    parser.advice = "a query that begins with - stands behind --; "
    parser.add_argument("asked", nargs="+", metavar="QUERY|URL", help="posts, by link or query")
    parser.add_argument("-o", "--output", type=Path, metavar="FOLDER", help="a new folder")
    parser.add_argument(
        "--key", metavar="KEY", help="verify: who must have signed, a key.pem or its fingerprint"
    )


def _evidence(options: argparse.Namespace) -> int:
    if options.output is not None:
        from bot.commands.evidence import folder

        return folder.run(read_settings(options), options.asked, options.output)
    first, *rest = options.asked
    if first != _VERIFY:
        raise UsageError("no folder is named", where="evidence", hint="name a new one: -o FOLDER")
    if len(rest) != 1:
        raise UsageError("verify which folder?", where="evidence", hint="name one")
    from bot.commands.evidence import verifying

    return verifying.run(Path(rest[0]), key=options.key)
