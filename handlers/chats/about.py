"""``/about``: what this bot is; ``/privacy``: what it stores about the people who write to it."""

from handlers.chats.forgetme import in_backups
from handlers.conversation.command_context import CommandContext
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, bold, fill, join
from handlers.texts.people.privacy import privacy_words
from storage.channels import channels
from storage.subscribers import alerts
from storage.version import __version__


async def handle_about(context: CommandContext, services: Services) -> Reply:
    """Who the bot is, how many channels it watches, and where to read more."""
    words, said = context.words, privacy_words(context.words.language)
    async with services.database.reader() as conn:
        watched = await channels.list_channels(conn)
    lines: list[RichText | str] = [
        fill(said.about, version=__version__),
        fill(said.watched, channels=words.count(words.channels, len(watched))),
        said.about_more,
    ]
    return Reply((Message(join("\n", lines)),))


async def handle_privacy(context: CommandContext, services: Services) -> Reply:
    """What is kept, what for, where, and how to see and delete it."""
    words, said = context.words, privacy_words(context.words.language)
    async with services.database.reader() as conn:
        have = await alerts.count_alerts(conn, context.request.chat_id)
    kept: list[RichText | str] = [
        said.named,
        said.managed,
        fill(said.asked, alerts=words.count(words.alerts, have)),
        said.sent,
        said.authors(services.authors),
    ]
    rows = [join("", ("• ", line)) for line in kept]
    text = join("\n", (bold(said.title), *rows, "", said.stays, said.yours))
    return Reply((Message(text + in_backups(words, services, context.request.now)),))
