"""Routing: finds the command for what is written to the bot, if its sender may give it."""

from handlers.access import access
from handlers.chats import waking
from handlers.command_table import BY_NAME, COMMANDS
from handlers.conversation import command_context, dialogue, guessing, questions
from handlers.conversation.command_context import Command, CommandContext
from handlers.conversation.requests import Invocation, Reply, Request, parse_command
from handlers.conversation.services import Services
from handlers.render.text.examples import address_examples
from handlers.render.text.messages import Message, shorten, split
from handlers.render.text.rich import RichText, code, fill, join
from handlers.subscriptions import subscriptions
from handlers.texts.people.asking import asking_words
from handlers.texts.words import Words
from storage.errors import NotFoundError, StorageError
from storage.records import Subscriber
from storage.structs import replace
from storage.subscribers import subscribers
from storage.subscribers.questions import Question

_TAKES_COMMANDS = frozenset({"for", "help", "save"})
"""Commands behind which another may stand: its words, or a note."""
_HEEDS_WORDS = frozenset({"start", "cancel", "stop", "channels"})
"""Commands that say by themselves what becomes of words behind them."""
NOTED_UNITS = 200
MEETINGS = 3
"""How often a chat that is forgotten in the middle of a command is met anew."""


async def answer(request: Request, services: Services) -> Reply:
    """What to say to a message; nothing where it is not for the bot.

    In a private chat plain text answers the question that is open, else it is searched for; a file
    that the bot made of subscriptions is read. In a group only a command addressed to the bot
    counts, or the answer to a question it asked; in a channel only such a command. A message that
    was edited is read like a new one, but that words answer only the question that they answered.
    """
    request = _without_name(request, services)
    written = None if request.is_forwarded else parse_command(request.text)
    if written is not None and not _is_meant(written, request, services):
        if not request.is_private:
            return Reply()
        # It is unknown here, and the one of that name is offered.
        written = replace(written, name=f"{written.name}@{written.addressee}")
    if written is None and subscriptions.is_ours(request):
        return await obey(Invocation("subscriptions", None, ""), request, services)
    if not request.text.strip():  # It answers nothing: a question goes on waiting.
        return (
            await obey(Invocation("", None, ""), request, services)
            if request.is_private
            else Reply()
        )
    question = await _take_question(written, request, services)
    invocation = _invocation(written, question, request)
    if invocation is None:
        return Reply()
    return await obey(invocation, request, services, question)


async def obey(
    invocation: Invocation, request: Request, services: Services, question: Question | None = None
) -> Reply:
    """What to say to a command, however it was given; ``question`` is the one that it answers or
    ends."""
    try:
        messages = (await _answer_met(invocation, request, services, question)).messages
    except StorageError:
        if question is not None:  # What was asked for is asked for still.
            await services.questions.reopen(services.database, question)
        raise
    if not request.is_private:
        messages = tuple(address_examples(one, services.bot_username) for one in messages)
    return Reply(tuple(part for message in messages for part in split(message)))


async def _take_question(
    written: Invocation | None, request: Request, services: Services
) -> Question | None:
    """The question that this message answers or ends."""
    if not request.is_edit or written is not None:
        return await end_question(request, services)
    place = (request.chat_id, request.sender_id or 0)
    return await services.questions.find_answered(
        services.database, place, request.message_id, sent_at=request.sent_at
    )


async def end_question(request: Request, services: Services) -> Question | None:
    """The question that this message answers or ends."""
    if request.sender_id is None:
        return None
    place = (request.chat_id, request.sender_id)
    return await services.questions.take(
        services.database, place, request.message_id, now=request.now
    )


def answering(question: Question, text: str) -> Invocation:
    """The command that an answer to a question amounts to."""
    return Invocation(question.command, None, f"{question.before} {text}".strip(), asked=True)


