"""``/admit ID`` or ``/admit @name``: the operator lets somebody into a private instance."""

import re

from handlers.access import access
from handlers.conversation.command_context import CommandContext
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.render.text.messages import Message
from handlers.render.text.rich import code, fill, join
from handlers.texts.people.access import access_words
from storage.subscribers import callers

_ID = re.compile(r"-?[1-9][0-9]{0,17}")
_NAME = re.compile(r"@([A-Za-z0-9_]{1,32})")


async def handle(context: CommandContext, services: Services) -> Reply:
    """Let in by numeric id, also one who never wrote yet; by user name who did."""
    words = context.words
    named = _NAME.fullmatch(context.argument)
    if not named and not _ID.fullmatch(context.argument):
        example = fill(words.for_example, example=code("/admit 123456789"))
        return Reply((Message(join("\n", (words.admit_usage, example))),))
    async with services.database.transaction() as tx:
        found = await callers.find_by_username(tx, named[1]) if named else int(context.argument)
        if found is not None:
            await access.let_in(tx, found, services, context.request)
    if found is None:
        unknown = access_words(words.language).unknown_name
        return Reply((Message(fill(unknown, name=code(context.argument))),))
    return Reply((Message(fill(words.admitted, id=code(str(found)))),))
