"""The buttons below results: sort, filters, and making an alert of the query.

Data names the search by its token, as paging does; values of filters are as in a query.
"""

from collections.abc import Sequence

from handlers.queries.searches import SavedSearch
from handlers.render.text.keyboards import MAKE_ALERT, SEARCH_PAGE, SHARE_SEARCH, data
from handlers.render.text.lists import ticked
from handlers.render.text.messages import Button, Keyboard, has_room, shorten
from handlers.texts.querying import QueryingWords

MENU = "so"
CHOOSE = "sf"

CHANNEL, PERIOD, LANGUAGE, SORT = "c", "p", "l", "s"
ANY = "-"
LABEL_UNITS = 24


def filter_rows(
    saved: SavedSearch,
    page: int,
    said: QueryingWords,
    *,
    found: bool,
    lasts: bool,
    weighs: bool = True,
) -> Keyboard:
    """The rows of buttons below a page of results.

    ``found``: there are results to sort; ``lasts``: an alert can be made of the query; ``weighs``:
    the query has words to rank by.
    """
    share = Button(text=said.share, data=data(SHARE_SEARCH, saved.token))
    make = Button(text=said.make_alert, data=data(MAKE_ALERT, saved.token))
    alert = (make, share) if lasts else (share,)
    if not found and not saved.conditions:
        return (alert,)
    chosen = (
        (CHANNEL, _name(said.channel_filter, saved.channel)),
        (PERIOD, _name(said.period_filter, said.periods.get(saved.period, saved.period))),
        (LANGUAGE, _name(said.language_filter, said.languages.get(saved.language, saved.language))),
    )
    filters = tuple(
        Button(text=label, data=data(MENU, saved.token, kind, page)) for kind, label in chosen
    )
    other, label = (
        ("relevance", said.by_relevance) if saved.sort == "newest" else ("newest", said.by_date)
    )
    sort = Button(text=label, data=data(CHOOSE, saved.token, SORT, other))
    return (filters, (sort, *alert) if weighs else alert)


def choices(
    saved: SavedSearch,
    kind: str,
    options: Sequence[tuple[str, str]],
    page: int,
    said: QueryingWords,
) -> Keyboard:
    """The values (value and label) that one filter can be set to, with the present one marked, a
    button for no filter, and the way back."""
    none = {CHANNEL: said.any_channel, PERIOD: said.any_period, LANGUAGE: said.any_language}[kind]
    chosen = {CHANNEL: saved.channel, PERIOD: saved.period, LANGUAGE: saved.language}[kind]
    buttons = [
        Button(text=ticked(shorten(label, LABEL_UNITS), value == chosen), data=choice)
        for value, label in options
        if has_room(choice := data(CHOOSE, saved.token, kind, value))
    ]
    rows = [tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2)]
    last = (
        Button(text=ticked(none, not chosen), data=data(CHOOSE, saved.token, kind, ANY)),
        Button(text=said.back, data=data(SEARCH_PAGE, saved.token, page)),
    )
    return (*rows, last)


def _name(label: str, chosen: str) -> str:
    return shorten(f"{label}: {chosen}" if chosen else label, LABEL_UNITS)
