"""The card of a plan, read from the database."""

from handlers.conversation.services import Services
from handlers.plans import kinds, managing
from handlers.render.answers.plans import Particulars, View, plan_card
from handlers.render.text.lists import page_with
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText
from handlers.searching import matches
from storage.connection import Connection
from storage.errors import QueryError
from storage.records import Plan
from storage.structs import replace
from storage.subscribers import plans, subscribers


async def card(plan: Plan, view: View, services: Services, *, head: RichText | str = "") -> Message:
    """All about one plan, with the buttons that change it."""
    async with services.database.reader() as conn:
        titles = await managing.list_titles(conn)
        chat = await subscribers.find_subscriber(conn, plan.chat_id)
        told = Particulars(titles=titles, chat=chat, page=await find_page(conn, plan))
        try:
            query = await kinds.find_query(conn, plan)
        except QueryError:  # Only an older version read it.
            return plan_card(plan, told, view, head=head)
    found = await matches.read_matches(query, services, view.here)
    return plan_card(plan, replace(told, matches=found), view, head=head)


async def find_page(conn: Connection, plan: Plan) -> int:
    """The page of its chat's list on which a plan stands, 0-based."""
    have = await plans.list_plans(conn, plan.chat_id)
    return page_with([one.id for one in have], plan.id)
