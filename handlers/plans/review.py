"""``/review``: the week looked back upon, now, or by a plan."""

from handlers.conversation.command_context import CommandContext
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.digests import review
from handlers.plans.digest import make_plan, turn_off
from handlers.texts import typed
from handlers.times import spans
from handlers.times.plan_times import TimesError, read_times

EXAMPLE = "/review weekly mon 9"


async def handle(context: CommandContext, services: Services) -> Reply:
    """A plan where times are written, the end of it for ``off``, else the review as it stands."""
    if typed.DIGEST.meanings().get(context.argument.lower()) == "off":
        return Reply((await turn_off(context, services, "review"),))
    if is_plan(context.argument):
        return await make_plan(context, services, "review")
    return await review.handle(context, services)


def is_plan(text: str) -> bool:
    """Whether a text begins with the times of a plan. A span (``2w``) and a number of a query are
    none: a plan of reviews begins with its days."""
    if spans.parse_span(text) is not None or text[:1].isdigit():
        return False
    try:
        return read_times(text) is not None
    except TimesError:
        return True
