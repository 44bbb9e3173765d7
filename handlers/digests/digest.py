"""``/digest``: what came in, now or every day at a time of one's own zone."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from handlers.alerts.quiet_hours import update_sleeper
from handlers.conversation import dialogue
from handlers.conversation.command_context import CommandContext, revive_if_stopped
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.digests.composing import FIRST_SPAN, Digest, compose_digest, find_period, note_period
from handlers.render.answers.settings import (
    DIGESTS,
    guess_keyboard,
    places_keyboard,
    regions_keyboard,
)
from handlers.render.answers.welcome import zone_row
from handlers.render.text.dates import clock, coming, here_in, moment, zone_of
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, code, fill, join
from handlers.searching.query_errors import read_query
from handlers.texts import typed
from handlers.texts.asking import asking_words
from handlers.texts.digesting import digesting_words
from handlers.times import planning, spans, zones
from storage.query.reading.syntax import Query
from storage.records import DigestPlan
from storage.subscribers import digests, snapshots

EXAMPLES = ("/digest now", "/digest now {words} 24h", "/digest {daily} {zone}", "/digest off")


async def handle(context: CommandContext, services: Services) -> Reply:
    """Now, daily, off, or the plan as it stands."""
    word, _, rest = context.argument.partition(" ")
    if not word:
        return Reply((await _ask(context, services),))
    meant = typed.DIGEST.meanings().get(word.lower())
    if meant == "now":
        asked = rest.strip()
        return Reply(await (_look(context, asked, services) if asked else _now(context, services)))
    if meant == "off" and not rest.strip():
        return Reply((await _off(context, services),))
    if meant == "daily":
        return await _plan(context, rest.strip(), services)
    if planning.parse_plan(context.argument) is not None or word[0].isdigit():
        return await _plan(context, context.argument, services)
    problem = fill(context.words.digest_bad_word, text=code(context.argument[:100]))
    return Reply((await _ask(context, services, problem),))


async def _ask(
    context: CommandContext, services: Services, problem: RichText | None = None
) -> Message:
    """When a digest shall come, below how it is, or what could not be read."""
    async with services.database.reader() as conn:
        plan = await digests.find_plan(conn, context.request.chat_id)
    words, said = context.words, asking_words(context.words.language)
    state = RichText(words.digest_no_plan)
    if plan is not None:
        state = fill(words.digest_plan, **_plan_values(plan, context))
    state = problem or state
    if not dialogue.can_ask(context):
        return Message(join("\n", (state, _usage(context))))
    choices = [(clock(time.fromisoformat(at)), at) for at in DIGESTS]
    choices += [(said.now, "now")] if not context.handle else []
    choices += [(said.off, "off")] if plan is not None else []
    question = join("\n", (state, said.digest_ask))
    return await dialogue.ask(context, services, "digest", question, choices=choices)


async def _now(context: CommandContext, services: Services) -> tuple[Message, ...]:
    """What came in since the last digest."""
    now, words, chat_id = context.request.now, context.words, context.request.chat_id
    async with services.database.transaction() as tx:
        after, until = await find_period(
            tx, chat_id=chat_id, message_id=context.request.message_id, now=now
        )
    async with services.database.reader() as conn:
        made = await compose_digest(
            conn,
            chat_id,
            after=after,
            until=until,
            timezone=context.timezone,
            language=words.language,
        )
    async with services.database.transaction() as tx:
        await note_period(
            tx,
            chat_id=chat_id,
            message_id=context.request.message_id,
            after=after,
            until=until,
        )
        if made is not None:
            await snapshots.add_snapshot(tx, made.snapshot, now=now)
    return (_told(context, made, after, until),)


async def _look(context: CommandContext, asked: str, services: Services) -> tuple[Message, ...]:
    """What came in within a span, of what matches a query where there is one; the next digest
    tells it all the same."""
    text, span = spans.cut_span(asked)
    now, words = context.request.now, context.words
    query: Query | None = None
    if text:
        zone = zone_of(context.timezone)
        read = read_query(text, words, EXAMPLES[1], now=now, zone=zone)
        if isinstance(read, Message):
            return (read,)
        query = read
    after = now - (span or FIRST_SPAN)
    async with services.database.reader() as conn:
        made = await compose_digest(
            conn,
            context.request.chat_id,
            after=after,
            until=now,
            timezone=context.timezone,
            language=words.language,
            query=query,
        )
    if made is None and query is not None:
        said = digesting_words(words.language).none_found
        since = moment(after, here_in(context.timezone, now), words)
        return (Message(fill(said, query=code(text), since=since)),)
    if made is not None:
        async with services.database.transaction() as tx:
            await snapshots.add_snapshot(tx, made.snapshot, now=now)
    return (_told(context, made, after, now),)


def _told(
    context: CommandContext, made: Digest | None, after: datetime, until: datetime
) -> Message:
    """The digest, or that nothing came in."""
    if made is not None:
        return made.message
    here, words = here_in(context.timezone, until), context.words
    span = {"since": moment(after, here, words), "until": moment(until, here, words)}
    return Message(fill(words.digest_none, **span))


async def _off(context: CommandContext, services: Services) -> Message:
    chat_id = context.request.chat_id
    async with services.database.transaction() as tx:
        removed = await digests.remove_plan(tx, chat_id)
    services.plans_changed(chat_id)
    words = context.words
    return Message(RichText(words.digest_off if removed else words.digest_off_already))


async def _plan(context: CommandContext, written: str, services: Services) -> Reply:
    """Plan the daily digest, or say what can't be read."""
    words = context.words
    parsed = planning.parse_plan(written)
    if parsed is None:
        bad = fill(words.digest_bad_time, text=code(written[:100])) if written else None
        return Reply((await _ask(context, services, bad),))
    local_time, zone_text = parsed
    zone = zones.find_zone(zone_text) if zone_text else context.timezone
    if zone is None:
        return Reply((await unknown_zone(zone_text or "", context, services, local_time),))
    await revive_if_stopped(context, services)
    plan = await _save(context, local_time, zone, zone_text is not None, services)
    said = fill(words.digest_planned, **_plan_values(plan, context))
    if zone != context.timezone:
        moved = fill(words.settings_changed_zone, zone=zones.zone_label(zone, words.language))
        said = join("\n", (said, moved))
    if zone_text is None and context.subscriber.timezone is None:
        unset = fill(
            asking_words(words.language).zone_unset, zone=zones.zone_label(zone, words.language)
        )
        return Reply((Message(join("\n", (said, unset)), zone_row(words)),))
    return Reply((Message(said),))


async def _save(
    context: CommandContext, local_time: time, zone: str, said: bool, services: Services
) -> DigestPlan:
    """Store the plan; a zone that was said is where this chat reads times from now on."""
    chat_id = context.request.chat_id
    if said:
        await update_sleeper(chat_id, services, now=context.request.now, timezone=zone)
    async with services.database.transaction() as tx:
        plan = await digests.set_plan(
            tx, chat_id=chat_id, local_time=local_time, timezone=zone, now=context.request.now
        )
    services.plans_changed(chat_id)
    return plan


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


def _plan_values(plan: DigestPlan, context: CommandContext) -> dict[str, RichText | str | int]:
    due = _next(plan, context.request.now)
    return {
        "time": clock(plan.local_time),
        "zone": zones.zone_label(plan.timezone, context.words.language),
        "when": coming(due, here_in(plan.timezone, context.request.now), context.words),
    }


def _next(plan: DigestPlan, now: datetime) -> datetime:
    return planning.next_run(plan.local_time, plan.timezone, now=now).due_at


def _usage(context: CommandContext) -> RichText:
    return join(
        "\n", (context.words.digest_usage, *(code(context.words.example(e)) for e in EXAMPLES))
    )
