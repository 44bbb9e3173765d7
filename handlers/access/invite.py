"""``/invite``: links by which people come into a private instance, and the list of them."""

import functools
import re
from datetime import date, datetime, time, timedelta

from handlers.access.access import INVITATION
from handlers.conversation.command_context import CommandContext
from handlers.conversation.press_context import PressContext
from handlers.conversation.removable import RemovableList, Taken, says_restored
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.render.text.cards import remove_numbered
from handlers.render.text.dates import Here, coming, here_in, zone_of
from handlers.render.text.keyboards import (
    INVITES_PAGE,
    INVITES_REMOVE,
    INVITES_RESTORE,
    data,
)
from handlers.render.text.lists import Removed, page_of
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, code, fill, join
from handlers.texts import typed
from handlers.texts.people.access import access_words
from handlers.texts.words import Words
from storage.connection import Connection
from storage.languages import formats
from storage.structs import replace
from storage.subscribers import links
from storage.subscribers.links import Link
from storage.undoing.removals import Kept

DEFAULT = timedelta(days=7)
MOST_DAYS, MOST_PEOPLE = 366, 1000


@functools.cache
def _written() -> re.Pattern[str]:
    people, until, days = map(typed.INVITATION.pattern, ("people", "until", "days"))
    return re.compile(
        rf"(?:(?P<people>\d{{1,4}})\s*(?:{people})?)?\s*,?\s*"
        rf"(?:(?:{until})\s+(?P<until>[\w-]+)|(?P<days>\d{{1,3}})\s*(?:{days}))?",
        re.IGNORECASE,
    )


async def handle(context: CommandContext, services: Services) -> Reply:
    """A new link, for one person and seven days where nothing else is said; and those open."""
    here, said = (
        here_in(context.timezone, context.request.now),
        access_words(context.words.language),
    )
    asked = read_invitation(context.argument, here, context.words.language)
    if asked is None:
        examples = [code("/invite 5, until 2026-12-31"), code("/invite 5, 30 days")]
        return Reply((Message(join("\n", [said.invite_usage, *examples])),))
    people, ends_at = asked
    made_by = context.request.sender_id or context.request.chat_id
    async with services.database.transaction() as tx:
        token = await links.add_link(
            tx, kind="invite", made_by=made_by, people=people, now=here.now, ends_at=ends_at
        )
    link = f"https://t.me/{services.bot_username}?start={INVITATION}{token}"
    end = coming(ends_at - timedelta(minutes=1), here, context.words)
    count = context.words.count(context.words.people, people)
    made = fill(said.invite_made, people=count, end=end, link=link)
    return Reply((Message(made), await _list(made_by, 0, here, context.words, services)))


async def remove(context: PressContext, services: Services) -> PressResult:
    """End an invitation, from a list of before there were pages: the field is its token."""
    return await LIST.remove(replace(context, fields=("0", *context.fields)), services)


async def _show(
    context: PressContext, page: int, removed: Removed | None, services: Services
) -> Message:
    here = here_in(context.timezone, context.press.now)
    return await _list(_maker(context), page, here, context.words, services, removed)


async def _take(
    tx: Connection, context: PressContext, token: str, services: Services
) -> Taken | None:
    link = await links.remove_link(tx, token, _maker(context), invites=True, now=context.press.now)
    if link is None:
        return None
    here = here_in(context.timezone, context.press.now)
    said = access_words(context.words.language)
    return Taken(_what(link, here, context.words), said.link_revoked)


async def _put(tx: Connection, context: PressContext, token: str, services: Services) -> str:
    link = await links.restore_link(tx, token, _maker(context), invites=True, now=context.press.now)
    return says_restored(link is not None, context.words)


async def _called(conn: Connection, context: PressContext, key: str, kept: Kept) -> RichText | None:
    link, here = links.read_kept(kept), here_in(context.timezone, context.press.now)
    return _what(link, here, context.words) if link.ends_at > here.now else None


def _maker(context: PressContext) -> int:
    return context.press.sender_id or context.press.chat_id


LIST = RemovableList(
    show=_show,
    take=_take,
    put=_put,
    called=_called,
    undo=INVITES_RESTORE,
    kind="link",
    owner=lambda context, _: _maker(context),
)
"""An operator's invitations that are open; the key of one is its token."""


def read_invitation(text: str, here: Here, language: str) -> tuple[int, datetime] | None:
    """How many people and until when (aware; the end of that day): ``5 people, until Friday``,
    ``2, 30 days``; None for what is neither."""
    found = _written().fullmatch(text.strip())
    if found is None:
        return None
    people = int(found["people"] or 1)
    today = here.now.astimezone(here.zone).date()
    last = _last_day(found["until"], found["days"], today, language)
    if last is None or not 0 < people <= MOST_PEOPLE:
        return None
    if not 0 <= (last - today).days <= MOST_DAYS:
        return None
    end = datetime.combine(last + timedelta(days=1), time(), here.zone)
    return people, end.astimezone(zone_of("UTC"))


def _last_day(until: str | None, days: str | None, today: date, language: str) -> date | None:
    if until is None:
        return today + (timedelta(days=int(days)) if days else DEFAULT)
    for number, (name, short) in enumerate(formats.weekdays(language)):
        if until.lower().startswith(name[:3]) or until.lower() == short:
            return today + timedelta(days=(number - today.weekday()) % 7)
    try:
        return date.fromisoformat(until)
    except ValueError:
        return None


async def _list(
    made_by: int,
    page: int,
    here: Here,
    words: Words,
    services: Services,
    removed: Removed | None = None,
) -> Message:
    said = access_words(words.language)
    async with services.database.reader() as conn:
        known = await links.list_links(conn, made_by, now=here.now, invites=True)
    shown = page_of(known, page)
    title = RichText(said.invites_title if known else said.invites_none)
    rows = [f"{place}. " + _what(link, here, words) for place, link in shown.numbered()]
    buttons = [
        remove_numbered(place, data(INVITES_REMOVE, shown.number, link.token), words)
        for place, link in shown.numbered()
    ]
    return shown.message(title, rows, buttons, INVITES_PAGE, words, between="\n", removed=removed)


def _what(link: Link, here: Here, words: Words) -> RichText:
    """How many people an invitation still lets in, and until when."""
    end = coming(link.ends_at - timedelta(minutes=1), here, words)
    people = words.count(words.people, link.people)
    return fill(access_words(words.language).invite_row, people=people, end=end)
