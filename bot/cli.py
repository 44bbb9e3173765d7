"""The command line: options in, one exit status out.

0 done, 1 a failure at work, 2 wrong use. stdout carries results only; a failure is one line on
stderr, ``dateline: error: WHERE: WHAT; WHAT TO DO``. What a command does stands in the module that
its handler imports: ``dateline normalize`` never waits for Telethon, ``--help`` not for asyncio.
"""

import argparse
import sys
from collections.abc import Coroutine, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from bot.commands import arguments, status
from bot.commands.evidence import parsers as evidence
from bot.commands.keeping import parsers as keeping
from bot.commands.parsing import (
    Commands,
    Handler,
    Parser,
    add_account,
    add_command,
    add_env_file,
    read_settings,
)
from bot.commands.programs import parsers as programs
from storage.errors import UsageError
from storage.version import __version__

T = TypeVar("T")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    status.open_streams()
    return status.status_of(lambda: _obey(arguments))


def _obey(arguments: Sequence[str] | None) -> int:
    options = build_parser().parse_args(arguments)
    handler: Handler = options.handler
    return handler(options)


@cache
def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands, made only once."""
    parser = Parser(
        prog="dateline",
        description="Watch Telegram channels; every post a clean, dated, sourced document.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"dateline {__version__}")
    add_env_file(parser, default=None)
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)
    _add_material_commands(commands)
    _add_archive_commands(commands)
    _add_service_commands(commands)
    _add_watching_commands(commands)
    _add_outbox_command(commands)
    _add_problems_command(commands)
    for room in (keeping, evidence, programs):
        room.add_commands(commands)
    return parser


def _add_material_commands(commands: Commands) -> None:
    normalize = add_command(
        commands, "normalize", _normalize, "Print documents, one a line.", settings=False
    )
    _add_material_options(normalize)
    normalize.add_argument("--canonical", action="store_true", help="print text instead")
    render = add_command(
        commands, "render", _render, "Turn documents back into text.", settings=False
    )
    render.add_argument("--replay", action="store_true", help="byte for byte, as they were read")
    render.add_argument("file", nargs="?", default="-", metavar="FILE", help="default: stdin")


def _add_archive_commands(commands: Commands) -> None:
    importing = add_command(commands, "import", _import, "Store documents; raises no alerts.")
    _add_material_options(importing)
    importing.add_argument(
        "--all-chats", action="store_true", help="private chats and groups of an export too"
    )
    importing.add_argument("--json", action="store_true", help="print the counts as JSON")
    search = add_command(commands, "search", _search, "Search the stored documents.")
    search.advice = "a query that begins with - stands behind --; "
    search.add_argument("query", metavar="QUERY")
    search.add_argument("--limit", type=arguments.positive, default=10, metavar="N")
    search.add_argument("--sort", choices=("newest", "relevance"), default="newest")
    search.add_argument("--json", action="store_true", help="one document a line")
    digest = add_command(commands, "digest", _digest, "Tell what came in, by story.")
    digest.advice = "a query that begins with - stands behind --; "
    digest.add_argument("query", nargs="?", metavar="QUERY", help="default: everything")
    digest.add_argument("--since", type=arguments.span, default="24h", metavar="SPAN")
    digest.add_argument("--limit", type=arguments.positive, default=10, metavar="N", help="stories")
    digest.add_argument("--format", choices=("text", "html", "json"), default="text")
    redact = add_command(
        commands, "redact", _redact, "Take out a post's text for good; that it stood there stays."
    )
    redact.add_argument("posts", nargs="+", metavar="URL", help="a post's link, or its doc_id")
    redact.add_argument("--reason", default="", metavar="TEXT", help="kept, and shown in its place")
    redact.add_argument("--json", action="store_true", help="one post a line")
    export = add_command(commands, "export", _export, "Write stored documents to files.")
    export.advice = search.advice
    export.add_argument("query", nargs="?", metavar="QUERY", help="default: everything")
    export.add_argument("--format", choices=("txt", "jsonl", "csv"), required=True)
    export.add_argument(
        "-o", "--output", required=True, metavar="PATH", help="a folder for txt, else a file or -"
    )


def _add_service_commands(commands: Commands) -> None:
    login = add_command(commands, "login", _login, "Log the watching user account in.")
    add_account(login)
    login.add_argument("--phone", metavar="N", help="in international form")
    login.add_argument("--code", metavar="C", help="the code that Telegram sent")
    login.add_argument(
        "--password-stdin", action="store_true", help="read the two-step password from stdin"
    )
    asked = "Ask for what is missing, and try each at once."
    add_account(add_command(commands, "setup", _setup, asked))
    checking = add_command(commands, "check", _check, "Check settings, logins and each channel.")
    checking.add_argument(
        "--without-account", action="store_true", help="no user account is to watch"
    )
    add_account(checking)
    upgrading = add_command(
        commands, "upgrade-check", _upgrade_check, "Say what an upgrade will do, and how long."
    )
    upgrading.add_argument("--json", action="store_true", help="print it as JSON")
    probe = add_command(commands, "probe", _probe, "See what the service rests on at Telegram.")
    probe.add_argument("--json", action="store_true", help="one fact a line")
    add_account(probe)
    running = add_command(commands, "run", _run, "Watch, store, alert and answer, until stopped.")
    running.add_argument("--roles", metavar="LIST", help="do only these, over PostgreSQL")
    add_account(running)
    running.add_argument(
        "--without-account",
        action="store_true",
        help="no user account watches: public channels are read from their web previews",
    )
    running.add_argument(
        "--new-database",
        action="store_true",
        help="the database may be another than the one that was served before, or none yet",
    )
    demo = add_command(
        commands, "demo", _demo, "Show the whole service against a sandbox.", settings=False
    )
    demo.add_argument("--posts", type=Path, metavar="PATH", help="post these files instead")
    demo.add_argument("--query", metavar="WORDS", help="what the subscriber asks for")
    demo.add_argument("--picture", type=Path, metavar="FILE", help="draw the dialogue (SVG)")


def _add_watching_commands(commands: Commands) -> None:
    listing = commands.add_parser(
        "channels",
        help="Show and change what is watched.",
        description="Show and change what is watched; a running service follows.",
        allow_abbrev=False,
    )
    parts = listing.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)
    for name, summary in (
        ("add", "Watch channels: @name, link, invite link or id."),
        ("remove", "Watch channels no more; what is stored stays."),
        ("official", "Say that channels speak for a ministry or the like."),
        ("unofficial", "Say that they do not."),
        ("guess", "Guess by their titles whether they do, as at first."),
    ):
        part = add_command(parts, name, _channels_change, summary)
        part.set_defaults(change=name)
        part.add_argument("names", nargs="+", metavar="CHANNEL")
        part.add_argument("--json", action="store_true", help="one channel a line")
    for name, handler, summary in (
        ("list", _channels_list, "List what is watched."),
        ("status", _channels_status, "Show how far each channel is read, and what is missing."),
    ):
        part = add_command(parts, name, handler, summary)
        part.add_argument("--json", action="store_true", help="one channel a line")
    backfill = add_command(
        commands, "backfill", _backfill, "Read a channel's history, oldest first; no alerts."
    )
    backfill.add_argument("channel", metavar="CHANNEL")
    add_account(backfill)
    backfill.add_argument(
        "--since", metavar="DATE", help="leave out older posts: 2026-01-31, 2026-01, 7d, yesterday"
    )
    backfill.add_argument(
        "--limit", type=arguments.positive, metavar="N", help="posts in this run; another goes on"
    )
    backfill.add_argument("--json", action="store_true", help="print the outcome as JSON")


def _add_outbox_command(commands: Commands) -> None:
    waiting = add_command(
        commands, "outbox", _outbox, "Show what waits to be sent and what was given up."
    )
    waiting.add_argument("action", nargs="?", choices=("retry", "drop"))
    waiting.add_argument("row", nargs="?", metavar="ID", help="a row; for retry also: all")
    waiting.add_argument("--json", action="store_true", help="print the counts and rows as JSON")


def _add_problems_command(commands: Commands) -> None:
    aside = add_command(
        commands, "problems", _problems, "Show what could not be read or stored, and retry it."
    )
    aside.add_argument("action", nargs="?", choices=("retry", "drop"))
    aside.add_argument("row", nargs="?", metavar="ID", help="a problem; for retry also: all")
    aside.add_argument("--json", action="store_true", help="print what is (still) there as JSON")


def _add_material_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    arguments.add_format(parser)
    parser.add_argument("--channel", metavar="NAME", help="the channel, where the file names none")


def _normalize(options: argparse.Namespace) -> int:
    from bot.commands import normalize as normalize_command

    return normalize_command.normalize(
        options.paths,
        format=options.format,
        channel=options.channel,
        as_text=options.canonical,
    )


def _render(options: argparse.Namespace) -> int:
    from bot.commands import normalize as normalize_command

    return normalize_command.render(options.file, as_read=options.replay)


def _import(options: argparse.Namespace) -> int:
    from bot.commands import importing as importer

    return importer.run(
        read_settings(options),
        options.paths,
        format=options.format,
        channel=options.channel,
        all_chats=options.all_chats,
        as_json=options.json,
    )


def _search(options: argparse.Namespace) -> int:
    from bot.commands import search as finder

    asked = {"limit": options.limit, "sort": options.sort, "as_json": options.json}
    return finder.run(read_settings(options), options.query, **asked)


def _digest(options: argparse.Namespace) -> int:
    from bot.commands import digest

    asked = {"since": options.since, "limit": options.limit, "format": options.format}
    return digest.run(read_settings(options), options.query, **asked)


def _export(options: argparse.Namespace) -> int:
    from bot.commands import export as exporter

    return exporter.run(
        read_settings(options), options.query, format=options.format, output=options.output
    )


def _redact(options: argparse.Namespace) -> int:
    from bot.commands import redact as redaction

    settings = read_settings(options)
    return redaction.run(settings, options.posts, reason=options.reason, as_json=options.json)


def _login(options: argparse.Namespace) -> int:
    from bot.commands import login
    from bot.process import asking

    settings = read_settings(options)
    password = sys.stdin.readline().rstrip("\r\n") if options.password_stdin else None
    outcome = login.login(
        settings,
        phone=options.phone,
        code=options.code,
        password=password,
        ask=asking.ask if sys.stdin.isatty() and not options.password_stdin else None,
    )
    sys.stdout.write(f"{_wait_for(outcome)}\n")
    return 0


def _setup(options: argparse.Namespace) -> int:
    from bot.commands.setup import setup

    return setup.run(options.env_file, options.account)


def _check(options: argparse.Namespace) -> int:
    from bot.commands import check

    with_account = not options.without_account
    return check.run(read_settings(options), with_account=with_account, env_file=options.env_file)


def _upgrade_check(options: argparse.Namespace) -> int:
    from bot.commands.checking import upgrade

    return upgrade.run(read_settings(options), as_json=options.json)


def _probe(options: argparse.Namespace) -> int:
    from bot.commands.probing import probe

    return probe.run(read_settings(options), as_json=options.json)


def _run(options: argparse.Namespace) -> int:
    from bot.process import lean

    with lean.without(*lean.NEEDLESS), lean.for_good():
        from bot.app import roles, run

    work = run.run(
        read_settings(options),
        with_account=not options.without_account,
        new_database=options.new_database,
        roles=roles.read_roles(options.roles),
    )
    return _wait_for(work)


def _demo(options: argparse.Namespace) -> int:
    from bot.demo import demo

    return _wait_for(demo.demo(posts=options.posts, query=options.query, picture=options.picture))


def _channels_change(options: argparse.Namespace) -> int:
    from bot.commands import channels

    what, as_json = options.change, options.json
    return channels.change(read_settings(options), options.names, what=what, as_json=as_json)


def _channels_list(options: argparse.Namespace) -> int:
    from bot.commands import channels

    return channels.show(read_settings(options), as_json=options.json)


def _channels_status(options: argparse.Namespace) -> int:
    from bot.commands import channels

    return channels.status(read_settings(options), as_json=options.json)


def _backfill(options: argparse.Namespace) -> int:
    from bot.commands import backfill as history_command

    done = history_command.run(
        read_settings(options),
        options.channel,
        since=options.since,
        limit=options.limit,
        as_json=options.json,
    )
    return _wait_for(done)


def _outbox(options: argparse.Namespace) -> int:
    from bot.commands import outbox

    if options.action is None:
        return outbox.show(read_settings(options), as_json=options.json)
    if options.row is None:
        raise UsageError(f"{options.action} which row", where="outbox", hint="name its id")
    return outbox.change(read_settings(options), options.action, options.row)


def _problems(options: argparse.Namespace) -> int:
    from bot.commands import problems

    settings = read_settings(options)
    if options.action is None:
        return problems.show(settings, as_json=options.json)
    if options.row is None:
        raise UsageError(f"{options.action} which one", where="problems", hint="name its id")
    change = problems.retry if options.action == "retry" else problems.drop
    return change(settings, options.row, as_json=options.json)


def _wait_for(work: Coroutine[Any, Any, T]) -> T:
    from asyncio import run

    return run(work)
