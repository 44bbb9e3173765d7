"""``dateline channels``: changes and shows the list of watched channels; a running service follows
it.

Nothing here talks to Telegram: the process that watches finds the added channels, and ``status``
shows what it cannot read.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.commands import archive
from bot.process import terminal
from bot.settings import Settings
from handlers.operators import scans
from handlers.render.text.dates import coming, here_in
from handlers.render.text.names import name_of
from handlers.sources import references
from handlers.sources.references import UnresolvedError
from handlers.texts.languages import words_of
from storage.channels import channels, lookups, progress
from storage.channels.progress import ChannelStatus
from storage.connection import Connection
from storage.errors import DatelineError, NotFoundError, UsageError
from storage.records import Channel

_DONE = {"add": "added", "remove": "removed", "guess": "guessed:"}
_MARKS = {"official": True, "unofficial": False, "guessed:": None}


def change(settings: Settings, names: Sequence[str], *, what: str, as_json: bool) -> int:
    """Put channels on the list (``add``), take them off it for good (``remove``), or set whether
    they are ``official``, ``unofficial``, or to be guessed (``guess``). Returns 1 if one failed, 2
    if all are unusable as names."""
    return asyncio.run(_change(settings, names, _DONE.get(what, what), as_json=as_json))


def show(settings: Settings, *, as_json: bool) -> int:
    """Print the watched channels, one per line."""
    for channel in asyncio.run(_list(settings)):
        if as_json:
            _print_json(_facts(channel))
        else:
            title = f"\t{terminal.one_line(channel.title)}" if channel.title else ""
            mark = " 🏛" if channel.official else ""
            sys.stdout.write(f"{terminal.one_line(name_of(channel))}{title}{mark}\n")
    return 0


def status(settings: Settings, *, as_json: bool) -> int:
    """Print for each channel how far it is read, what is missing and how late posts come."""
    now = datetime.now(UTC)
    statuses, refused_until = asyncio.run(_statuses(settings, now))
    interval = scans.effective_interval(
        settings.reconcile_interval,
        channels=len(statuses),
        requests=settings.scan_requests_per_minute,
    )
    for one in statuses:
        if as_json:
            about = {"scan_interval": interval, "lookups_refused_until": _time(refused_until)}
            _print_json({**_facts(one.channel), **_progress(one, now), **about})
        else:
            sys.stdout.write(_lines(one, now))
    if not as_json:
        words = words_of("en")
        said = words.watching
        sys.stdout.write(f"{said.status.format(interval=said.span(interval))}\n")
        if refused_until is not None:
            until = coming(refused_until, here_in(settings.timezone, now), words)
            sys.stdout.write(f"{said.lookups.format(until=until)}\n")
    return 0


async def _change(settings: Settings, names: Sequence[str], verb: str, *, as_json: bool) -> int:
    failed: list[DatelineError] = []
    now = datetime.now(UTC)
    async with archive.opened(settings) as database:
        for name in names:
            try:
                async with database.transaction() as tx:
                    was_watched = await _is_watched(tx, name)
                    changed = await _change_one(tx, name, verb, now)
                    await channels.note_change(tx)
            except (UnresolvedError, NotFoundError) as error:
                terminal.complain(str(error))
                failed.append(error)
                continue
            if as_json:
                _print_json(_facts(changed))
            else:
                done = "already watched:" if verb == "added" and was_watched else verb
                sys.stdout.write(f"{done} {terminal.one_line(name_of(changed))}\n")
    if len(failed) == len(names) and all(isinstance(error, UsageError) for error in failed):
        return 2
    return 1 if failed else 0


async def _change_one(tx: Connection, name: str, verb: str, now: datetime) -> Channel:
    if verb == "added":
        return await _add(tx, name, now)
    if verb == "removed":
        return await _remove(tx, name)
    channel = await _find(tx, name)
    return await channels.set_official(tx, channel.id, _MARKS[verb])


async def _is_watched(tx: Connection, name: str) -> bool:
    return await references.find(tx, references.parse_reference(name)) is not None


async def _add(tx: Connection, name: str, now: datetime) -> Channel:
    reference = references.parse_reference(name)
    former = await references.find_former(tx, reference)
    if former is not None:
        raise NotFoundError(
            f"is a former name of {name_of(former)}, which is watched",
            where=name,
            hint="add whoever has it now with /watch in the chat, or by number",
        )
    channel = await references.watch(tx, reference, by_hand=True, now=now)
    if channel is None:
        raise NotFoundError("cannot be put on the list", where=name)
    return channel


async def _find(tx: Connection, name: str) -> Channel:
    channel = await references.find(tx, references.parse_reference(name))
    if channel is None:
        raise NotFoundError("is not on the list", where=name, hint="see `dateline channels list`")
    return channel


async def _remove(tx: Connection, name: str) -> Channel:
    channel = await _find(tx, name)
    await channels.remove_channel(tx, channel.id)
    return await channels.get_channel(tx, channel.id)


async def _list(settings: Settings) -> list[Channel]:
    async with archive.opened(settings) as database, database.reader() as conn:
        return await channels.list_channels(conn, watched=True)


async def _statuses(
    settings: Settings, now: datetime
) -> tuple[list[ChannelStatus], datetime | None]:
    """The status of each channel, and until when Telegram refuses to look up names."""
    here = now.astimezone(ZoneInfo(settings.timezone))
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    async with archive.opened(settings) as database, database.reader() as conn:
        refused_until = await lookups.find_refused_until(conn, now)
        return await progress.list_status(conn, midnight=midnight), refused_until


def _print_json(facts: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(facts, ensure_ascii=False, separators=(",", ":")) + "\n")


def _facts(channel: Channel) -> dict[str, object]:
    return {
        "channel_id": channel.channel_id,
        "username": channel.username,
        "title": channel.title,
        "reference": channel.reference,
        "watched": channel.watched,
        "added_at": _time(channel.added_at),
        "source": channel.source,
        "official": channel.official,
        "error": channel.error,
    }


def _progress(status: ChannelStatus, now: datetime) -> dict[str, object]:
    channel, backfill = status.channel, status.backfill
    age = (now - status.last_post_at).total_seconds() if status.last_post_at else None
    return {
        "last_post": status.last_message_id,
        "last_post_at": _time(status.last_post_at),
        "last_post_age": None if age is None else round(age, 1),
        "posts_today": status.posts_today,
        "cursor": channel.cursor,
        "open_gaps": [list(gap) for gap in status.open_gaps],
        "filled_gaps": channel.gaps_filled,
        "filled_posts": channel.posts_filled,
        "last_scan_at": _time(channel.last_scan_at),
        "lag_median": None if status.lag_median is None else round(status.lag_median, 3),
        "lag_worst": None if status.lag_worst is None else round(status.lag_worst, 3),
        "backfill": None
        if backfill is None
        else {
            "posts": backfill.posts,
            "next_id": backfill.next_id,
            "last_id": backfill.last_id,
            "finished_at": _time(backfill.finished_at),
            "error": backfill.error,
        },
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _lines(status: ChannelStatus, now: datetime) -> str:
    """The status as people read it, in the words of ``/status``."""
    from handlers.render.answers.watching import channel_lines

    name = status.channel.title or name_of(status.channel)
    shown = channel_lines(status, name, words_of("en"), now).text.split("\n")
    return "".join(
        f"{terminal.one_line(line) if n == 0 else '  ' + terminal.one_line(line)}\n"
        for n, line in enumerate(shown)
    )
