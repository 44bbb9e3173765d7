"""``/digest``: what came in now; the plans by which it comes, and one more of them."""

import functools
import re
from datetime import time

from handlers.conversation import dialogue, guessing
from handlers.conversation.command_context import CommandContext
from handlers.conversation.guessing import Guess
from handlers.conversation.query_errors import dates_refused, read_query
from handlers.conversation.requests import Reply, Request
from handlers.conversation.services import Services
from handlers.digests import now
from handlers.plans import editing, managing
from handlers.plans.preview import preview
from handlers.plans.quiet_hours import update_sleeper
from handlers.plans.zone_asking import unknown_zone
from handlers.render.answers.plans import plan_list, times_problem, when_of
from handlers.render.answers.welcome import zone_row
from handlers.render.text.dates import clock, coming, here_in
from handlers.render.text.keyboards import PLAN_CARD, data
from handlers.render.text.messages import Button, Message
from handlers.render.text.rich import RichText, code, fill, join
from handlers.texts import typed
from handlers.texts.cards import card_words
from handlers.texts.digests.planning import plan_words
from handlers.texts.people.asking import asking_words
from handlers.times import zones
from handlers.times.plan_times import PlanTimes, TimesError, read_times
from storage.records import Plan, PlanKind
from storage.subscribers import plans, subscribers

EXAMPLES = (
    "/digest {daily} {zone}",
    "/digest {weekdays} {words}",
    "/digest now",
    now.EXAMPLE,
    "/digest off",
)
EXAMPLE_QUERY = "/digest daily 8:00 {words}"
_WORDS = (typed.DIGEST, typed.PLAN_DAYS, typed.PLAN_HOURS)
CHOICES = ("07:00", "08:00", "09:00", "18:00", "21:00")


async def handle(context: CommandContext, services: Services) -> Reply:
    """The plans, what came in now, or one plan more, changed or less."""
    word, _, rest = context.argument.partition(" ")
    rest = rest.strip()
    if not word:
        return Reply((await _overview(context, services),))
    meant = typed.DIGEST.meanings().get(word.lower(), "")
    if meant == "now":
        return Reply(await now.tell(context, rest, services))
    if meant == "off" and not rest:
        return Reply((await turn_off(context, services),))
    if meant == "new" and not rest:
        return Reply((await _ask(context, services, plan_words(context.words.language).time_ask),))
    if meant in editing.PARTS:
        return await editing.edit(context, meant, rest, services)
    return await make_plan(context, services)


async def _overview(context: CommandContext, services: Services) -> Message:
    """The chat's plans; where it has none, when one shall come."""
    chat = context.subscriber
    async with services.database.reader() as conn:
        have = await plans.list_plans(conn, chat.chat_id)
    if not have:
        state = context.words.digest_no_plan
        return await _ask(context, services, asking_words(context.words.language).digest_ask, state)
    view = managing.view_of(
        context.words, context.timezone, context.request.now, is_active=chat.active
    )
    return plan_list(have, 0, view)


async def _ask(
    context: CommandContext, services: Services, question: str, state: RichText | str = ""
) -> Message:
    """When a digest shall come, below how it is; where nothing can be asked, what can be said."""
    words = context.words
    if not dialogue.can_ask(context):
        return Message(join("\n", [*([state] if state else []), _usage(context)]))
    choices = [(clock(time.fromisoformat(at)), at) for at in CHOICES]
    choices += [(asking_words(words.language).now, "now")] if not context.handle else []
    lines = [state, question] if state else [question]
    return await dialogue.ask(context, services, "digest", join("\n", lines), choices=choices)


async def turn_off(
    context: CommandContext, services: Services, kind: PlanKind | None = None
) -> Message:
    """Remove the plan (of this kind) where there is one; of several, ask which."""
    chat_id, words = context.request.chat_id, context.words
    async with services.database.reader() as conn:
        have = await plans.list_plans(conn, chat_id)
    if kind is not None:
        have = [plan for plan in have if plan.kind == kind]
    if not have:
        none = words.review_off_already if kind == "review" else words.digest_off_already
        return Message(RichText(none))
    view = managing.view_of(
        words, context.timezone, context.request.now, is_active=context.subscriber.active
    )
    if len(have) > 1:
        shown = plan_list(have, 0, view)
        return Message(join("\n", (view.said.which_off, shown.text)), shown.keyboard)
    at = context.request.now
    removed = await managing.change(have[0].id, chat_id, services, now=at, removed_at=at)
    return plan_list((), 0, view, removed=removed)


async def make_plan(
    context: CommandContext, services: Services, kind: PlanKind = "digest"
) -> Reply:
    """Make the plan that is written there, or say what can't be read."""
    words = context.words
    try:
        found = read_times(context.argument)
    except TimesError as error:
        if not error.text and kind == "review":
            ask = plan_words(words.language).time_ask
            return Reply((Message(RichText(ask)),), stands=True)
        if not error.text:  # Its days are said, and no time.
            return Reply((await _ask(context, services, asking_words(words.language).digest_ask),))
        return Reply((Message(times_problem(error.problem, error.text, words)),), stands=True)
    if found is None:
        return Reply((_not_read(context, kind),), stands=True)
    when, rest = found
    zone_text, asked = split_zone(rest)
    zone = context.timezone if zone_text is None else zones.find_zone(zone_text)
    if zone is None and when.one_a_day is not None and not asked and kind == "digest":
        return Reply((await unknown_zone(rest, context, services, when.one_a_day),))
    asked = _about().sub("", asked)
    query = read_query(asked, words, EXAMPLE_QUERY) if asked else None
    if isinstance(query, Message):
        return Reply((query,), stands=True)
    if query is not None and query.before is not None:
        return Reply((Message(dates_refused(query, words)),), stands=True)
    if zone is not None and zone_text is not None:
        await update_sleeper(
            context.request.chat_id, services, now=context.request.now, timezone=zone
        )
    written = query.written if query else ""
    made = await _make(context, services, when, zone or context.timezone, written, kind)
    if zone is None:
        return Reply((*made, await unknown_zone(zone_text or "", context, services)))
    return Reply((_told_zone(made[0], context, zone_text, zone), *made[1:]))


