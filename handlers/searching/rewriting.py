"""Another query for what has one, an alert say: its card asks for it, and it is written anew."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.conversation import dialogue
from handlers.conversation.command_context import CommandContext
from handlers.conversation.services import Services
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, code, fill, join
from handlers.sources import holding
from handlers.sources.holding import Held
from handlers.texts.alerts.alert_settings import alert_settings_words
from handlers.texts.words import Words
from storage.query.reading.syntax import Query
from storage.records import Channel

EXAMPLE = "{words}"
_EDIT = re.compile(r"(edit:(\d{1,18}))(?:\s+(.*))?", re.DOTALL | re.ASCII)


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What a card wants changed, by its id; ``text`` is the new query, "" where it is to be asked
    for."""

    id: int
    text: str


def read_rewriting(context: CommandContext) -> Rewriting | None:
    """What stands behind the command: what a card's button asks, or the answer to that; None for
    anybody's own words."""
    match = _EDIT.fullmatch(context.argument)
    if match is None or (match[3] and not _is_asked(context, match[1])):
        return None
    return Rewriting(int(match[2]), match[3] or "")


def _is_asked(context: CommandContext, before: str) -> bool:
    question = context.question
    return question is not None and question.before.endswith(before)


async def ask(
    context: CommandContext, services: Services, command: str, id: int, asked: RichText, lists: str
) -> Message:
    """Ask for it; where nothing can wait for an answer, say where: ``lists`` is the command that
    leads to its card."""
    if not dialogue.can_ask(context):
        said = alert_settings_words(context.words.language)
        example = code(f"/for {context.subscriber.chat_id} /{lists}")
        return Message(fill(said.edit_elsewhere, example=example))
    return await dialogue.ask(context, services, command, asked, before=f"edit:{id}")


def question(said: str, query: str) -> RichText:
    """What is asked, above the query as it is."""
    return join("\n", (said, code(query)))


def keep_held(query: Query, former: Held, known: Sequence[Channel]) -> Query | None:
    """The new query; where it names no channel itself, held to those of the former one. None where
    it is too long for that."""
    rows = former.rows(known)
    if holding.read_held(query).values or not former.values or "channel:" in query.text:
        return query
    channels = [one for one in known if one.id in rows]
    return holding.hold(holding.read_held(query).asked, channels, former.strangers(known))


def too_long(words: Words) -> Message:
    """What to say of one that is too long to be held to the former channels."""
    return Message(RichText(alert_settings_words(words.language).edit_long))
