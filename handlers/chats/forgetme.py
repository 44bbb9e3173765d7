"""``/forgetme``: delete everything stored about a subscriber, after a confirmation."""

from datetime import UTC, datetime, timedelta

from handlers.conversation.command_context import CommandContext
from handlers.conversation.press_context import PressContext
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.render.text.dates import here_in, partial_date
from handlers.render.text.keyboards import forgetting
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, fill
from handlers.texts.words import Words
from storage.chats import erasure
from storage.retention import wiping
from storage.subscribers import alerts


async def handle(context: CommandContext, services: Services) -> Reply:
    """Ask for the confirmation."""
    async with services.database.reader() as conn:
        have = await alerts.count_alerts(conn, context.request.chat_id)
    words = context.words
    question = fill(words.forget_ask, alerts=words.count(words.alerts, have))
    kept = in_backups(words, services, context.request.now)
    return Reply((Message(question + kept, forgetting(words)),))


async def forget(context: PressContext, services: Services) -> PressResult:
    """Delete, and say so once nothing is left on the disk. A second press gets the same answer."""
    chat_id, now = context.press.chat_id, context.press.now
    await services.note_forgotten(chat_id, now)
    if chat_id > 0:
        await erasure.erase_posts(services.database, chat_id, now=now)
    async with services.database.transaction() as tx:
        await erasure.erase_chat(tx, chat_id)
    services.plans_changed(chat_id)
    services.questions.forget(chat_id)
    await wiping.finish(services.database)
    said = RichText(context.words.forgotten) + in_backups(context.words, services, now)
    return PressResult(edit=Message(said), leaves_nothing=True)


def in_backups(words: Words, services: Services, now: datetime) -> RichText:
    """Until when backups contain what is deleted now: a paragraph, empty if no backups are made."""
    if services.backups_kept is None:
        return RichText("")
    # The next backup is due within a day, and the oldest is then removed.
    until = (now + timedelta(days=services.backups_kept + 1)).astimezone(UTC)
    day = partial_date(f"{until:%Y-%m-%d}", here_in("UTC", now), words)
    return "\n\n" + fill(words.forget_backups, day=day or "")


async def keep(context: PressContext, services: Services) -> PressResult:
    """Leave everything as it is."""
    return PressResult(edit=Message(RichText(context.words.forget_kept)))
