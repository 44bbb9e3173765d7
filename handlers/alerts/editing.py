"""Changes an alert's query; its card asks for the new one."""

from handlers.alerts import alert_page, reading
from handlers.conversation.command_context import CommandContext
from handlers.conversation.query_errors import dates_refused, read_query
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.render.text.dates import here_in
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, code, fill
from handlers.searching import rewriting
from handlers.searching.rewriting import Rewritable
from handlers.texts.alerts.alert_settings import alert_settings_words
from handlers.texts.words import Words
from storage.query.reading.syntax import Query
from storage.records import Alert
from storage.subscribers import alerts


async def edit(context: CommandContext, services: Services) -> Reply | None:
    """Ask for another query of an alert, or save the one that was given; None if the command is not
    about that."""
    return await rewriting.rewrite(context, services, _ALERTS)


def _read(text: str, words: Words, example: str) -> Query | Message:
    query = read_query(text, words, example)
    if isinstance(query, Query) and query.before is not None:
        return Message(dates_refused(query, words))
    return query


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


_ALERTS = Rewritable(
    command="alert",
    lists="alerts",
    find=reading.find_own,
    asked=lambda words: alert_settings_words(words.language).edit_ask,
    read=_read,
    change=_change,
    gone=lambda words: Message(RichText(words.alert_gone)),
)
