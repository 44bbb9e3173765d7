"""Asking which time zone was meant, where it was said and there is none of that name."""

from datetime import time
from zoneinfo import ZoneInfo

from handlers.conversation import dialogue
from handlers.conversation.command_context import CommandContext
from handlers.conversation.services import Services
from handlers.render.answers.settings import guess_keyboard, places_keyboard, regions_keyboard
from handlers.render.text.dates import clock
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, code, fill, join
from handlers.times import zones


async def unknown_zone(
    text: str, context: CommandContext, services: Services, local_time: time | None = None
) -> Message:
    """What to say to a zone that does not exist: the one that was most likely meant is asked
    about, and its button sets it, with a digest at ``local_time`` where one was wished for. Another
    can be written."""
    words = context.words
    command = "timezone" if local_time is None else "digest"
    before = f"{local_time:%H:%M}" if local_time is not None else ""
    said = fill(words.zone_unknown, zone=code(text[:100]))
    region = zones.find_region(text)
    if region is not None:
        places = places_keyboard(region, 0, words, context.request.now, local_time)
        return Message(RichText(words.zone_many), places or ())
    nearest = zones.nearest_zone(text)
    if nearest is None:
        question, keyboard = (
            join(" ", (said, words.zone_choose)),
            regions_keyboard(words, local_time),
        )
        return await dialogue.ask(
            context, services, command, question, keyboard=keyboard, before=before
        )
    there = clock(context.request.now.astimezone(ZoneInfo(nearest)).time())
    question = fill(words.zone_nearest, zone=zones.zone_label(nearest, words.language), time=there)
    keyboard = guess_keyboard(nearest, local_time, words)
    question = join(" ", (said, question))
    return await dialogue.ask(
        context, services, command, question, keyboard=keyboard, before=before
    )
