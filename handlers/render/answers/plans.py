"""Plans as messages: the list, the card of one, and the choices that change it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from handlers.render.text.bars import Matches, matches_text
from handlers.render.text.cards import (
    Card,
    Choice,
    channel_picker,
    channels_line,
    goes_line,
    removed_line,
    setting_row,
    undo_row,
)
from handlers.render.text.dates import Here, coming, here_in, moment
from handlers.render.text.keyboards import (
    PLAN_ADD,
    PLAN_CARD,
    PLAN_CHANNEL,
    PLAN_CHANNELS,
    PLAN_HOW,
    PLAN_LIST,
    PLAN_NEW,
    PLAN_PREVIEW,
    PLAN_REMOVE,
    PLAN_RESTORE,
    PLAN_SET,
    PLAN_TIMES,
    RUN,
    data,
)
from handlers.render.text.lists import page_of, ticked
from handlers.render.text.messages import Button, Keyboard, Message, shorten
from handlers.render.text.names import contained
from handlers.render.text.plan_times import times_text
from handlers.render.text.rich import RichText, bold, code, fill, italic, join
from handlers.texts.cards import card_words
from handlers.texts.digests.planning import PlanWords, plan_words
from handlers.texts.words import Words
from handlers.times.plan_times import parse_times
from handlers.times.zones import zone_label
from storage.records import Plan, Subscriber
from storage.structs import replace

PRESETS = (
    "daily 08:00",
    "daily 08:00, 18:00",
    "weekdays 08:00",
    "weekly mon 09:00",
    "every 3h",
    "hourly 9-18",
)
"""Times that a tap chooses."""
MOST = (5, 10, 20, 40)
NAME_UNITS = 60
QUERY_UNITS = 500


class View(Struct, frozen=True, kw_only=True):
    """Where and to whom plans are shown."""

    here: Here
    words: Words
    is_active: bool = True

    @property
    def said(self) -> PlanWords:
        """The words of plans."""
        return plan_words(self.words.language)


def label_of(plan: Plan, words: Words) -> str:
    """A plan as people know it: its name, else its query."""
    said, query = plan_words(words.language), contained(plan.query).strip()
    if plan.kind == "review":
        query = said.review_of.replace("{query}", query) if query else said.review
    return shorten(contained(plan.name).strip() or query, NAME_UNITS) or said.all_posts


def next_of(plans: Sequence[Plan]) -> datetime | None:
    """When the next of several plans is due; None if all are paused."""
    return min((plan.due_at for plan in plans if plan.due_at and not plan.paused), default=None)


def when_of(plan: Plan, words: Words) -> str:
    """When a plan comes."""
    return times_text(parse_times(plan.times), words.language)


def plan_list(
    plans: Sequence[Plan], page: int, view: View, *, removed: Plan | None = None
) -> Message:
    """A page (from 0) of a chat's plans; ``removed`` was just removed."""
    said, words = view.said, view.words
    shown = page_of(plans, page)
    lines: list[RichText | str] = []
    rows: list[tuple[Button, ...]] = []
    if removed is not None:
        lines.append(removed_line(label_of(removed, words), words))
        rows += undo_row(data(PLAN_RESTORE, removed.id), words)
    lines.append(bold(fill(said.title, count=len(plans))) if plans else words.digest_no_plan)
    for number, plan in enumerate(shown.items, shown.first + 1):
        lines.append(_line(number, plan, view))
        text = f"{'⏸' if plan.paused else '📰'} {number}. {shorten(label_of(plan, words), 40)}"
        rows.append((Button(text=text, data=data(PLAN_CARD, plan.id)),))
    if plans:
        lines += [said.hint] if view.is_active else [said.hint, said.stopped]
    new = Button(text=said.new_button, data=data(PLAN_NEW))
    return Message(join("\n", lines), (*rows, *shown.turning(PLAN_LIST, (), words), (new,)))


def _line(number: int, plan: Plan, view: View) -> RichText:
    said = view.said
    parts: list[RichText | str] = [label_of(plan, view.words), when_of(plan, view.words)]
    if plan.paused:
        parts.append(said.is_paused)
    elif plan.due_at is not None:
        parts.append(said.next.replace("{when}", coming(plan.due_at, view.here, view.words)))
    return f"{number}. " + join(" · ", parts)


class Particulars(Struct, frozen=True, kw_only=True):
    """What a card shows besides the plan: ``titles`` of known channels, by row id; how many posts
    it may have (None: not counted); its chat; and the ``page`` of the list that it leads back to,
    from 0."""

    titles: Mapping[int, str]
    page: int = 0
    matches: Matches | None = None
    chat: Subscriber | None = None


def plan_card(plan: Plan, told: Particulars, view: View, *, head: RichText | str = "") -> Message:
    """All about one plan, with the buttons that change it."""
    said, words = view.said, view.words
    lines: list[RichText | str] = [
        _when(plan, view),
        fill(said.about, query=_query(plan, said)),
        "" if told.matches is None else matches_text(told.matches, view.here, words),
        channels_line(plan.channels, told.titles, words),
        *_manner(plan, said),
        goes_line(told.chat, plan.topic, words),
        "" if view.is_active else said.stopped,
    ]
    return Card(
        title=f"📰 {label_of(plan, words)}",
        lines=lines,
        rows=_card_rows(plan, view),
        back=Button(text=said.list_button, data=data(PLAN_LIST, told.page)),
        remove=data(PLAN_REMOVE, plan.id),
        head=head,
    ).message(words)


def _manner(plan: Plan, said: PlanWords) -> tuple[str, ...]:
    """How long it is, and what is sent if nothing is new."""
    return (*_length(plan, said), said.said if plan.says_nothing_new else said.silent)


