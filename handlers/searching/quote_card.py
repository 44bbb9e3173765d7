"""Opens a quote: its card in place of the list, with a button that leads back."""

from handlers.conversation.press_context import PressContext, number
from handlers.conversation.requests import PressResult
from handlers.conversation.services import Services
from handlers.queries import narrowing
from handlers.queries.searches import SavedSearch
from handlers.render.answers.quote_card import ALIKE, Quote, QuoteFound, quote_card
from handlers.render.text.dates import Here, here_in
from handlers.render.text.names import title_of
from handlers.searching import matches, search
from handlers.sources import holding
from storage.channels import channels
from storage.connection import Connection
from storage.document import Document
from storage.documents import documents
from storage.query import evaluate, said, snippet
from storage.query.reading.syntax import Query
from storage.query.words import analysis
from storage.records import Alert
from storage.stories import folds
from storage.subscribers import alerts


async def show(context: PressContext, services: Services) -> PressResult:
    """The card of a quote. Fields: the search's token, the page to go back to, the post's row
    id."""
    page, row = number(context.fields, 1), number(context.fields, 2)
    here = here_in(context.timezone, context.press.now)
    saved = await search.find(context, services)
    query = saved.asked(here.now, here.zone) if saved else None
    if saved is None or query is None or not saved.knows(page):
        return PressResult(toast=context.words.search_old)
    async with services.database.reader() as conn:
        document = (await documents.list_documents(conn, [row])).get(row)
    quotes = list_quotes(document, query) if document is not None else []
    if document is None or not quotes:
        return PressResult(toast=context.words.old_button)
    found = await _read(context, saved, query, document, row, quotes, page, here, services)
    return PressResult(edit=quote_card(found, here, context.words))


def list_quotes(document: Document, query: Query) -> list[Quote]:
    """The quotes in a post of the speaker that a query asks for; empty if the post does not
    match."""
    if not evaluate.matches(query, document, analysis.analyse_document(document)):
        return []
    text = snippet.searchable_text(document)
    return [
        Quote(text[slice(*one.who)], text[one.start : one.end])
        for one in said.list_quotes(document, query)
    ]


async def _read(
    context: PressContext,
    saved: SavedSearch,
    query: Query,
    document: Document,
    row: int,
    quotes: list[Quote],
    page: int,
    here: Here,
    services: Services,
) -> QuoteFound:
    async with services.database.reader() as conn:
        copies = await folds.list_copies(conn, row)
        alike = await documents.list_documents(conn, copies[:ALIKE])
        known = await channels.list_channels(conn, watched=None)
        alert = await _find_alert(conn, context.press.chat_id, query)
    held = holding.read_held(query)
    return QuoteFound(
        document=document,
        quotes=quotes,
        token=saved.token,
        query=held.asked or query.written,
        page=page,
        alike=[alike[id] for id in copies[:ALIKE] if id in alike],
        others=len(copies),
        matches=await matches.read_matches(query, services, here),
        rows=held.rows(known),
        titles={one.id: title_of(one) for one in known},
        strangers=held.strangers(known),
        alert=alert,
        chat=context.subscriber,
        translates=services.translate is not None,
    )


async def _find_alert(conn: Connection, chat_id: int, query: Query) -> Alert | None:
    """The alert of a chat with the same query, dates ignored."""
    lasting = narrowing.without_dates(query)
    if lasting is None:
        return None
    have = await alerts.list_alerts(conn, chat_id)
    return next((one for one in have if one.query == lasting.written), None)
