"""The options of ``token`` and ``mcp``."""

import argparse

from bot.commands import arguments
from bot.commands.parsing import Commands, Parser, add_command, read_settings


def add_commands(commands: Commands) -> None:
    """Add the commands of this room."""
    token = commands.add_parser(
        "token", help="Make, list and revoke the tokens of programs.", allow_abbrev=False
    )
    parts = token.add_subparsers(metavar="ACTION", required=True, parser_class=Parser)
    add = add_command(parts, "add", _add, "Make a token; it is shown this once.")
    add.add_argument("name", metavar="NAME", help="what it is called in the list")
    add.add_argument(
        "--scopes",
        default="search,documents,stories",
        metavar="SCOPES",
        help="of search, documents, stories, private (channels without a public name too);"
        " default: search,documents,stories",
    )
    add.add_argument(
        "--channels",
        nargs="+",
        default=(),
        metavar="CHANNEL",
        help="hold it to these (default: all)",
    )
    add.add_argument(
        "--for", type=arguments.span, dest="span", metavar="SPAN", help="30d, 12w: its end"
    )
    listing = add_command(parts, "list", _list, "List the tokens, without what is secret.")
    listing.add_argument("--json", action="store_true", help="one token a line")
    revoke = add_command(parts, "revoke", _revoke, "End a token, from the next request on.")
    revoke.add_argument("name", metavar="NAME")
    add_command(commands, "mcp", _mcp, "Answer an assistant on standard input and output.")


def _add(options: argparse.Namespace) -> int:
    from bot.commands.programs import token

    return token.add(
        read_settings(options),
        options.name,
        scopes=options.scopes,
        channels=options.channels,
        span=options.span,
    )


def _list(options: argparse.Namespace) -> int:
    from bot.commands.programs import token

    return token.show(read_settings(options), as_json=options.json)


def _revoke(options: argparse.Namespace) -> int:
    from bot.commands.programs import token

    return token.revoke(read_settings(options), options.name)


def _mcp(options: argparse.Namespace) -> int:
    from bot.commands.programs import assistant

    return assistant.run(read_settings(options))
