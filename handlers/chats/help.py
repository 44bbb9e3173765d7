"""``/help``: all commands; ``/help alerts``: one of them; ``/help query``: how to write queries."""

from handlers.conversation.command_context import CommandContext
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.queries import query_guide
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, bold, code, fill, join
from handlers.render.text.rich import command as command_to_tap
from handlers.texts import typed
from handlers.texts.guide import GuideWords


async def handle(context: CommandContext, services: Services) -> Reply:
    """The commands that this person may give, one of them, or the page about queries."""
    words = context.words
    about = context.argument.strip().lower().removeprefix("/")
    about = typed.COMMANDS.meanings().get(about, about)
    for command in context.commands:
        if command.name == about:
            usages = [_example(usage) for usage in command.usage(words)]
            return Reply((Message(join("\n", (bold(command.summary(words)), *usages))),))
    if context.argument.strip().lower() in typed.HELP.words("query"):
        return Reply((Message(query_guide.guide(words.language)),))
    rows = [
        join(" — ", (_example(command.usage(words)[0]), command.summary(words)))
        for command in context.commands
    ]
    queries = fill(
        words.help_queries,
        phrase=code(words.samples["phrase"]),
        either=code(words.samples["either"]),
        without=code(words.samples["without"]),
        prefix=code(words.samples["prefix"]),
    )
    queries = join(" ", (queries, GuideWords.of(words.language).hint))
    return Reply((Message(join("\n\n", (bold(words.help_title), join("\n", rows), queries))),))


def _example(usage: str) -> RichText:
    """``/alert sanctions``: tapping the command sends it, tapping the words copies them."""
    name, _, argument = usage.partition(" ")
    return join(" ", (command_to_tap(name), code(argument))) if argument else command_to_tap(name)
