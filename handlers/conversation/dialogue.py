"""Asking people something, with buttons for what can be said and one to cancel.

The answer may be typed or pressed; it goes to the command that asked, as if it stood behind it.
"""

from collections.abc import Sequence

from handlers.conversation.command_context import Command, CommandContext
from handlers.conversation.press_context import PressContext, number
from handlers.conversation.questions import BUTTON, ChatAndSender
from handlers.conversation.requests import Press, PressResult
from handlers.conversation.services import Services
from handlers.queries import live_examples, live_speakers
from handlers.render.text.keyboards import ANSWER, CANCEL, CHANGE, TAKE, data
from handlers.render.text.messages import Button, Keyboard, Message, has_room, shorten
from handlers.render.text.rich import RichText, code, fill, join, rich
from handlers.texts.people.asking import AskingWords, asking_words
from handlers.texts.words import Words
from storage.structs import replace
from storage.subscribers import questions
from storage.subscribers.questions import Question

LABEL_UNITS = 40
PER_ROW = 3

Choice = tuple[str, str]
"""What a button says, and what it answers."""


async def ask(
    context: CommandContext,
    services: Services,
    command: str,
    text: RichText | str,
    *,
    choices: Sequence[Choice] = (),
    keyboard: Keyboard = (),
    before: str = "",
    suggestion: str = "",
) -> Message:
    """The question, which waits for an answer from now on; in a channel nothing can wait, for any
    post that followed would be taken for the answer. ``choices`` answer it, the buttons of
    ``keyboard`` do what they do elsewhere."""
    request = context.request
    place = _place(context)
    if place is None:
        return Message(rich(text), keyboard)
    if context.handle:  # It is asked in private: there the answer is to name the chat.
        command, before = "for", f"{context.handle} /{command} {before}".rstrip()
    question = await services.questions.ask(
        services.database, place, command, before=before, suggestion=suggestion, now=request.now
    )
    said = asking_words(context.words.language)
    if not (request.is_private or context.handle):
        text = join("\n", (text, said.reply_here))
    offered = (*keyboard, *_offer(question, said), *_choices(question, choices))
    return Message(rich(text), (*offered, (cancel_button(question, context.words),)))


def _offer(question: Question, said: AskingWords) -> Keyboard:
    """To take what is proposed, or to say something else."""
    if not question.suggestion:
        return ()
    take = Button(text=said.take, data=data(TAKE, question.id))
    return ((take, Button(text=said.change, data=data(CHANGE, question.id))),)


async def ask_for(command: Command, context: CommandContext, services: Services) -> Message:
    """The question of a bare command, with its examples as buttons, or to copy."""
    question = command.question(context.words) if command.question else ""
    usage = command.usage(context.words)
    if command.choices is not None:
        keyboard = command.choices(context.words, context.timezone)
        return await ask(context, services, command.name, question, keyboard=keyboard)
    if command.offers_examples and can_ask(context):
        async with services.database.reader() as conn:
            examples = await live_examples.list_examples(conn, context.words.language)
        examples = examples or [example.partition(" ")[2] for example in usage]
        choices = [(example.replace('"', ""), example) for example in examples]
        return await ask(context, services, command.name, question, choices=choices)
    example = fill(context.words.for_example, example=code(usage[0]))
    if not can_ask(context):
        return Message(example)
    names: list[str] = []
    if command.offers_speakers:
        async with services.database.reader() as conn:
            names = await live_speakers.list_speakers(conn)
    choices = [(name, f'"{name}"') for name in names]
    text = join("\n", (question, example))
    return await ask(context, services, command.name, text, choices=choices)


async def ask_for_name(name: str, context: CommandContext, services: Services) -> Message:
    """The question of the bare command of this name."""
    command = next(command for command in context.commands if command.name == name)
    return await ask_for(command, context, services)


def can_ask(context: CommandContext) -> bool:
    """Whether an answer can be waited for."""
    return _place(context) is not None


