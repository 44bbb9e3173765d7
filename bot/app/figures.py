"""What the service has used of what it may ask of Telegram."""

import asyncio

from bot.health.figures import Figures, Requests, Sending
from bot.telegram.pace import Pace
from bot.watching.watching import Watching


def figures_of(watching: Watching, pace: Pace) -> Figures:
    """The figures of this moment."""
    now = asyncio.get_running_loop().time()
    return Figures(
        requests={
            asked: Requests(
                used=budget.used(now),
                allowed=budget.allowed,
                closed_for=budget.closed_for(now),
            )
            for asked, budget in watching.budgets().items()
        },
        sending=Sending(
            sent=pace.taken,
            allowed=pace.allowed(now),
            closed_for=pace.closed_for(now),
        ),
    )
