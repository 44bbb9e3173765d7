"""The buttons below results that choose channel, period, language and order."""

from collections.abc import Sequence

from handlers.conversation.press_context import ButtonError, PressContext, number
from handlers.conversation.requests import PressResult
from handlers.conversation.services import Services
from handlers.queries import narrowing
from handlers.queries.searches import SavedSearch
from handlers.render.text.dates import zone_of
from handlers.searching import filter_buttons, samples
from handlers.searching import search as search_command
from handlers.texts.querying import querying_words

OFFERED = 6


async def menu(context: PressContext, services: Services) -> PressResult:
    """The values of a filter, as buttons. Fields: the token, the kind, the page."""
    saved = await search_command.find(context, services)
    if saved is None:
        return PressResult(toast=context.words.search_old)
    kind, page = context.fields[1], number(context.fields, 2)
    said = querying_words(context.words.language)
    options: Sequence[tuple[str, str]]
    if kind == filter_buttons.CHANNEL:
        options = await _channels(context, saved, services)
    elif kind == filter_buttons.PERIOD:
        options = tuple(said.periods.items())
    elif kind == filter_buttons.LANGUAGE:
        options = tuple(said.languages.items())
    else:
        raise ButtonError(f"{kind!r} is no filter")
    return PressResult(keyboard=filter_buttons.choices(saved, kind, options, page, said))


async def choose(context: PressContext, services: Services) -> PressResult:
    """Sort or filter, in place. Fields: the token, the kind, the value."""
    saved = await search_command.find(context, services)
    if saved is None:
        return PressResult(toast=context.words.search_old)
    chosen = _chosen(saved, context)
    if chosen.asked(context.press.now, zone_of(context.timezone)) is None:
        return PressResult(toast=querying_words(context.words.language).cannot_narrow)
    return await search_command.show_in_place(context, chosen, 0, services)


def _chosen(saved: SavedSearch, context: PressContext) -> SavedSearch:
    """The search with the button's choice. Raises ButtonError for a choice that no button
    offers."""
    kind, value = context.fields[1], context.fields[2]
    said = querying_words(context.words.language)
    if kind == filter_buttons.SORT and value in ("newest", "relevance"):
        return saved.chosen(sort="relevance" if value == "relevance" else "newest")
    any_value = value == filter_buttons.ANY
    value = "" if any_value else value
    if kind == filter_buttons.CHANNEL and (any_value or narrowing.NAME.fullmatch(value)):
        return saved.chosen(channel=value)
    if kind == filter_buttons.PERIOD and (any_value or value in said.periods):
        return saved.chosen(period=value)
    if kind == filter_buttons.LANGUAGE and (any_value or value in said.languages):
        return saved.chosen(language=value)
    raise ButtonError(f"{kind!r} {value!r} is no choice")


async def _channels(
    context: PressContext, saved: SavedSearch, services: Services
) -> list[tuple[str, str]]:
    """The channels of the newest results, including those that a channel filter hides."""
    query = saved.chosen(channel="").asked(context.press.now, zone_of(context.timezone))
    if query is None:
        return []
    try:
        sample = await samples.read_sample(query, services)
    except TimeoutError:
        return []
    return list(sample.channels[:OFFERED])
