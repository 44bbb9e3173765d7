"""Another query for an alert that there is: its card asks for it."""

import re

from handlers.alerts import alert_page, reading
from handlers.conversation import dialogue
from handlers.conversation.command_context import CommandContext
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.render.text.dates import here_in
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, code, fill, join
from handlers.searching.query_errors import dates_refused, read_query
from handlers.sources import holding
from handlers.texts.alerts.alert_settings import alert_settings_words
from storage.query.reading.syntax import Query
from storage.records import Alert, Channel
from storage.subscribers import alerts

EXAMPLE = "{words}"
_EDIT = re.compile(r"(edit:(\d{1,18}))(?:\s+(.*))?", re.DOTALL | re.ASCII)


async def edit(context: CommandContext, services: Services) -> Reply | None:
    """Ask for another query of an alert, or take what is written for it; None where what stands
    behind ``/alert`` means none of the chat's alerts, but words.

    A query that names no channel is held to those that the alert was held to.
    """
    match = _EDIT.fullmatch(context.argument)
    if match is None or (match[3] and not _is_asked(context, match[1])):
        return None
    async with services.database.reader() as conn:
        alert = await reading.find_own(conn, int(match[2]), context.request.chat_id)
        known = await reading.list_known(conn)
    if alert is None:
        gone = Message(RichText(context.words.alert_gone))
        return Reply((gone,)) if match[3] else None
    if not match[3]:
        return Reply((await _ask(context, alert, known, services),))
    query = read_query(match[3], context.words, EXAMPLE)
    if isinstance(query, Message):
        return Reply((query,), stands=True)
    if query.before is not None:
        return Reply((Message(dates_refused(query, context.words)),), stands=True)
    return await _change(context, alert, _held(query, alert, known) or query, services)


def _is_asked(context: CommandContext, before: str) -> bool:
    """Whether that is what the card asked, and nobody's own words."""
    question = context.question
    return question is not None and question.before.endswith(before)


async def _ask(
    context: CommandContext, alert: Alert, known: list[Channel], services: Services
) -> Message:
    said = alert_settings_words(context.words.language)
    if not dialogue.can_ask(context):
        example = code(f"/for {context.subscriber.chat_id} /alerts")
        return Message(fill(said.edit_elsewhere, example=example))
    asked = reading.show(alert, known).asked or alert.query
    text = join("\n", (said.edit_ask, code(asked)))
    return await dialogue.ask(context, services, "alert", text, before=f"edit:{alert.id}")


def _held(query: Query, alert: Alert, known: list[Channel]) -> Query | None:
    """The new query, held to the channels of the former one where it names none itself."""
    new, former = holding.read_held(query), reading.show(alert, known)
    if new.values or not (former.rows or former.strangers) or "channel:" in query.text:
        return None
    channels = [one for one in known if one.id in former.rows]
    return holding.hold(new.asked, channels, former.strangers)


async def _change(context: CommandContext, alert: Alert, query: Query, services: Services) -> Reply:
    words, now, chat_id = context.words, context.request.now, context.request.chat_id
    async with services.database.transaction() as tx:
        have = await alerts.list_alerts(tx, chat_id)
        if any(one.query == query.written and one.id != alert.id for one in have):
            known = fill(words.alert_known, query=code(query.written))
            return Reply((Message(known),), stands=True)
        changed = await alerts.change_query(tx, alert.id, chat_id, query.written, now=now)
    if changed is None:
        return Reply((Message(RichText(words.alert_gone)),))
    head = alert_settings_words(words.language).changed
    here = here_in(context.timezone, now)
    return Reply((await alert_page.card(changed, 0, here, words, services, head=head),))
