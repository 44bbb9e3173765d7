"""The card of a plan, read from the database."""

from handlers.conversation.services import Services
from handlers.plans import kinds, managing
from handlers.render.answers.plans import Particulars, View, plan_card
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText
from handlers.searching import matches
from storage.errors import QueryError
from storage.records import Plan
from storage.subscribers import subscribers


async def card(plan: Plan, view: View, services: Services, *, head: RichText | str = "") -> Message:
    """All about one plan, with the buttons that change it."""
    async with services.database.reader() as conn:
        titles = await managing.list_titles(conn)
        chat = await subscribers.find_subscriber(conn, plan.chat_id)
        try:
            query = await kinds.find_query(conn, plan)
        except QueryError:  # Only an older version read it.
            return plan_card(plan, Particulars(titles=titles, chat=chat), view, head=head)
    found = await matches.read_matches(query, services, view.here)
    return plan_card(plan, Particulars(titles=titles, matches=found, chat=chat), view, head=head)