async def _answer_met(
    invocation: Invocation, request: Request, services: Services, question: Question | None
) -> Reply:
    """The answer to a command of a chat that may be forgotten while it is given: then it is met
    anew, and one that goes on being forgotten hears that it is."""
    for _ in range(MEETINGS):
        try:
            return await _answer(invocation, request, services, question)
        except NotFoundError:
            async with services.database.reader() as conn:
                if await subscribers.find_subscriber(conn, request.chat_id) is not None:
                    raise  # It is something else that is not there.
    words = command_context.words_for(None, request.language, services)
    return Reply((Message(RichText(words.forgotten)),))


async def _answer(
    invocation: Invocation, request: Request, services: Services, question: Question | None
) -> Reply:
    async with services.database.reader() as conn:
        known = await subscribers.find_subscriber(conn, request.chat_id)
    words = command_context.words_for(known, request.language, services)
    if not command_context.is_let_in(request, known, services):
        refusal = await _refusal(invocation, request, services, words)
        if refusal is not None:
            return Reply((refusal,))
        async with services.database.reader() as conn:
            known = await subscribers.find_subscriber(conn, request.chat_id)
    if not invocation.name:
        said = subscriptions.how(request, words) or asking_words(words.language).no_words
        return Reply((Message(RichText(said)),))
    command = BY_NAME.get(invocation.name)
    if command is None:
        await command_context.acquaint(request, known, services)  # It has a button to press.
        return Reply((_unknown(invocation, request, services, words),))
    if several := _list_several(command, invocation, request):
        listed = join("\n", map(code, several))
        said = asking_words(words.language).one_at_a_time
        return Reply((Message(join("\n", (said, listed))),), stands=True)
    denial = None if invocation.asked else _denial(command, request, services, words)
    if denial is not None:
        return Reply((Message(RichText(denial)),))
    context = await _visit(invocation, request, known, question, services)
    if command.needs_words(invocation.argument, request):
        return Reply((await dialogue.ask_for(command, context, services),))
    reply = await waking.obey(command, context, services)
    if invocation.argument and not command.takes_words(words) and command.name not in _HEEDS_WORDS:
        reply = replace(reply, messages=_note_words(reply.messages, invocation, context))
    if reply.stands and invocation.asked and question is not None:
        return Reply(await dialogue.ask_again(question, reply.messages, services, context))
    return reply


async def _refusal(
    invocation: Invocation, request: Request, services: Services, words: Words
) -> Message | None:
    """What one hears who is not let in; None where an invitation lets them in just now."""
    if invocation.name == "forgetme" and request.is_private:
        return access.forgetting_caller(words)
    is_start = invocation.name == "start"
    if is_start and await access.come_by_invitation(request, invocation.argument, services):
        return None
    return await access.refuse(request, words, services)


def is_for_bot(request: Request, services: Services) -> bool:
    """Whether a message is meant for the bot at all: most of what is said in a group is not."""
    if request.is_private:
        return True
    written = parse_command(request.text)
    if written is not None:
        return _is_addressed(written, services)
    return not request.is_edit and services.questions.is_open(request.chat_id, request.sender_id)


def _without_name(request: Request, services: Services) -> Request:
    """A message in private without the bot's own name before it, as one writes it elsewhere."""
    first, *rest = request.text.split(maxsplit=1)[:2] or [""]
    named = f"@{services.bot_username}".lower()
    if not rest or not request.is_private or first.rstrip(",:").lower() != named:
        return request
    return request if request.is_forwarded else replace(request, text=rest[0])


def _is_addressed(written: Invocation, services: Services) -> bool:
    addressee = written.addressee
    return addressee is not None and addressee.lower() == services.bot_username.lower()


def too_fast(request: Request, services: Services) -> Reply:
    """What someone hears who gives more commands a minute than are allowed."""
    words = command_context.words_for(None, request.language, services)
    return Reply((Message(RichText(words.too_fast)),))


def _is_meant(written: Invocation, request: Request, services: Services) -> bool:
    """Whether a command is one for this bot."""
    private = request.is_private and written.addressee is None
    return private or _is_addressed(written, services)


