"""``/start``: the welcome, and the way back after ``/stop``."""

from handlers.render.messages import Message
from handlers.render.rich import RichText, code, fill, join
from handlers.requests import Reply
from handlers.services import Services
from handlers.visits import Visit, revive

FIRST_STEPS = ("/alert {word}", "/search {words}", "/digest daily 08:00 {zone}")


async def handle(visit: Visit, services: Services) -> Reply:
    """Welcome, or welcome back. A deep link's payload is taken without complaint."""
    words = visit.words
    if not visit.subscriber.active:
        kept = await revive(visit, services)
        count = words.count(words.alerts, len(kept))
        lines = [fill(words.welcome_back, alerts=count), RichText(words.welcome_help)]
        return Reply((Message(join("\n", lines)),))
    steps = join("\n", [code(words.example(step)) for step in FIRST_STEPS])
    blocks: list[RichText | str] = [
        words.welcome,
        join("\n", (words.welcome_first, steps)),
        words.welcome_help,
    ]
    return Reply((Message(join("\n\n", blocks)),))
