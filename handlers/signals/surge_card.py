"""The card of a query whose surges are told, and another query for it."""

from handlers.conversation.command_context import CommandContext
from handlers.conversation.query_errors import read_query
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.render.answers import surges as shown
from handlers.render.answers.queries import as_written
from handlers.render.text.dates import Here, here_in
from handlers.render.text.messages import Message
from handlers.render.text.names import title_of
from handlers.render.text.rich import code, fill
from handlers.searching import matches, rewriting
from handlers.searching.rewriting import Rewritable
from handlers.sources import holding
from handlers.texts.alerts.alert_settings import alert_settings_words
from handlers.texts.signals import surge_words
from handlers.texts.words import Words
from storage.channels import channels
from storage.connection import Connection
from storage.errors import QueryError
from storage.query.reading import syntax
from storage.query.reading.syntax import Query
from storage.records import Subscriber
from storage.subscribers import surges
from storage.subscribers.surges import Surge


async def read_card(
    surge: Surge,
    page: int,
    chat: Subscriber | None,
    here: Here,
    words: Words,
    services: Services,
    *,
    head: str = "",
) -> Message:
    """The card; ``page`` is the one of the list that it leads back to, 0-based."""
    async with services.database.reader() as conn:
        known = await channels.list_channels(conn, watched=None)
    try:
        query = syntax.parse(surge.query)
    except QueryError:  # Only an older version read it.
        query = None
    held = holding.held_of(surge.query)
    told = shown.Particulars(
        matches=await matches.read_matches(query, services, here),
        rows=held.rows(known),
        titles={one.id: title_of(one) for one in known},
        strangers=held.strangers(known),
        chat=chat,
    )
    return shown.surge_card(surge, told, page, here, words, head=head)


def read_asked(text: str, words: Words, example: str) -> Query | Message:
    """A query whose surges can be told, or what is to be said of it."""
    said, query = surge_words(words.language), read_query(text, words, example)
    if isinstance(query, Message):
        return query
    if query.before is not None or query.after is not None:
        dates = code(as_written(" ".join(query.dates), query.written))
        return Message(fill(said.no_dates, dates=dates))
    return query


async def edit(context: CommandContext, services: Services) -> Reply | None:
    """Ask for another query, or take what is written for it; None for words."""
    return await rewriting.rewrite(context, services, _SURGES)


async def find(conn: Connection, named: int | str, chat_id: int) -> Surge | None:
    """The one of this chat that has this id (``7`` or ``"#7"``), or this query."""
    have = await surges.list_surges(conn, chat_id)
    return next((one for one in have if named in (one.id, one.query, f"#{one.id}")), None)


async def _change(context: CommandContext, surge: Surge, query: Query, services: Services) -> Reply:
    words, now, chat_id = context.words, context.request.now, context.request.chat_id
    async with services.database.transaction() as tx:
        have = await surges.list_surges(tx, chat_id)
        same = next((one for one in have if one.query == query.written), None)
        if same is not None and same.id != surge.id:
            return Reply((shown.surge_made(same, words, is_new=False),), stands=True)
        changed = await surges.change_query(tx, surge.id, chat_id, query.written, now=now)
    if changed is None:
        return Reply((shown.surge_gone(words),))
    services.plans_changed(chat_id)
    head = alert_settings_words(words.language).changed
    here = here_in(context.timezone, now)
    chat = context.subscriber
    return Reply((await read_card(changed, 0, chat, here, words, services, head=head),))


_SURGES = Rewritable(
    command="surge",
    lists="surge",
    find=find,
    asked=lambda words: surge_words(words.language).edit_ask,
    read=read_asked,
    change=_change,
    gone=shown.surge_gone,
)
