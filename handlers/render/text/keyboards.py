"""The buttons below messages, and the data that comes back when they are pressed.

Data is ``verb|field|field``. A button of an old message must still work after an upgrade, so verbs
keep their meaning. Data can be forged, so whatever comes back is validated.
"""

import re
from collections.abc import Sequence

from handlers.render.text.headings import address
from handlers.render.text.messages import DATA_BYTES, Button, Keyboard, has_room, shorten
from handlers.texts.alerts.alert_lines import alert_lines_words
from handlers.texts.alerts.alert_settings import alert_settings_words
from handlers.texts.cards import card_words
from handlers.texts.collecting import collection_words
from handlers.texts.people.places import place_words
from handlers.texts.querying import querying_words
from handlers.texts.translating import translating_words
from handlers.texts.words import Words
from storage.document import Document
from storage.records import Alert
from storage.structs import replace

_CONTROL = re.compile(r"[\x00-\x1f]")
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
SNOOZE_ASK = "zq"
SNOOZE = "zs"
MUTE = "mu"
UNMUTE = "mx"
SIMILAR = "ml"
ALERT_PAGE = "ap"
ALERT_SET = "as"
ALERT_UNMUTE = "au"
ALERT_UNDO = "az"
ALERT_HOW = "aw"
ALERT_LATEST = "av"
ALERT_CHANNELS = "ak"
ALERT_CHANNEL = "ac"
STOP_UNDO = "xu"
SETTINGS_MENU = "sm"
SETTINGS_SET = "st"
UNFOLD = "uf"
BUNDLE_PAGE = "bp"
BUNDLE_OPEN = "bo"
BUNDLE_ALSO = "ba"
COPIES = "cp"
QUOTE_CARD = "vc"
MAKE_ALERT = "sa"
ALSO = "ai"
ALSO_BACK = "ab"
WATCH_OTHER = "wo"
CHANNEL_LIST = "cl"
CHANNEL_PAGE = "cc"
CHANNEL_LATEST = "cr"
CHANNEL_FOLLOW = "cf"
CHANNEL_UNFOLLOW = "cu"
CHANNEL_UNDO = "cv"
CHANNEL_MUTE = "cm"
CHANNEL_UNMUTE = "cx"
CHANNEL_REMOVE = "cd"
CHANNEL_RESTORE = "ce"
UNWATCH_UNDO = "cw"
READ_STATE = "ws"
READ_ASK = "wf"
READ_BACK = "wr"
READ_STOP = "wx"
PLAN_LIST = "gl"
PLAN_NEW = "gn"
PLAN_ADD = "ga"
PLAN_CARD = "gc"
PLAN_SET = "gs"
PLAN_TIMES = "gt"
PLAN_HOW = "gh"
PLAN_CHANNELS = "gk"
PLAN_CHANNEL = "gw"
PLAN_PREVIEW = "gv"
PLAN_REMOVE = "gr"
PLAN_RESTORE = "gu"
SILENCE_LIST = "yl"
SILENCE_CARD = "yc"
SILENCE_REMOVE = "yr"
SILENCE_RESTORE = "yu"
SURGE_LIST = "jl"
SURGE_CARD = "jc"
SURGE_REMOVE = "jr"
SURGE_RESTORE = "ju"
SAVE = "kp"
TRANSLATE = "tr"
COLLECTION_LIST = "kl"
COLLECTION = "kc"
COLLECTED_OUT = "ko"
COLLECTED_BACK = "kb"
COLLECTION_REMOVE = "kr"
COLLECTION_RESTORE = "ku"
COLLECTION_FILE = "kf"
ACCESS_ASK = "aa"
ACCESS_ALLOW = "ay"
ACCESS_DENY = "an"
USERS_PAGE = "us"
USERS_ASK = "uq"
USERS_REVOKE = "ur"
USERS_RESTORE = "uu"
INVITE_REVOKE = "ir"
INVITES_PAGE = "ip"
INVITES_REMOVE = "ik"
INVITES_RESTORE = "iu"
SHARE_SEARCH = "hs"
SHARE_ALERT = "ha"
LINK_REVOKE = "hr"
LINK_RESTORE = "hu"
LINKS_PAGE = "lp"
LINKS_REVOKE = "lr"
LINKS_RESTORE = "lu"
CHANNEL_SHARE = "ch"
CHANNEL_OFFICIAL = "co"
SUGGEST_PAGE = "gp"
WISH_BACK = "wb"
WISH_RESTORE = "wu"
WISH_WATCH = "wy"
WISH_DENY = "wn"
FEEDS_PAGE = "fp"
FEEDS_REVOKE = "fr"
FEEDS_RESTORE = "fu"
FEEDS_COLLECTION = "fc"
MINE_PAGE = "mp"
FILE_PAGE = "ep"
FILE_TAKE = "et"
FILE_UNDO = "eu"
RUN = "rn"
ANSWER = "qa"
CANCEL = "qc"
TAKE = "qt"
CHANGE = "qe"

