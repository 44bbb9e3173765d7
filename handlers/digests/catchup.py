"""``/catchup``: one digest of what was posted since a time. Plans and the next digest are not
affected."""

from datetime import datetime, timedelta, tzinfo

from handlers.conversation import dialogue, guessing
from handlers.conversation.command_context import CommandContext
from handlers.conversation.dialogue import Choice
from handlers.conversation.guessing import Guess
from handlers.conversation.odd_spans import refuse_span
from handlers.conversation.query_errors import read_query
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.digests import history
from handlers.digests.composing import compose_digest
from handlers.outlines.outline import STORIES
from handlers.render.text.dates import here_in, moment, zone_of
from handlers.render.text.messages import Keyboard, Message
from handlers.render.text.rich import RichText, code, fill, join
from handlers.texts import typed
from handlers.texts.digests.catching_up import catching_up_words
from handlers.texts.digests.digesting import digesting_words
from handlers.texts.spans import span_words
from handlers.times.since import cut_since
from handlers.times.spans import LONGEST, cut_span
from storage.query.reading.syntax import Query
from storage.subscribers import snapshots

EXAMPLE = "/catchup {words} 3d"
MOST_STORIES = 30
_DAY = timedelta(days=1)


async def handle(context: CommandContext, services: Services) -> Reply:
    """The digest since a time, of posts that match the words before it; without a time, the
    question since when."""
    now, zone = context.request.now, zone_of(context.timezone)
    last = context.subscriber.last_digest_at
    if (refused := refuse_span(context.argument, context.words)) is not None:
        return Reply((refused,), stands=True)
    text, since = cut_since(context.argument, now=now, zone=zone, last=last)
    if since is None:
        text, since = _cut_first(text, now=now, zone=zone)
    if since is None:
        return Reply((await _ask(context, services, text),))
    if now - since > LONGEST:
        said = span_words(context.words.language)
        days = context.words.count(context.words.days, LONGEST.days)
        return Reply((Message(fill(said.too_far, days=days)),), stands=True)
    query: Query | None = None
    if text:
        read = read_query(text, context.words, EXAMPLE, now=now, zone=zone)
        if isinstance(read, Message):
            return Reply((read,))
        query = read
    return Reply((await _tell(context, services, since, query),))


def _cut_first(asked: str, *, now: datetime, zone: tzinfo) -> tuple[str, datetime | None]:
    """Like ``cut_since``, for a span in figures before the words: ``3d grain`` gives ``grain`` and
    the time three days ago."""
    words = asked.split()
    for end in range(min(4, len(words) - 1), 0, -1):
        first = " ".join(words[:end])
        rest, since = cut_since(first, now=now, zone=zone)
        if since and not rest and cut_span(first)[1] and any(map(str.isdigit, first)):
            return " ".join(words[end:]), since
    return asked.strip(), None


async def _tell(
    context: CommandContext, services: Services, since: datetime, query: Query | None
) -> Message:
    now, words = context.request.now, context.words
    async with services.database.reader("digest") as conn:
        left = await history.count(conn, query, after=since, until=now)
        made = await compose_digest(
            conn,
            context.request.chat_id,
            after=since,
            until=now,
            timezone=context.timezone,
            language=words.language,
            query=query,
            most=count_stories(now - since),
            history=left,
        )
    if made is not None:
        async with services.database.transaction() as tx:
            await snapshots.add_snapshot(tx, made.snapshot, now=now)
        return made.message
    return history.with_count(_nothing(context, since, query), left, words, query)


def _nothing(context: CommandContext, since: datetime, query: Query | None) -> Message:
    now, words = context.request.now, context.words
    here = here_in(context.timezone, now)
    began = moment(since, here, words)
    if query is not None:
        said = digesting_words(words.language)
        return Message(fill(said.none_found, query=code(query.written), since=began))
    return Message(fill(words.digest_none, since=began, until=moment(now, here, words)))


def count_stories(span: timedelta) -> int:
    """How many stories a digest of a span has: the usual number for up to a day, more for longer
    spans."""
    further = max(0, span // _DAY - 1)
    return min(MOST_STORIES, STORIES + 5 * further)


async def _ask(context: CommandContext, services: Services, query: str) -> Message:
    said = catching_up_words(context.words.language)
    if not dialogue.can_ask(context):
        return Message(join("\n", (said.ask, code("/catchup friday"))))
    choices = _choices(context)
    keyboard: Keyboard = ()
    lines: list[RichText | str] = [said.ask]
    if query:  # What is kept for the answer is said, or a day that is misspelled would be it.
        lines.insert(0, fill(digesting_words(context.words.language).asked, query=code(query)))
        before, _, last = query.rpartition(" ")
        times = {word: word for word, meant in typed.SINCE.meanings().items() if meant != "since"}
        near = guessing.nearest(last, times)
        if near is not None and near != last.lower():
            guess = Guess("catchup", f"{before} {near}".strip())
            line, keyboard = guessing.offer(guess, context.words, pressed=not context.handle)
            lines.append(line)
    text = join("\n", lines)
    return await dialogue.ask(
        context, services, "catchup", text, choices=choices, keyboard=keyboard, before=query
    )


def _choices(context: CommandContext) -> list[Choice]:
    said, language = catching_up_words(context.words.language), context.words.language
    choices = [
        (said.since_yesterday, typed.SINCE.word("yesterday", language)),
        (said.since_friday, typed.SINCE.word("fri", language)),
        (said.three_days, "3d"),
        (said.week, "7d"),
    ]
    last = context.subscriber.last_digest_at
    if last is not None and context.request.now - last <= LONGEST:
        choices.append((said.since_digest, typed.SINCE.word("digest", language)))
    return choices
