"""What is typed to change a plan: its name, its query, its times. The cards' buttons ask for it."""

from collections.abc import Callable, Mapping

from handlers.conversation import dialogue
from handlers.conversation.command_context import CommandContext
from handlers.conversation.query_errors import dates_refused, read_query
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.plans import cards, managing
from handlers.render.answers.plans import label_of, times_problem
from handlers.render.text.messages import Message
from handlers.render.text.names import can_be_seen
from handlers.render.text.rich import RichText, bold, join
from handlers.texts import typed
from handlers.texts.digests.planning import plan_words
from handlers.texts.people.asking import asking_words
from handlers.texts.words import Words
from handlers.times.plan_times import TimesError, parse_times, write_times

EXAMPLE = "{words}"

Fields = dict[str, object]


async def edit(context: CommandContext, part: str, written: str, services: Services) -> Reply:
    """Change a part of a plan, or ask for it. ``written``: the plan's id, and the new value."""
    id, _, value = written.partition(" ")
    chat_id, words = context.request.chat_id, context.words
    said = plan_words(words.language)
    number = int(id) if id.isascii() and id.isdigit() and len(id) <= 18 else 0
    async with services.database.reader() as conn:
        plan = await managing.find_own(conn, number, chat_id)
    if plan is None:
        return Reply((Message(RichText(said.gone)),))
    if not value.strip():
        question = join("\n", (bold(f"📰 {label_of(plan, words)}"), _questions(words)[part]))
        before = f"{part} {plan.id}"
        return Reply((await dialogue.ask(context, services, "digest", question, before=before),))
    fields = PARTS[part](value.strip(), words)
    if isinstance(fields, Message):
        return Reply((fields,), stands=True)
    changed = await managing.change(plan.id, chat_id, services, now=context.request.now, **fields)
    view = managing.view_of(
        words, context.timezone, context.request.now, is_active=context.subscriber.active
    )
    return Reply((await cards.card(changed or plan, view, services, head=said.changed),))


def _questions(words: Words) -> Mapping[str, str]:
    said = plan_words(words.language)
    return {"name": said.name_ask, "query": said.query_ask, "time": said.time_ask}


def _is_none(value: str) -> bool:
    return value.lower().strip("“”«».") in typed.PLAN_NONE.meanings()


def _name(value: str, words: Words) -> Fields | Message:
    if not can_be_seen(value):
        return Message(RichText(asking_words(words.language).unseen_name))
    return {"name": "" if _is_none(value) else " ".join(value.split())[: managing.NAME_LENGTH]}


def _query(value: str, words: Words) -> Fields | Message:
    if _is_none(value):
        return {"query": ""}
    query = read_query(value, words, EXAMPLE)
    if isinstance(query, Message):
        return query
    if query.before is not None:
        return Message(dates_refused(query, words))
    return {"query": query.written}


def _time(value: str, words: Words) -> Fields | Message:
    try:
        return {"times": write_times(parse_times(value))}
    except TimesError as error:
        return Message(times_problem(error.problem, error.text, words))


PARTS: Mapping[str, Callable[[str, Words], Fields | Message]] = {
    "name": _name,
    "query": _query,
    "time": _time,
}
"""What of a plan can be typed, and what is read of it."""
