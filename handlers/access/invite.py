"""``/invite``: links by which people come into a private instance, and the list of them."""

import functools
import re
from datetime import date, datetime, time, timedelta

from handlers.access.access import INVITATION
from handlers.conversation import command_context
from handlers.conversation.command_context import CommandContext
from handlers.conversation.press_context import PressContext
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.render.text.dates import Here, coming, here_in, zone_of
from handlers.render.text.keyboards import INVITE_REVOKE, data
from handlers.render.text.messages import Button, Message
from handlers.render.text.rich import RichText, code, fill, join
from handlers.texts import typed
from handlers.texts.people.access import access_words
from handlers.texts.words import Words
from storage.languages import formats
from storage.subscribers import links

DEFAULT = timedelta(days=7)
MOST_DAYS, MOST_PEOPLE = 366, 1000
SHOWN = 10


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
    listed = await _list(made_by, here, context.words, services)
    return Reply((Message(made), *([listed] if listed else [])))


async def revoke(context: PressContext, services: Services) -> PressResult:
    """End an invitation: the field is its token."""
    person = context.press.sender_id
    if person is None or not command_context.is_operator(person, services):
        return PressResult(toast=context.words.operators_only)
    async with services.database.transaction() as tx:
        await links.revoke_link(tx, context.fields[0], person)
    here = here_in(context.timezone, context.press.now)
    listed = await _list(person, here, context.words, services)
    return PressResult(edit=listed or Message(RichText("—")))


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


async def _list(made_by: int, here: Here, words: Words, services: Services) -> Message | None:
    said = access_words(words.language)
    async with services.database.reader() as conn:
        known = await links.list_links(conn, made_by, now=here.now, invites=True)
    if not known:
        return None
    lines: list[RichText | str] = [said.invites_title]
    rows = []
    for place, link in enumerate(known[:SHOWN], start=1):
        end = coming(link.ends_at - timedelta(minutes=1), here, words)
        people = words.count(words.people, link.people)
        lines.append(fill(said.invite_row, number=place, people=people, end=end))
        text = said.invite_revoke.format(number=place)
        rows.append((Button(text=text, data=data(INVITE_REVOKE, link.token)),))
    return Message(join("\n", lines), tuple(rows))
