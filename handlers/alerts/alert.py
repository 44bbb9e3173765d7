"""``/alert WORDS``: saves a query; every post that matches it from now on is sent at once.

The command itself saves the query; the answer shows the posts that it would have found lately, with
buttons to keep, narrow or drop it.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from handlers.alerts import alerts as alert_list
from handlers.alerts import editing, proposing, reading, removing
from handlers.conversation import dialogue
from handlers.conversation.command_context import CommandContext, revive_if_stopped
from handlers.conversation.press_context import ButtonError, PressContext, number
from handlers.conversation.query_errors import dates_refused, doubt, read_query
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.queries import narrowing
from handlers.render.alerts.past_hits import (
    CHANNEL,
    LANGUAGE,
    ORIGINAL,
    narrowing_message,
    past_hits_message,
)
from handlers.render.text.dates import here_in
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, code, fill, join
from handlers.searching import samples
from handlers.sources import references
from handlers.texts import typed
from handlers.texts.alerts.alert_settings import alert_settings_words
from handlers.texts.cards import card_words
from handlers.texts.exporting import exporting_words
from handlers.texts.querying import querying_words
from handlers.texts.words import Words
from storage.errors import QueryError
from storage.query.reading import syntax
from storage.query.reading.syntax import Query
from storage.records import Alert
from storage.structs import replace
from storage.subscribers import alerts, subscribers

EXAMPLE = "/alert {words}"


class Saved(Struct, frozen=True):
    """The result of saving: the text of the answer, and the alert if it is new (``alert``) or
    existed before (``known``)."""

    said: RichText
    alert: Alert | None = None
    known: Alert | None = None


async def handle(context: CommandContext, services: Services) -> Reply:
    """Save the query, or say why not. Without a query propose one from a post, or ask for one."""
    if not context.argument:
        proposed = await proposing.propose(context, services)
        return Reply((proposed or await dialogue.ask_for_name("alert", context, services),))
    if (listed := await _list_to_remove(context, services)) is not None:
        return listed
    edited = await editing.edit(context, services)
    if edited is not None:
        return edited
    argument, once = read_manner(context.argument)
    query = read_query(argument, context.words, EXAMPLE)
    if isinstance(query, Message):
        return Reply((query,), stands=True)
    if query.before is not None:
        return Reply((Message(dates_refused(query, context.words)),), stands=True)
    await revive_if_stopped(context, services)
    now, chat_id = context.request.now, context.request.chat_id
    doubted = doubt(argument, context.words, "/alert") or await _doubt_channel(
        argument, context.words, services
    )
    if not context.request.is_private:
        async with services.database.transaction() as tx:
            await subscribers.set_topic(tx, chat_id, context.request.topic)
    told = await set_alert(
        chat_id,
        query,
        context.timezone,
        context.words,
        services,
        now=now,
        doubted=doubted,
        once=once,
        topic=context.request.topic,
        moves=not context.handle,
    )
    return Reply((told,))


async def _doubt_channel(text: str, words: Words, services: Services) -> RichText | None:
    """That a watched channel's name or link alone is looked for as words, with the alert that tells
    of all its posts; None for all else."""
    if " " in text.strip() or not ("@" in text or "t.me/" in text):
        return None
    async with services.database.reader() as conn:
        channel = await references.find_named(conn, text)
    if channel is None or not channel.username:
        return None
    said = querying_words(words.language).meant_channel
    return fill(said, command=code(f"/alert channel:{channel.username}"))


async def _list_to_remove(context: CommandContext, services: Services) -> Reply | None:
    """The alerts, where one of them is to be removed: ``off``, ``remove oil``; None for words."""
    word, _, rest = context.argument.partition(" ")
    if word.lower() not in typed.REMOVING.meanings():
        return None
    async with services.database.reader() as conn:
        have = await alerts.list_alerts(conn, context.request.chat_id)
    if not have or (rest and all(one.query.lower() != rest.strip().lower() for one in have)):
        return None
    (listed,) = (await alert_list.handle(replace(context, argument=rest), services)).messages
    as_word = f'/alert "{word}" {rest}'.strip()
    line = fill(exporting_words(context.words.language).as_word, command=code(as_word))
    return Reply((replace(listed, text=join("\n", (listed.text, line))),))


def read_manner(text: str) -> tuple[str, bool | None]:
    """The query in the argument of ``/alert``, and whether the alert is to ring once per event;
    None if that is not said."""
    meanings = typed.ALERT.meanings()
    said = [meanings[word.lower()] for word in text.split() if word.lower() in meanings]
    if not said:
        return text, None
    query = " ".join(word for word in text.split() if word.lower() not in meanings)
    return query, said[-1] == "once"


async def set_alert(
    chat_id: int,
    query: Query,
    timezone: str,
    words: Words,
    services: Services,
    *,
    now: datetime,
    doubted: RichText | None = None,
    once: bool | None = None,
    topic: int | None = None,
    moves: bool = False,
) -> Message:
    """Save a query as an alert of a chat. Returns the answer, with past hits if the alert is new.

    ``doubted``: a remark on a query that may mean something else; ``once``: whether it rings once
    per event, None for no change; ``topic``: the group's topic that it is sent to; ``moves``: an
    existing alert is moved there.
    """
    saved = await _save(chat_id, query, words, services, once=once, topic=topic, now=now)
    if saved.known is not None and moves and saved.known.topic != topic:
        async with services.database.transaction() as tx:
            await alerts.update_alert(tx, saved.known.id, chat_id, topic=topic)
        return Message(join("\n", (saved.said, card_words(words.language).moved_here)))
    if saved.alert is None:
        return Message(saved.said)
    said = join("\n", (saved.said, doubted)) if doubted else saved.said
    return await _with_past_hits(said, saved.alert, query, timezone, words, services, now=now)


async def _save(
    chat_id: int,
    query: Query,
    words: Words,
    services: Services,
    *,
    once: bool | None,
    topic: int | None,
    now: datetime,
) -> Saved:
    """Save a query as an alert of a chat, unless the chat has it already or has too many."""
    settings = alert_settings_words(words.language)
    manner = None if once is None else settings.once if once else settings.everything
    async with services.database.transaction() as tx:
        have = await alerts.list_alerts(tx, chat_id)
        same = _same(have, query)
        if same is not None:
            if once is not None:
                await alerts.update_alert(tx, same.id, chat_id, once=once)
            told = _with_manner(fill(words.alert_known, query=code(same.query)), manner)
            return Saved(told, known=same)
        if len(have) >= services.alerts_per_person:
            count = words.count(words.alerts, services.alerts_per_person)
            return Saved(fill(words.alert_limit, alerts=count))
        alert = await alerts.add_alert(
            tx, chat_id=chat_id, query=query.written, now=now, topic=topic
        )
        if once is not None:
            alert = await alerts.update_alert(tx, alert.id, chat_id, once=once) or alert
    return Saved(_with_manner(fill(words.alert_added, query=code(alert.query)), manner), alert)


def _with_manner(said: RichText, manner: str | None) -> RichText:
    return said if manner is None else join("\n", (said, f"{manner}."))


def _same(have: Sequence[Alert], query: Query) -> Alert | None:
    """The alert that asks for the same, however it is written."""
    return next((alert for alert in have if _parse(alert) == query), None)


async def keep(context: PressContext, services: Services) -> PressResult:
    """Leave the alert as it is, and remove the buttons. The field is its id."""
    if await _find(context, services) is None:
        return await removing.made_gone(context, services)
    return PressResult(keyboard=(), toast=querying_words(context.words.language).kept)


async def show_again(context: PressContext, services: Services) -> PressResult:
    """Show its past hits again, after its channels were chosen. The field is its id."""
    alert = await _find(context, services)
    query = _parse(alert)
    if alert is None or query is None:
        return await removing.made_gone(context, services)
    said = fill(context.words.alert_added, query=code(alert.query))
    now = context.press.now
    message = await _with_past_hits(
        said, alert, query, context.timezone, context.words, services, now=now
    )
    return PressResult(edit=message)


async def ask_narrow(context: PressContext, services: Services) -> PressResult:
    """Show what the alert can be narrowed to, in place. The field is its id."""
    alert = await _find(context, services)
    query = _parse(alert)
    if alert is None or query is None:
        return await removing.made_gone(context, services)
    try:
        sample = await samples.read_sample(query, services)
    except TimeoutError:
        sample = None
    return PressResult(edit=narrowing_message(alert, sample, context.words))


async def narrow(context: PressContext, services: Services) -> PressResult:
    """Replace the alert by a narrower one. Fields: its id, a kind, a value."""
    condition = _condition(context.fields[1], context.fields[2], context.words)
    alert = await _find(context, services)
    query = _parse(alert)
    if alert is None or query is None:
        return await removing.made_gone(context, services)
    said = querying_words(context.words.language)
    narrower = narrowing.narrow(query, (condition,))
    if narrower is None or narrower.text == query.text:
        return PressResult(toast=said.cannot_narrow)
    now, chat_id = context.press.now, context.press.chat_id
    async with services.database.transaction() as tx:
        same = _same(await alerts.list_alerts(tx, chat_id), narrower)
        if same is not None:  # One is enough: the narrower stays, told as the other was.
            await alerts.remove_alert(tx, alert.id, chat_id)
            new = await alerts.update_alert(tx, same.id, chat_id, **manner(alert))
        else:
            new = await alerts.change_query(tx, alert.id, chat_id, narrower.written, now=now)
    if new is None:
        return await removing.made_gone(context, services)
    line = fill(said.narrowed, query=code(new.query))
    message = await _with_past_hits(
        line, new, narrower, context.timezone, context.words, services, now=now
    )
    return PressResult(edit=message)


async def _with_past_hits(
    said: RichText,
    alert: Alert,
    query: Query,
    timezone: str,
    words: Words,
    services: Services,
    *,
    now: datetime,
) -> Message:
    here = here_in(timezone, now)
    try:
        hits = await samples.read_past_hits(query, services, here, words)
    except TimeoutError:
        hits = None
    return past_hits_message(said, alert, query, hits, here, words)


def _condition(kind: str, value: str, words: Words) -> str:
    """The filter that a button adds. Raises ButtonError for values that no button has."""
    if kind == CHANNEL and narrowing.NAME.fullmatch(value):
        return f"channel:{value}"
    if kind == LANGUAGE and value in querying_words(words.language).languages:
        return f"lang:{value}"
    if kind == ORIGINAL:
        return "is:original"
    raise ButtonError(f"{kind!r} {value!r} narrows nothing")


def manner(alert: Alert) -> dict[str, object]:
    """The settings of an alert, for the one that takes its place."""
    return {
        "paused": alert.paused,
        "snoozed_until": alert.snoozed_until,
        "urgent": alert.urgent,
        "silent": alert.silent,
        "hourly_limit": alert.hourly_limit,
        "every_minutes": alert.every_minutes,
        "once": alert.once,
        "topic": alert.topic,
    }


def _parse(alert: Alert | None) -> Query | None:
    try:
        return syntax.parse(alert.query) if alert else None
    except QueryError:
        return None


async def _find(context: PressContext, services: Services) -> Alert | None:
    """The alert that a button names, if it is this chat's."""
    async with services.database.reader() as conn:
        return await reading.find_own(conn, number(context.fields, 0), context.press.chat_id)
