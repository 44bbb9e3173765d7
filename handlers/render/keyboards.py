"""The buttons below messages, and the data that comes back when they are pressed.

Data is ``verb|field|field``; a button of an old message must still work after an upgrade, so verbs
keep their meaning. Whatever comes back is checked again: data can be forged.
"""

from collections.abc import Sequence

from handlers.render.documents import address
from handlers.render.messages import DATA_BYTES, Button, Keyboard, shorten
from handlers.texts.words import Words
from storage.document import Document
from storage.records import Alert

NOTHING = "-"
SEARCH_PAGE = "sp"
LIST_PAGE = "al"
LIST_ASK = "aq"
LIST_REMOVE = "ar"
STOP_ASK = "xq"
STOP = "xs"
STOP_KEEP = "xk"
FORGET = "fy"
FORGET_KEEP = "fn"

LABEL_UNITS = 40
STOP_BUTTONS = 3
LIST_ROWS = 8


def data(verb: str, *fields: int | str) -> str:
    """A button's data of a verb and its fields."""
    return "|".join((verb, *map(str, fields)))


def fields_of(text: str) -> tuple[str, tuple[str, ...]]:
    """The verb and the fields of a button's data."""
    verb, *fields = text.split("|")
    return verb, tuple(fields)


def pager(
    verb: str,
    fields: Sequence[int | str],
    page: int,
    pages: int | None,
    *,
    more: bool,
    words: Words,
) -> Keyboard:
    """The row ``‹ Prev | 2 / 5 | Next ›`` for the 0-based ``page``; no row for a single page.

    ``pages`` None where their number is not known; ``more``: a page follows.
    """
    row = []
    if page > 0:
        row.append(Button(text=words.previous, data=data(verb, *fields, page - 1)))
    place = f"{page + 1} / {pages}" if pages else str(page + 1)
    row.append(Button(text=place, data=NOTHING))
    if more:
        row.append(Button(text=words.following, data=data(verb, *fields, page + 1)))
    return (tuple(row),) if len(row) > 1 else ()


def alert_rows(alerts: Sequence[Alert], page: int, words: Words) -> Keyboard:
    """A row an alert, pressed to remove it, and the pager: for one page of the list."""
    pages = max(1, -(-len(alerts) // LIST_ROWS))
    page = min(max(page, 0), pages - 1)
    shown = alerts[page * LIST_ROWS : (page + 1) * LIST_ROWS]
    rows = tuple(
        (Button(text=f"✕ {_label(alert)}", data=data(LIST_ASK, alert.id, page)),) for alert in shown
    )
    more = page + 1 < pages
    return rows + pager(LIST_PAGE, (), page, pages, more=more, words=words)


def removal(alert: Alert, page: int, words: Words) -> Keyboard:
    """Asks once before an alert of the list is removed."""
    yes = Button(text=words.yes_remove, data=data(LIST_REMOVE, alert.id, page))
    return ((yes, Button(text=words.keep, data=data(LIST_PAGE, page))),)


def forgetting(words: Words) -> Keyboard:
    """Asks once before everything about a subscriber is deleted."""
    yes = Button(text=words.forget_yes, data=FORGET)
    return ((yes,), (Button(text=words.keep, data=FORGET_KEEP),))


def below_alert(
    document: Document | None, alerts: Sequence[Alert], words: Words, asking: int | None = None
) -> Keyboard:
    """Below an alert: open the post, stop what matched; ``asking`` is the alert about to stop.

    The buttons carry the document's id and the other alerts', so that the row can be made again
    whenever one is pressed.
    """
    alerts = alerts[:STOP_BUTTONS]
    url = address(document) if document else None
    opening = (Button(text=words.open_post, url=url),) if url else ()
    if asking is not None:
        return _asking(document, alerts, words, asking, opening)
    stops = [
        Button(
            text=_stop_label(alert, alerts, words), data=_stop(STOP_ASK, document, alert, alerts)
        )
        for alert in alerts
    ]
    if len(stops) == 1:
        return ((*opening, stops[0]),)
    rows = [opening] if opening else []
    return (*rows, *((stop,) for stop in stops))


def _asking(
    document: Document | None,
    alerts: Sequence[Alert],
    words: Words,
    asking: int,
    opening: tuple[Button, ...],
) -> Keyboard:
    target = next(alert for alert in alerts if alert.id == asking)
    yes = words.alert_stop_ask.replace("{query}", _label(target))
    rows = [opening] if opening else []
    rows.append((Button(text=yes, data=_stop(STOP, document, target, alerts)),))
    rows.append((Button(text=words.keep, data=_stop(STOP_KEEP, document, target, alerts)),))
    return tuple(rows)


def _stop(verb: str, document: Document | None, target: Alert, alerts: Sequence[Alert]) -> str:
    """Data with the target first and as many of the others as fit."""
    text = data(verb, document.doc_id if document else "", target.id)
    if len(text.encode()) > DATA_BYTES:
        text = data(verb, "", target.id)
    for other in alerts:
        longer = f"{text}|{other.id}"
        if other.id != target.id and len(longer.encode()) <= DATA_BYTES:
            text = longer
    return text


def _stop_label(alert: Alert, alerts: Sequence[Alert], words: Words) -> str:
    if len(alerts) == 1:
        return words.alert_stop
    return words.alert_stop_named.replace("{query}", _label(alert))


def _label(alert: Alert) -> str:
    return shorten(alert.query, LABEL_UNITS)
