"""``/search QUERY``: results newest first, with buttons to turn pages."""

from handlers import searches
from handlers.presses import Pressed, number
from handlers.queries import read_query
from handlers.render.documents import zone_of
from handlers.render.messages import Message
from handlers.render.search import COUNTED, PER_PAGE, Found, search_message
from handlers.requests import PressResult, Reply
from handlers.searches import SavedSearch
from handlers.services import Services
from handlers.texts.words import Words
from handlers.visits import Visit
from storage import search
from storage.errors import QueryError
from storage.query import syntax
from storage.query.syntax import Query

EXAMPLE = "/search {words}"


async def handle(visit: Visit, services: Services) -> Reply:
    """The first page of results."""
    now, zone = visit.request.now, zone_of(visit.timezone)
    query = read_query(visit.argument, visit.words, EXAMPLE, now=now, zone=zone)
    if isinstance(query, Message):
        return Reply((query,))
    saved = SavedSearch(query.text)
    chat_id = visit.request.chat_id
    page = await _page(chat_id, saved, query, 0, visit.timezone, visit.words, services)
    return Reply((page,))


async def search_again(pressed: Pressed, text: str, services: Services) -> Message | None:
    """The first page of what a query finds now; None for one that only an older version read."""
    try:
        query = syntax.parse(text, now=pressed.press.now, zone=zone_of(pressed.timezone))
    except QueryError:
        return None
    saved, chat_id = SavedSearch(query.text), pressed.press.chat_id
    return await _page(chat_id, saved, query, 0, pressed.timezone, pressed.words, services)


async def turn(pressed: Pressed, services: Services) -> PressResult:
    """Another page of the same search, in place: fields are the token and the 0-based page."""
    token, page = pressed.fields[0], number(pressed.fields, 1)
    chat_id = pressed.press.chat_id
    async with services.database.reader() as conn:
        saved = await searches.find_search(conn, chat_id, token)
    if saved is None or not saved.knows(page):
        return PressResult(toast=pressed.words.search_old)
    try:
        query = syntax.parse(saved.query, now=pressed.press.now, zone=zone_of(pressed.timezone))
    except QueryError:
        return PressResult(toast=pressed.words.search_old)
    message = await _page(chat_id, saved, query, page, pressed.timezone, pressed.words, services)
    return PressResult(edit=message)


async def _page(
    chat_id: int,
    saved: SavedSearch,
    query: Query,
    page: int,
    timezone: str,
    words: Words,
    services: Services,
) -> Message:
    async with services.database.reader() as conn:
        found = await search.search(conn, query, limit=PER_PAGE, cursor=saved.cursor(page))
        short = page == 0 and not found.more
        total = len(found.hits) if short else await search.count(conn, query, up_to=COUNTED)
    turned = saved.turned(page, found.following)
    if turned != saved:
        async with services.database.transaction() as tx:
            await searches.add_search(tx, chat_id, turned)
    shown = Found(
        query=query.text,
        hits=found.hits,
        total=total,
        number=page,
        more=found.more,
        token=saved.token,
    )
    return search_message(shown, zone_of(timezone), words)