def _not_read(context: CommandContext, kind: PlanKind) -> Message:
    """That what is written is no time and no word, with the nearest one, or with examples."""
    words = context.words
    bad = fill(words.digest_bad_word, text=code(context.argument[:100]))
    first, _, rest = context.argument.partition(" ")
    said = {
        word
        for one in _WORDS
        for word, meant in one.meanings().items()
        if meant not in editing.PARTS
    }
    near = guessing.nearest(first, {word: word for word in said})
    guess = Guess("digest", f"{near} {rest}".strip())
    if near is None or kind == "review" or not _can_be_read(guess.argument):
        return Message(join("\n", (bad, _usage(context))))
    line, keyboard = guessing.offer(guess, words, pressed=not context.handle)
    return Message(join("\n", (bad, line)), keyboard)


def _can_be_read(argument: str) -> bool:
    """Whether it begins with a time, or is a word that this command knows."""
    try:
        return read_times(argument) is not None or argument.split()[0] in typed.DIGEST.meanings()
    except TimesError as error:
        return not error.text  # Its days are said, and the time will be asked for.


async def _make(
    context: CommandContext,
    services: Services,
    when: PlanTimes,
    zone: str,
    query: str,
    kind: PlanKind,
) -> tuple[Message, ...]:
    """The new plan, with what it would tell now."""
    request, words = context.request, context.words
    said = plan_words(words.language)
    try:
        plan, is_new = await managing.add(
            request.chat_id,
            when,
            services,
            timezone=zone,
            now=request.now,
            query=query,
            kind=kind,
            topic=request.topic,
        )
    except managing.TooManyError:
        return (Message(fill(said.limit, count=services.alerts_per_person)),)
    if not request.is_private:
        async with services.database.transaction() as tx:
            await subscribers.set_topic(tx, request.chat_id, request.topic)
    line = _planned(plan, context)
    if plan.topic != request.topic and not context.handle:
        plan = await _move_here(plan, request, services) or plan
        line = join("\n", (line, card_words(words.language).moved_here))
    change = Button(text=said.change_button, data=data(PLAN_CARD, plan.id))
    told = Message(line if is_new else join("\n", (said.known, line)), ((change,),))
    if not is_new or request.is_channel:  # In a channel all would read it.
        return (told,)
    return (told, await preview(plan, services, words, request.now))


async def _move_here(plan: Plan, request: Request, services: Services) -> Plan | None:
    """Have a plan that there was told in the topic where it was asked for again."""
    return await managing.change(
        plan.id, request.chat_id, services, now=request.now, topic=request.topic
    )


def _planned(plan: Plan, context: CommandContext) -> RichText:
    here, words = here_in(plan.timezone, context.request.now), context.words
    is_review = plan.kind == "review"
    line = fill(
        plan_words(words.language).review_planned if is_review else words.digest_planned,
        times=when_of(plan, words),
        zone=zones.zone_label(plan.timezone, words.language),
        when=coming(plan.due_at, here, words) if plan.due_at else "",
    )
    if not plan.query:
        return line
    return join("\n", (line, fill(plan_words(words.language).about, query=code(plan.query))))


def _told_zone(told: Message, context: CommandContext, zone_text: str | None, zone: str) -> Message:
    """What was made, with what is to be said of its zone."""
    words, keyboard = context.words, told.keyboard
    label = zones.zone_label(zone, words.language)
    lines = [told.text]
    if zone != context.timezone:
        lines.append(fill(words.settings_changed_zone, zone=label))
    if zone_text is not None and "/" not in zone_text and any(map(str.isalpha, zone_text)):
        times = context.argument.removesuffix(zone_text).strip()
        example = code(f'/digest {times} "{zone_text}"')
        said = plan_words(words.language).taken_for_zone
        lines.append(fill(said, text=code(zone_text), example=example))
    if zone_text is None and context.subscriber.timezone is None:
        lines.append(fill(asking_words(words.language).zone_unset, zone=label))
        keyboard = (*keyboard, *zone_row(words))
    return Message(join("\n", lines), keyboard)


@functools.cache
def _about() -> re.Pattern[str]:
    """The word that leads to a query and is none of it: ``daily 8 about grain``."""
    return re.compile(rf"\A(?:{typed.ABOUT.pattern('about')})\s+(?=\S)", re.IGNORECASE)


def split_zone(text: str) -> tuple[str | None, str]:
    """The time zone that stands behind times, None where none does; and the query behind it."""
    if not text:
        return None, ""
    if zones.find_zone(text) or zones.find_region(text):
        return text, ""
    first, _, rest = text.partition(" ")
    looks_like_one = "/" in first and all(part[:1].isalpha() for part in first.split("/"))
    if looks_like_one and (zones.find_zone(first) or not rest):
        return first, rest.strip()
    if not rest and first[:1].isupper() and zones.nearest_zone(first):
        return first, ""
    return None, text


def _usage(context: CommandContext) -> RichText:
    words = context.words
    return join("\n", (words.digest_usage, *(code(words.example(e)) for e in EXAMPLES)))