MORE = "⋯"
LABEL_UNITS = 40
STOP_BUTTONS = 3
LIST_ROWS = 8


def data(verb: str, *fields: int | str) -> str:
    """The data of a button with this verb and these fields."""
    return "|".join((verb, *map(str, fields)))


def read_data(raw: bytes | None) -> str | None:
    """The data of a pressed button; None if no button of ours can have it: clients send any data,
    or none (core.telegram.org/constructor/updateBotCallbackQuery)."""
    if not raw or len(raw) > DATA_BYTES:
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) else text


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
    """The row ``‹ Prev | 2 / 5 | Next ›`` for ``page`` (from 0); no row for a single page.
    ``pages``: None if the number is unknown; ``more``: whether a page follows."""
    row = []
    if page > 0:
        row.append(Button(text=words.previous, data=data(verb, *fields, page - 1)))
    place = f"{page + 1} / {pages}" if pages else str(page + 1)
    row.append(Button(text=place, data=NOTHING))
    if more:
        row.append(Button(text=words.following, data=data(verb, *fields, page + 1)))
    return (tuple(row),) if len(row) > 1 else ()


def forgetting(words: Words) -> Keyboard:
    """Asks once before everything about a subscriber is deleted."""
    yes = Button(text=words.forget_yes, data=FORGET)
    return ((yes,), (Button(text=words.keep, data=FORGET_KEEP),))


def below_alert(
    document: Document | None,
    alerts: Sequence[Alert],
    words: Words,
    removed: int | None = None,
    *,
    snoozing: bool = False,
    unfolded: bool = False,
    muted: bool = False,
    behind: int = 0,
    translates: bool = False,
) -> Keyboard:
    """The buttons below an alert: open the post, snooze; a third one shows the rest.

    ``unfolded``: the rest is shown; ``removed``: an alert that was just removed and can be put
    back; ``snoozing``: durations are shown; ``muted``: all these alerts leave out the post's
    channel already; ``behind``: how many posts are counted at the message or are in its story
    elsewhere; ``translates``: there is a translator. The buttons carry the ids of the document and
    of the alerts, so that the rows can be made again on any press.
    """
    alerts = alerts[:STOP_BUTTONS]
    opening = _opening(document, words)
    undo = undo_below(document, alerts, words, removed)
    if not alerts:
        return (opening, *undo) if opening else undo
    if snoozing:
        return _snoozing(document, alerts, words, opening)
    said = alert_settings_words(words.language)
    snooze = Button(text=said.snooze, data=_stop(SNOOZE_ASK, document, alerts[0], alerts))
    if not unfolded:
        more = Button(text=MORE, data=_stop(UNFOLD, document, alerts[0], alerts))
        return ((*opening, snooze, more), *undo)
    back = Button(text=said.back, data=_stop(STOP_KEEP, document, alerts[0], alerts))
    rest = _the_rest(document, alerts, words, muted=muted, translates=translates)
    return ((*opening, snooze, back), *also(behind, data(ALSO, 0), words), *rest, *undo)


def undo_below(
    document: Document | None, alerts: Sequence[Alert], words: Words, removed: int | None
) -> Keyboard:
    """The row that puts back the alert of this id; it carries the ids of the others."""
    if removed is None:
        return ()
    text = card_words(words.language).undo
    return ((Button(text=text, data=_named(STOP_UNDO, document, removed, alerts)),),)


def also(behind: int, pressed: str, words: Words) -> Keyboard:
    """The row that opens the ``behind`` further posts; no row if there are none."""
    if not behind:
        return ()
    posts = words.count(querying_words(words.language).also_posts, behind)
    return ((Button(text=f"🔁 {posts}", data=pressed),),)