def _length(plan: Plan, said: PlanWords) -> tuple[str, ...]:
    """How long a digest is; nothing for a review, which shows everything."""
    if plan.kind == "review":
        return ()
    return (f"{said.count(said.most, plan.most)}, {said.short if plan.short else said.full}",)


def _when(plan: Plan, view: View) -> RichText:
    zone = zone_label(plan.timezone, view.words.language)
    values = {"times": when_of(plan, view.words), "zone": zone}
    if plan.paused or plan.due_at is None:
        return fill(view.said.when_paused, **values)
    here = here_in(plan.timezone, view.here.now)
    return fill(view.said.when, next=coming(plan.due_at, here, view.words), **values)


def _query(plan: Plan, said: PlanWords) -> RichText | str:
    return code(shorten(plan.query, QUERY_UNITS)) if plan.query else said.all_posts


def _card_rows(plan: Plan, view: View) -> Keyboard:
    said, card = view.said, card_words(view.words.language)

    def run(text: str, what: str) -> Button:
        return Button(text=text, data=data(RUN, "digest", f"{what} {plan.id}"))

    pause = said.resume_button if plan.paused else said.pause_button
    return (
        (
            run(card.edit_query, "query"),
            Button(text=card.channels, data=data(PLAN_CHANNELS, plan.id, 0)),
        ),
        (
            Button(text=said.times_button, data=data(PLAN_TIMES, plan.id)),
            Button(text=said.how_button, data=data(PLAN_HOW, plan.id)),
        ),
        (
            Button(text=said.preview_button, data=data(PLAN_PREVIEW, plan.id)),
            Button(text=pause, data=data(PLAN_SET, plan.id, "p", int(not plan.paused))),
        ),
        (run(said.name_button, "name"),),
    )


def how_choice(plan: Plan, view: View) -> Message:
    """How long a plan's messages are, and what is sent if nothing is new: a button for each choice,
    the present one marked."""
    said = view.said

    def row(what: str, choices: Sequence[tuple[str, int]], present: int) -> tuple[Button, ...]:
        return setting_row(
            [
                (text, data(PLAN_SET, plan.id, what, value), value == present)
                for text, value in choices
            ]
        )

    lengths = [(said.count(said.stories, most), most) for most in MOST]
    much = (
        row("m", lengths[:2], plan.most),
        row("m", lengths[2:], plan.most),
        row("s", [(said.full_button, 0), (said.short_button, 1)], int(plan.short)),
    )
    nothing = [(said.silent_button, 0), (said.said_button, 1)]
    return Card(
        title=f"📰 {label_of(plan, view.words)}",
        lines=[*_manner(plan, said), said.how_ask],
        rows=(
            *(much if plan.kind == "digest" else ()),
            row("n", nothing, int(plan.says_nothing_new)),
        ),
        back=_back(plan, view),
    ).message(view.words)


def _back(plan: Plan, view: View) -> Button:
    text = card_words(view.words.language).back
    return Button(text=text, data=data(PLAN_CARD, plan.id))


def new_plan(view: View) -> Message:
    """When a new plan shall come: a tap makes it."""
    said = view.said
    rows = _presets(lambda times: data(PLAN_ADD, times), "", view)
    other = Button(text=said.write_button, data=data(RUN, "digest", "new"))
    back = Button(text=said.list_button, data=data(PLAN_LIST, 0))
    return Message(RichText(said.new_ask), (*rows, (other,), (back,)))


def times_choice(plan: Plan, view: View) -> Message:
    """The times that a plan can have instead; the present ones are marked."""
    said = view.said
    rows = _presets(lambda times: data(PLAN_SET, plan.id, "t", times), plan.times, view)
    other = Button(text=said.write_button, data=data(RUN, "digest", f"time {plan.id}"))
    lines = (bold(f"📰 {label_of(plan, view.words)}"), _when(plan, view), said.times_ask)
    return Message(join("\n", lines), (*rows, (other,), (_back(plan, view),)))


def _presets(pressed: Callable[[str], str], chosen: str, view: View) -> Keyboard:
    buttons = [
        Button(
            text=ticked(times_text(parse_times(times), view.said.language), times == chosen),
            data=pressed(times),
        )
        for times in PRESETS
    ]
    return tuple((button,) for button in buttons)


def channels_choice(plan: Plan, known: Sequence[Choice], page: int, view: View) -> Message:
    """The channels that a plan is limited to: a page (from 0) of those watched, its own marked."""

    def pressed(row: int, value: int, page: int) -> str:
        return data(PLAN_CHANNEL, plan.id, row, value, page)

    return channel_picker(
        (
            bold(f"📰 {label_of(plan, view.words)}"),
            channels_line(plan.channels, dict(known), view.words),
        ),
        known,
        plan.channels,
        page,
        pressed=pressed,
        turning=(PLAN_CHANNELS, (plan.id,)),
        back=_back(plan, view),
        words=view.words,
    )


def nothing_new(plan: Plan, since: datetime, here: Here, words: Words) -> Message:
    """What a plan sends if nothing is new and its chat wants to know."""
    span = {"since": moment(since, here, words), "until": moment(here.now, here, words)}
    said = fill(words.digest_none, **span)
    return Message(join("\n", (bold(f"🗞 {label_of(plan, words)}"), said)))


def as_preview(message: Message, words: Words) -> Message:
    """A digest marked as a preview, which was only asked for."""
    head = italic(plan_words(words.language).preview)
    return replace(message, text=join("\n", (head, message.text)))


def times_problem(problem: str, text: str, words: Words) -> RichText:
    """What is wrong with times that cannot be parsed, and what to write instead."""
    said = plan_words(words.language)
    example = code(f"/digest {said.examples[problem]}")
    return fill(f"{said.problems[problem]}", text=code(shorten(text, NAME_UNITS)), example=example)
