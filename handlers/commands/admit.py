"""``/admit ID``: the operator lets a person or a group into a private instance."""

import re

from handlers.render.messages import Message
from handlers.render.rich import code, fill, join
from handlers.requests import Reply
from handlers.services import Services
from handlers.visits import Visit
from storage import subscribers

_ID = re.compile(r"-?[1-9][0-9]{0,17}")


async def handle(visit: Visit, services: Services) -> Reply:
    """Let in by numeric id, also one who never wrote yet."""
    words = visit.words
    if not _ID.fullmatch(visit.argument):
        example = fill(words.for_example, example=code("/admit 123456789"))
        return Reply((Message(join("\n", (words.admit_usage, example))),))
    chat_id = int(visit.argument)
    async with services.database.transaction() as tx:
        if await subscribers.find_subscriber(tx, chat_id) is None:
            await subscribers.add_subscriber(tx, chat_id=chat_id, now=visit.request.now)
        await subscribers.admit(tx, chat_id)
    return Reply((Message(fill(words.admitted, id=code(str(chat_id)))),))
