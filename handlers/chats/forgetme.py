"""``/forgetme``: delete all that is stored about a subscriber, after asking once."""

from handlers.conversation.command_context import CommandContext
from handlers.conversation.press_context import PressContext
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.render.text.keyboards import forgetting
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, fill
from storage.chats import erasure
from storage.subscribers import alerts


async def handle(context: CommandContext, services: Services) -> Reply:
    """Ask."""
    async with services.database.reader() as conn:
        have = await alerts.count_alerts(conn, context.request.chat_id)
    words = context.words
    question = fill(words.forget_ask, alerts=words.count(words.alerts, have))
    return Reply((Message(question, forgetting(words)),))


async def forget(context: PressContext, services: Services) -> PressResult:
    """Delete, and say so once nothing of it is left on the disk; pressed again, it says so too."""
    chat_id, now = context.press.chat_id, context.press.now
    await services.note_forgotten(chat_id, now)
    if chat_id > 0:
        await erasure.erase_posts(services.database, chat_id, now=now)
    async with services.database.transaction() as tx:
        await erasure.erase_chat(tx, chat_id)
    services.plans_changed(chat_id)
    services.questions.forget(chat_id)
    await erasure.finish(services.database)
    return PressResult(edit=Message(RichText(context.words.forgotten)), leaves_nothing=True)


async def keep(context: PressContext, services: Services) -> PressResult:
    """Leave everything as it is."""
    return PressResult(edit=Message(RichText(context.words.forget_kept)))
