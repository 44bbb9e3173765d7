"""Another query for an alert that there is: its card asks for it."""

from handlers.alerts import alert_page, reading
from handlers.conversation.command_context import CommandContext
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.render.text.dates import here_in
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, code, fill
from handlers.searching import rewriting
from handlers.searching.query_errors import dates_refused, read_query
from handlers.sources import holding
from handlers.texts.alerts.alert_settings import alert_settings_words
from storage.query.reading.syntax import Query
from storage.records import Alert
from storage.subscribers import alerts


async def edit(context: CommandContext, services: Services) -> Reply | None:
    """Ask for another query of an alert, or take what is written for it; None where what stands
    behind ``/alert`` means none of the chat's alerts, but words.

    A query that names no channel is held to those that the alert was held to.
    """
    wanted = rewriting.read_rewriting(context)
    if wanted is None:
        return None
    async with services.database.reader() as conn:
        alert = await reading.find_own(conn, wanted.id, context.request.chat_id)
        known = await reading.list_known(conn)
    if alert is None:
        gone = Message(RichText(context.words.alert_gone))
        return Reply((gone,)) if wanted.text else None
    held = holding.held_of(alert.query)
    if not wanted.text:
        said = alert_settings_words(context.words.language).edit_ask
        asked = rewriting.question(said, held.asked or alert.query)
        question = await rewriting.ask(context, services, "alert", alert.id, asked, "alerts")
        return Reply((question,))
    query = read_query(wanted.text, context.words, rewriting.EXAMPLE)
    if isinstance(query, Message):
        return Reply((query,), stands=True)
    if query.before is not None:
        return Reply((Message(dates_refused(query, context.words)),), stands=True)
    kept = rewriting.keep_held(query, held, known)
    if kept is None:
        return Reply((rewriting.too_long(context.words),), stands=True)
    return await _change(context, alert, kept, services)


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
