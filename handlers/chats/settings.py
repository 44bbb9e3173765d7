"""``/settings``: language, time zone, digest and alerts of this chat, and how to change them."""

from collections.abc import Sequence
from datetime import datetime

from handlers.chats.quiet import quiet_line
from handlers.conversation import dialogue, guessing
from handlers.conversation.command_context import CommandContext
from handlers.conversation.guessing import Guess
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.plans.quiet_hours import update_sleeper
from handlers.plans.zone_asking import unknown_zone
from handlers.render.answers.plans import next_of, when_of
from handlers.render.answers.settings import settings_keyboard
from handlers.render.text.dates import coming, here_in
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, bold, code, fill, join
from handlers.texts import typed
from handlers.texts.alerts.alert_settings import alert_settings_words
from handlers.texts.languages import words_of
from handlers.texts.words import Words
from handlers.times import zones
from storage.languages.catalogue import spoken
from storage.languages.formats import name_in
from storage.records import Plan, Subscriber
from storage.subscribers import alerts, plans, subscribers

_OF_COMMANDS = frozenset({"quiet", "digest", "alert", "alerts"})
"""Settings that have a command of their own."""
EXAMPLES = ("/settings language {other_language}", "/settings timezone {zone}")


async def handle(context: CommandContext, services: Services) -> Reply:
    """Show the settings, or change one."""
    word, _, value = context.argument.partition(" ")
    value = value.strip()
    if not word:
        shown = await settings_message(
            context.subscriber, context.timezone, context.words, services, now=context.request.now
        )
        return Reply((shown,))
    meant = typed.SETTINGS.meanings().get(word.lower())
    if meant is not None and not value:
        return Reply((await dialogue.ask_for_name(meant, context, services),))
    if meant == "language":
        return Reply((await set_language(context, value, services),))
    if meant == "timezone":
        return Reply((await set_zone(context, value, services),))
    problem = fill(context.words.settings_bad, text=code(word[:100]))
    near = guessing.nearest(word, typed.SETTINGS.meanings())
    if word.lower() in _OF_COMMANDS:
        line, keyboard = guessing.offer(
            Guess(word.lower(), value), context.words, pressed=not context.handle
        )
        return Reply((Message(join("\n", (problem, line)), keyboard),))
    if near is None:
        return Reply((Message(join("\n", (problem, _usage(context.words)))),))
    named = typed.SETTINGS.word(near, context.words.language)
    guess = Guess("settings", f"{named} {value}".strip())
    line, keyboard = guessing.offer(guess, context.words, pressed=not context.handle)
    return Reply((Message(join("\n", (problem, line)), keyboard),))


async def settings_message(
    subscriber: Subscriber, timezone: str, words: Words, services: Services, *, now: datetime
) -> Message:
    """A chat's settings with the buttons that change them."""
    async with services.database.reader() as conn:
        planned = await plans.list_plans(conn, subscriber.chat_id)
        count = await alerts.count_alerts(conn, subscriber.chat_id)
    lines = [
        bold(words.settings_title),
        fill(words.settings_language, value=words.language_name),
        fill(words.settings_zone, value=zones.zone_label(timezone, words.language)),
        _digest_line(planned, timezone, now, words),
        fill(words.settings_alerts, count=count, limit=services.alerts_per_person),
        quiet_line(subscriber, alert_settings_words(words.language)),
        _burst_line(subscriber, words, services),
    ]
    if not subscriber.active:
        lines.append(words.settings_stopped)
    return Message(join("\n", lines), settings_keyboard(words))


def _digest_line(
    planned: Sequence[Plan], timezone: str, now: datetime, words: Words
) -> RichText | str:
    if not planned:
        return words.settings_no_digest
    if len(planned) == 1:
        zone = zones.zone_label(planned[0].timezone, words.language)
        return fill(words.settings_digest, times=when_of(planned[0], words), zone=zone)
    due = next_of(planned)
    when = coming(due, here_in(timezone, now), words) if due else "–"
    return fill(words.settings_digests, count=len(planned), when=when)


def burst_after(subscriber: Subscriber, services: Services) -> int:
    """How many alerts a minute a chat gets singly before further ones go into a list; 0: no
    lists."""
    chosen = subscriber.burst_after
    return services.burst_after if chosen is None else chosen


def _burst_line(subscriber: Subscriber, words: Words, services: Services) -> str:
    said, after = alert_settings_words(words.language), burst_after(subscriber, services)
    return words.count(said.burst_line, after) if after else said.burst_line_never


async def set_language(context: CommandContext, value: str, services: Services) -> Message:
    """Set the language by its name, or list the languages."""
    names = {language: words_of(language).language_name for language in spoken()}
    known = {name_in(one, other).lower(): one for one in names for other in names}
    known |= {name.lower(): language for language, name in names.items()}
    chosen = known.get(value.lower(), value.lower())
    if chosen not in names:
        listed = ", ".join(f"{language} ({name})" for language, name in names.items())
        said = fill(context.words.language_unknown, language=code(value[:100]), languages=listed)
        return Message(said)
    async with services.database.transaction() as tx:
        await subscribers.update_subscriber(tx, context.request.chat_id, language=chosen)
    return Message(RichText(words_of(chosen).settings_changed_language))


async def set_zone(context: CommandContext, value: str, services: Services) -> Message:
    """Set the time zone by its name, or suggest the nearest name."""
    zone = zones.find_zone(value)
    if zone is None:
        return await unknown_zone(value, context, services)
    request = context.request
    await update_sleeper(request.chat_id, services, now=request.now, timezone=zone)
    return Message(
        fill(
            context.words.settings_changed_zone, zone=zones.zone_label(zone, context.words.language)
        )
    )


def _usage(words: Words) -> RichText:
    return join("\n", (words.settings_usage, *(code(words.example(e)) for e in EXAMPLES)))
