"""An alert made of a search: the button below its results."""

from handlers.alerts import alert
from handlers.conversation import visits
from handlers.conversation.presses import Pressed
from handlers.conversation.requests import PressResult
from handlers.conversation.services import Services
from handlers.queries import narrowing
from handlers.render.text.dates import zone_of
from handlers.searching import search as search_command
from handlers.texts.querying import querying_words


async def make_alert(pressed: Pressed, services: Services) -> PressResult:
    """Save the query of the results as an alert, without its dates: the field is the token."""
    saved = await search_command.find(pressed, services)
    query = saved.asked(pressed.press.now, zone_of(pressed.timezone)) if saved else None
    if query is None:
        return PressResult(toast=pressed.words.search_old)
    lasting = narrowing.without_dates(query)
    if lasting is None:
        return PressResult(toast=querying_words(pressed.words.language).no_alert)
    if pressed.subscriber is not None and not pressed.subscriber.active:
        await visits.revive_chat(pressed.press.chat_id, services)
    told = await alert.set_alert(
        pressed.press.chat_id,
        lasting,
        pressed.timezone,
        pressed.words,
        services,
        now=pressed.press.now,
    )
    return PressResult(toast=told.text.text.partition("\n")[0], reply=(told,))