def event_row(posts: int, words: Words) -> Keyboard:
    """The row that opens the posts of the event counted at an alert's message.

    Not in channels, where one reader would turn pages for all: managers find them behind the last
    button.
    """
    if not posts:
        return ()
    text = words.count(alert_lines_words(words.language).event_posts, posts)
    return ((Button(text=f"🗂 {text}", data=data(ALSO, 0)),),)


def folded_below_alert(
    document: Document | None, alerts: Sequence[Alert], words: Words
) -> Keyboard:
    """Below an alert in a channel: a button for readers, and one for managers."""
    alerts = alerts[:STOP_BUTTONS]
    row = [*_opening(document, words)]
    if alerts:
        similar, change = alert_settings_words(words.language).similar, place_words(words.language)
        row.append(Button(text=similar, data=_stop(SIMILAR, document, alerts[0], alerts)))
        row.append(Button(text=change.change, data=_stop(UNFOLD, document, alerts[0], alerts)))
    return (tuple(row),) if row else ()


def opening(document: Document, copy: Document | None) -> Document:
    """The post whose link the buttons open: a copy if the post was deleted."""
    return replace(document, url=address(copy)) if copy is not None else document


def _opening(document: Document | None, words: Words) -> tuple[Button, ...]:
    url = address(document) if document else None
    return (Button(text=words.open_post, url=url),) if url else ()


def _the_rest(
    document: Document | None,
    alerts: Sequence[Alert],
    words: Words,
    *,
    muted: bool,
    translates: bool,
) -> Keyboard:
    """The rows behind the third button."""
    said = alert_settings_words(words.language)
    first = alerts[0]
    row = [Button(text=said.similar, data=_stop(SIMILAR, document, first, alerts))]
    channel = document.channel if document else None
    if channel is not None and (channel.id or channel.username):
        verb, text = (UNMUTE, said.unmute_here) if muted else (MUTE, said.mute)
        row.insert(0, Button(text=text, data=_stop(verb, document, first, alerts)))
    stops = (
        Button(
            text=_stop_label(alert, alerts, words), data=_stop(STOP_ASK, document, alert, alerts)
        )
        for alert in alerts
    )
    save: tuple[Button, ...] = ()
    if document is not None:
        text = collection_words(words.language).save_button
        save = (Button(text=text, data=_stop(SAVE, document, first, alerts)),)
        if translates:
            save += translating(document, translating_words(words.language).button, words)
    return (tuple(row), *([save] if save else []), *((stop,) for stop in stops))


def translating(document: Document, text: str, words: Words) -> tuple[Button, ...]:
    """The button that translates a post; none if it is in the reader's language or has no words."""
    pressed = data(TRANSLATE, document.doc_id)
    if document.lang == words.language or not document.texts() or len(pressed) > DATA_BYTES:
        return ()
    return (Button(text=text, data=pressed),)


def _snoozing(
    document: Document | None,
    alerts: Sequence[Alert],
    words: Words,
    opening: tuple[Button, ...],
) -> Keyboard:
    said = alert_settings_words(words.language)
    first = alerts[0]
    row = tuple(
        Button(text=text, data=_stop(f"{SNOOZE}|{choice}", document, first, alerts))
        for choice, text in said.snoozes.items()
    )
    back = (Button(text=said.back, data=_stop(STOP_KEEP, document, first, alerts)),)
    return (opening, row, back) if opening else (row, back)


def _stop(verb: str, document: Document | None, target: Alert, alerts: Sequence[Alert]) -> str:
    return _named(verb, document, target.id, alerts)


def _named(verb: str, document: Document | None, target: int, alerts: Sequence[Alert]) -> str:
    """Data with the target first, then the other alerts' ids, as many as fit."""
    text = data(verb, document.doc_id if document else "", target)
    if not has_room(text):
        text = data(verb, "", target)
    for other in alerts:
        longer = f"{text}|{other.id}"
        if other.id != target and has_room(longer):
            text = longer
    return text


def _stop_label(alert: Alert, alerts: Sequence[Alert], words: Words) -> str:
    said = card_words(words.language)
    if len(alerts) == 1:
        return said.remove_alert
    return said.remove_named.replace("{name}", label(alert))


def label(alert: Alert) -> str:
    """An alert as a button names it."""
    return shorten(alert.query, LABEL_UNITS)
