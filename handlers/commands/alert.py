"""``/alert WORDS``: a saved query; from now on a post that matches is told at once."""

from handlers.queries import read_query
from handlers.render.messages import Message
from handlers.render.rich import code, fill
from handlers.requests import Reply
from handlers.services import Services
from handlers.visits import Visit, revive_if_stopped
from storage import alerts
from storage.query.syntax import Query
from storage.records import Alert

EXAMPLE = "/alert {words}"


async def handle(visit: Visit, services: Services) -> Reply:
    """Save the query, or say why not."""
    query = read_query(visit.argument, visit.words, EXAMPLE)
    if isinstance(query, Message):
        return Reply((query,))
    await revive_if_stopped(visit, services)
    added = await _add(visit, query, services)
    words = visit.words
    if added is None:
        count = words.count(words.alerts, services.alerts_per_person)
        return Reply((Message(fill(words.alert_limit, alerts=count)),))
    alert, is_new = added
    template = words.alert_added if is_new else words.alert_known
    return Reply((Message(fill(template, query=code(alert.query))),))


async def _add(visit: Visit, query: Query, services: Services) -> tuple[Alert, bool] | None:
    """The alert and whether it is new; None where there are as many as one may have."""
    chat_id = visit.request.chat_id
    async with services.database.transaction() as tx:
        have = await alerts.list_alerts(tx, chat_id)
        same = next((alert for alert in have if alert.query == query.text), None)
        if same is not None:
            return same, False
        if len(have) >= services.alerts_per_person:
            return None
        alert = await alerts.add_alert(tx, chat_id=chat_id, query=query.text, now=visit.request.now)
    services.alert_added(alert)
    return alert, True
