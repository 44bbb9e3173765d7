"""Makes an alert of a search, by the button below its results."""

from handlers.alerts import alert
from handlers.conversation import command_context
from handlers.conversation.press_context import PressContext
from handlers.conversation.requests import PressResult
from handlers.conversation.services import Services
from handlers.queries import narrowing
from handlers.render.text.dates import zone_of
from handlers.searching import search as search_command
from handlers.texts.querying import querying_words


async def make_alert(context: PressContext, services: Services) -> PressResult:
    """Save the results' query, without its dates, as an alert. The field is the search's token."""
    saved = await search_command.find(context, services)
    query = saved.asked(context.press.now, zone_of(context.timezone)) if saved else None
    if query is None:
        return PressResult(toast=context.words.search_old)
    lasting = narrowing.without_dates(query)
    if lasting is None:
        return PressResult(toast=querying_words(context.words.language).no_alert)
    if context.subscriber is not None and not context.subscriber.active:
        await command_context.revive_chat(context.press.chat_id, services, now=context.press.now)
    told = await alert.set_alert(
        context.press.chat_id,
        lasting,
        context.timezone,
        context.words,
        services,
        now=context.press.now,
        topic=context.press.topic,
    )
    return PressResult(toast=told.text.text.partition("\n")[0], reply=(told,))