def _place(context: CommandContext) -> ChatAndSender | None:
    """Where the answer will come from."""
    person = context.request.sender_id
    if person is None:
        return None
    return (person, person) if context.handle else (context.request.chat_id, person)


def _choices(question: Question, choices: Sequence[Choice]) -> Keyboard:
    buttons = [
        Button(text=shorten(label, LABEL_UNITS), data=chosen)
        for label, answer in choices
        if has_room(chosen := data(ANSWER, question.id, answer))
    ]
    return tuple(
        tuple(buttons[start : start + PER_ROW]) for start in range(0, len(buttons), PER_ROW)
    )


def cancel_button(question: Question, words: Words) -> Button:
    """Ends a question."""
    return Button(text=asking_words(words.language).cancel, data=data(CANCEL, question.id))


async def ask_again(
    question: Question, messages: Sequence[Message], services: Services, context: CommandContext
) -> tuple[Message, ...]:
    """What was said is no answer: the question stands, and what is wrong can be cancelled too."""
    asked = await services.questions.ask(
        services.database,
        (question.chat_id, question.sender_id),
        question.command,
        before=question.before,
        suggestion=question.suggestion,
        now=context.request.now,
    )
    *others, last = messages
    keyboard = (*last.keyboard, (cancel_button(asked, context.words),))
    return (*others, replace(last, keyboard=keyboard))


async def find_asked(context: PressContext, services: Services, by: int) -> Question | PressResult:
    """The question to the person who pressed that a button names (the first field is its id), while
    it is open or was answered by the message ``by``; else the answer to the press."""
    async with services.database.reader() as conn:
        question = await questions.find_question(conn, number(context.fields, 0))
    press, said = context.press, asking_words(context.words.language)
    if question is None or question.chat_id != press.chat_id:
        return PressResult(toast=said.is_over, keyboard=())
    if question.sender_id != press.sender_id and not await _is_same(question, press, services):
        return PressResult(toast=said.is_anothers)
    place = (question.chat_id, question.sender_id)
    taken = await services.questions.take(services.database, place, by, now=press.now)
    if taken is None or taken.id != question.id:
        return PressResult(toast=said.is_over, keyboard=())
    return taken


async def _is_same(question: Question, press: Press, services: Services) -> bool:
    """Whether the group itself was asked, and one presses in whose name it may have spoken."""
    if question.sender_id != question.chat_id or press.is_private:
        return False
    return await services.role_of(press.chat_id, press.sender_id or 0) == "manager"


async def cancel(context: PressContext, services: Services) -> PressResult:
    """End a question: the field is its id."""
    question = await find_asked(context, services, BUTTON)
    if isinstance(question, PressResult):
        return question
    said = asking_words(context.words.language)
    return PressResult(edit=Message(RichText(said.cancelled)), toast=said.cancelled)


async def change(context: PressContext, services: Services) -> PressResult:
    """Ask for other words than those that were proposed: the field is the question's id."""
    question = await find_asked(context, services, BUTTON)
    if isinstance(question, PressResult):
        return question
    asked = await services.questions.ask(
        services.database,
        (question.chat_id, question.sender_id),
        question.command,
        before=question.before,
        now=context.press.now,
    )
    said = asking_words(context.words.language)
    text = fill(said.change_ask, query=code(question.suggestion))
    return PressResult(edit=Message(text, ((cancel_button(asked, context.words),),)))


async def cancel_row(context: PressContext, services: Services, *commands: str) -> Keyboard:
    """The row that cancels an open question of one of these commands to the person who pressed; no
    row without one. For a keyboard that replaces the question's own."""
    async with services.database.reader() as conn:
        question = await questions.find_latest(
            conn, context.press.chat_id, context.press.sender_id or 0
        )
    is_open = question is not None and question.answered_by is None
    if question is None or not is_open or question.command not in commands:
        return ()
    return ((cancel_button(question, context.words),),)


def cancelled(question: Question | None, words: Words) -> Message:
    """The answer to somebody who cancels."""
    said = asking_words(words.language)
    return Message(RichText(said.cancelled if question is not None else said.nothing_open))