def _invocation(
    written: Invocation | None, question: Question | None, request: Request
) -> Invocation | None:
    """The command that a message amounts to: the one that is written there, or else an answer, or
    a search; None where it is not meant for the bot."""
    if written is not None:
        return written
    if request.is_forwarded and request.is_private and _may_propose(question):
        return answering(question, "") if question else Invocation("alert", None, "")
    text = request.text.strip()
    if questions.is_cancelling(text) and (question is not None or request.is_private):
        return Invocation("cancel", None, text, asked=True)
    if question is not None:
        return answering(question, text)
    return Invocation("search", None, text, plain=True) if request.is_private else None


def _may_propose(question: Question | None) -> bool:
    """Whether a post that is forwarded is to be made an alert of: where nothing else is asked."""
    asker = "alert" if question is None else question.before or question.command
    return asker == "alert" or asker.endswith(" /alert")


def _unknown(invocation: Invocation, request: Request, services: Services, words: Words) -> Message:
    """What is said to a command that there is none of: the nearest; else how to search for it."""
    lines = [fill(words.unknown_command, command=code(f"/{invocation.name}"))]
    written = invocation.name.partition("@")[0]
    name = guessing.nearest_command(written, _allowed(request, services))
    if name is not None:
        takes_words = BY_NAME[name].takes_words(words)
        guess = guessing.Guess(name, invocation.argument if takes_words else "")
    else:
        guess = guessing.Guess("search", f"{written} {invocation.argument}".strip())
    line, keyboard = guessing.offer(guess, words, pressed=not request.is_channel)
    if name is None and request.is_private:
        line = fill(asking_words(words.language).no_slash, query=code(guess.argument))
    return Message(join("\n", (*lines, line, words.see_help)), keyboard)


def _list_several(command: Command, invocation: Invocation, request: Request) -> list[str]:
    """The commands that one message gives where it gives more than one: none of them is obeyed, or
    an alert for words with a slash would wait for ever."""
    further = guessing.list_commands(invocation.argument)
    if not further or command.name in _TAKES_COMMANDS:
        return []
    own = "" if invocation.plain or invocation.asked else f"/{command.name}"
    before = invocation.argument.partition(further[0].split()[0])[0].strip()
    does_alone = own and not command.needs_words("", request)
    return [*([f"{own} {before}".strip()] if before or does_alone else []), *further]


def _denial(command: Command, request: Request, services: Services, words: Words) -> str | None:
    """Why someone may not give a command; None where they may."""
    if command.who == "operator" and not command_context.is_operator(request.sender_id, services):
        return words.operators_only
    if command.who == "manager" and not request.may_manage:
        return words.managers_only
    return None


def _note_words(
    messages: tuple[Message, ...], invocation: Invocation, context: CommandContext
) -> tuple[Message, ...]:
    """The answer to a command that takes no words, with what it did not heed: somebody may have
    written a sentence."""
    if not messages:
        return messages
    *others, last = messages
    said = asking_words(context.words.language)
    words = shorten(" ".join(invocation.argument.split()), NOTED_UNITS)
    searching = fill(said.search_words, command=code(f"/search {words}"))
    line = fill(said.takes_none, command=code(f"/{invocation.name}"))
    text = join("\n\n", (last.text, join(" ", (line, searching))))
    return (*others, replace(last, text=text))


async def _visit(
    invocation: Invocation,
    request: Request,
    known: Subscriber | None,
    question: Question | None,
    services: Services,
) -> CommandContext:
    subscriber = await command_context.acquaint(request, known, services)
    return CommandContext(
        request=request,
        argument=invocation.argument,
        subscriber=subscriber,
        words=command_context.words_for(subscriber, request.language, services),
        timezone=command_context.timezone_of(subscriber, services),
        commands=_allowed(request, services),
        question=question,
        is_plain=invocation.plain,
    )


def _allowed(request: Request, services: Services) -> tuple[Command, ...]:
    operator = command_context.is_operator(request.sender_id, services)
    return tuple(command for command in COMMANDS if operator or command.who != "operator")
