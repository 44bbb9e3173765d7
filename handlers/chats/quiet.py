"""``/quiet 22:00-07:00 [urgent]``: the hours in which alerts are held, to be sent together
afterwards."""

from datetime import datetime, time

from handlers.conversation import dialogue
from handlers.conversation.command_context import CommandContext
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.plans.quiet_hours import update_sleeper
from handlers.render.answers.settings import QUIET
from handlers.render.text.dates import clock
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, code, fill, join
from handlers.texts import typed
from handlers.texts.alerts.alert_settings import AlertSettingsWords, alert_settings_words
from handlers.texts.people.asking import asking_words
from handlers.times import clocks, zones
from storage.records import Subscriber

EXAMPLES = ("/quiet 22:00-07:00", "/quiet 22:00-07:00 urgent", "/quiet off")


async def handle(context: CommandContext, services: Services) -> Reply:
    """Set quiet hours, end them, or show them."""
    said = alert_settings_words(context.words.language)
    written = context.argument.strip()
    if not written:
        return Reply((await _ask(context, services),))
    if typed.QUIET.meanings().get(written.lower()) == "off":
        await set_quiet(context.request.chat_id, None, False, services, context.request.now)
        return Reply((Message(RichText(said.quiet_unset)),))
    parsed = clocks.parse_quiet(written)
    if parsed is None:
        bad = fill(said.quiet_bad, text=code(written[:100]))
        return Reply((await _ask(context, services, bad),))
    start, end, urgent = parsed
    if start == end:
        return Reply((await _ask(context, services, RichText(said.quiet_same)),))
    await set_quiet(context.request.chat_id, (start, end), urgent, services, context.request.now)
    template = said.quiet_set_urgent if urgent else said.quiet_set
    values = {
        "start": clock(start),
        "end": clock(end),
        "zone": zones.zone_label(context.timezone, context.words.language),
    }
    return Reply((Message(fill(template, **values)),))


async def _ask(
    context: CommandContext, services: Services, problem: RichText | None = None
) -> Message:
    """The question for quiet hours, with the present ones, or below what could not be parsed."""
    said, asked = alert_settings_words(context.words.language), asking_words(context.words.language)
    state = problem or quiet_line(context.subscriber, said)
    if not dialogue.can_ask(context):
        return Message(join("\n", (state, _usage(said))))
    choices = [(_spoken(span), span) for span in QUIET]
    choices += [(asked.off, "off")] if context.subscriber.quiet_from is not None else []
    question = join("\n", (state, asked.quiet_ask))
    return await dialogue.ask(context, services, "quiet", question, choices=choices)


def _spoken(span: str) -> str:
    start, _, end = span.partition("-")
    return f"{clock(time.fromisoformat(start))}–{clock(time.fromisoformat(end))}"


async def set_quiet(
    chat_id: int,
    span: tuple[time, time] | None,
    urgent: bool,
    services: Services,
    now: datetime,
) -> None:
    """Store a chat's quiet hours; a ``span`` of None ends them. ``urgent``: urgent alerts pass."""
    start, end = span or (None, None)
    await update_sleeper(
        chat_id, services, now=now, quiet_from=start, quiet_until=end, quiet_but_urgent=urgent
    )


def quiet_line(subscriber: Subscriber, said: AlertSettingsWords) -> RichText:
    """A chat's quiet hours in a line."""
    start, end = subscriber.quiet_from, subscriber.quiet_until
    if start is None or end is None:
        return RichText(said.quiet_off)
    template = said.quiet_but_urgent if subscriber.quiet_but_urgent else said.quiet_on
    return fill(template, start=clock(start), end=clock(end))


def _usage(said: AlertSettingsWords) -> RichText:
    return join("\n", (said.usage, *(code(example) for example in EXAMPLES)))
