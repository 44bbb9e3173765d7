"""Plans as messages: the list, the card of one, and the choices that change it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from handlers.render.text.dates import Here, coming, here_in, moment
from handlers.render.text.keyboards import (
    LIST_ROWS,
    PLAN_ADD,
    PLAN_CARD,
    PLAN_CHANNEL,
    PLAN_CHANNELS,
    PLAN_LIST,
    PLAN_NEW,
    PLAN_PREVIEW,
    PLAN_REMOVE,
    PLAN_RESTORE,
    PLAN_SET,
    PLAN_TIMES,
    RUN,
    data,
    pager,
)
from handlers.render.text.messages import Button, Keyboard, Message, shorten
from handlers.render.text.names import contained
from handlers.render.text.plan_times import times_text
from handlers.render.text.rich import RichText, bold, code, fill, italic, join
from handlers.texts.digests.planning import PlanWords, plan_words
from handlers.texts.words import Words
from handlers.times.plan_times import parse_times
from handlers.times.zones import zone_label
from storage.records import Plan

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
LABEL_UNITS = 48
QUERY_UNITS = 500
CHANNELS = 3
CHANNEL_UNITS = 30

Choice = tuple[int, str]
"""A channel: its row, and its title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Where and to whom plans are shown."""

    here: Here
    words: Words
    is_active: bool = True

    @property
    def said(self) -> PlanWords:
        """The words of plans."""
        return plan_words(self.words.language)


def label_of(plan: Plan, words: Words) -> str:
    """A plan as people know it: its name, else what it is about."""
    said, query = plan_words(words.language), contained(plan.query).strip()
    if plan.kind == "review":
        query = said.review_of.replace("{query}", query) if query else said.review
    return shorten(contained(plan.name).strip() or query, NAME_UNITS) or said.all_posts


def next_of(plans: Sequence[Plan]) -> datetime | None:
    """When the next of several is due; None where all are paused."""
    return min((plan.due_at for plan in plans if plan.due_at and not plan.paused), default=None)


def when_of(plan: Plan, words: Words) -> str:
    """When a plan comes."""
    return times_text(parse_times(plan.times), words.language)


def plan_list(
    plans: Sequence[Plan], page: int, view: View, *, removed: Plan | None = None
) -> Message:
    """A page (0-based) of a chat's plans; ``removed`` was taken out of it just now."""
    said, words = view.said, view.words
    pages = max(1, -(-len(plans) // LIST_ROWS))
    page = min(page, pages - 1)
    start = page * LIST_ROWS
    lines: list[RichText | str] = []
    rows: list[tuple[Button, ...]] = []
    if removed is not None:
        lines.append(fill(said.removed, name=label_of(removed, words)))
        rows.append((Button(text=said.restore_button, data=data(PLAN_RESTORE, removed.id)),))
    lines.append(bold(fill(said.title, count=len(plans))) if plans else words.digest_no_plan)
    for number, plan in enumerate(plans[start : start + LIST_ROWS], start + 1):
        lines.append(_line(number, plan, view))
        text = f"{'⏸' if plan.paused else '📰'} {number}. {shorten(label_of(plan, words), 40)}"
        rows.append((Button(text=text, data=data(PLAN_CARD, plan.id)),))
    if plans:
        lines += [said.hint] if view.is_active else [said.hint, said.stopped]
    turning = pager(PLAN_LIST, (), page, pages, more=page + 1 < pages, words=words)
    new = Button(text=said.new_button, data=data(PLAN_NEW))
    return Message(join("\n", lines), (*rows, *turning, (new,)))


def _line(number: int, plan: Plan, view: View) -> RichText:
    said = view.said
    parts: list[RichText | str] = [label_of(plan, view.words), when_of(plan, view.words)]
    if plan.paused:
        parts.append(said.is_paused)
    elif plan.due_at is not None:
        parts.append(said.next.replace("{when}", coming(plan.due_at, view.here, view.words)))
    return f"{number}. " + join(" · ", parts)


def plan_card(
    plan: Plan, titles: Mapping[int, str], view: View, *, head: RichText | str = ""
) -> Message:
    """All about one plan, with the buttons that change it. ``titles``: the channels it is of, by
    row, that are known."""
    said, words = view.said, view.words
    lines: list[RichText | str] = [head] if head else []
    lines += [
        bold(f"📰 {label_of(plan, words)}"),
        _when(plan, view),
        fill(said.about, query=_query(plan, said)),
        fill(said.channels, channels=_channels(plan, titles, said)),
        *_length(plan, said),
        said.said if plan.says_nothing_new else said.silent,
    ]
    lines += [] if view.is_active else [said.stopped]
    return Message(join("\n", lines), _card_keyboard(plan, said))


def _length(plan: Plan, said: PlanWords) -> tuple[str, ...]:
    """How much a digest tells; a review tells what there is."""
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


def _channels(plan: Plan, titles: Mapping[int, str], said: PlanWords) -> str:
    if not plan.channels:
        return said.all_channels
    names = [shorten(titles[id], CHANNEL_UNITS) for id in plan.channels if id in titles]
    if not names:
        return said.no_channels
    left = len(names) - CHANNELS
    more = [said.count(said.more, left)] if left > 0 else []
    return " ".join([", ".join(names[:CHANNELS]), *more])


def _card_keyboard(plan: Plan, said: PlanWords) -> Keyboard:
    """Each button says what it sets, so pressing it again changes nothing more."""

    def setting(text: str, what: str, value: int) -> Button:
        return Button(text=text, data=data(PLAN_SET, plan.id, what, value))

    def run(text: str, what: str) -> Button:
        return Button(text=text, data=data(RUN, "digest", f"{what} {plan.id}"))

    pause = said.resume_button if plan.paused else said.pause_button
    length = said.short_button if plan.short else said.full_button
    nothing = said.said_button if plan.says_nothing_new else said.silent_button
    most = next((n for n in MOST if n > plan.most), MOST[0])
    much = (
        setting(said.count(said.most, plan.most) + " ›", "m", most),
        setting(f"{length} ›", "s", int(not plan.short)),
    )
    return (
        (
            Button(text=said.preview_button, data=data(PLAN_PREVIEW, plan.id)),
            setting(pause, "p", int(not plan.paused)),
        ),
        (
            Button(text=said.times_button, data=data(PLAN_TIMES, plan.id)),
            run(said.query_button, "query"),
        ),
        (
            Button(text=said.channels_button, data=data(PLAN_CHANNELS, plan.id, 0)),
            run(said.name_button, "name"),
        ),
        *((much,) if plan.kind == "digest" else ()),
        (setting(f"{nothing} ›", "n", int(not plan.says_nothing_new)),),
        (
            Button(text=said.list_button, data=data(PLAN_LIST, 0)),
            Button(text=said.remove_button, data=data(PLAN_REMOVE, plan.id)),
        ),
    )


def new_plan(view: View, *, head: RichText | str = "") -> Message:
    """When a new plan shall come: a tap makes it."""
    said = view.said
    lines = [head, said.new_ask] if head else [said.new_ask]
    rows = _presets(lambda times: data(PLAN_ADD, times), "", view)
    other = Button(text=said.write_button, data=data(RUN, "digest", "new"))
    back = Button(text=said.list_button, data=data(PLAN_LIST, 0))
    return Message(join("\n", lines), (*rows, (other,), (back,)))


def times_choice(plan: Plan, view: View) -> Message:
    """When a plan shall come instead; what is set is marked."""
    said = view.said
    rows = _presets(lambda times: data(PLAN_SET, plan.id, "t", times), plan.times, view)
    other = Button(text=said.write_button, data=data(RUN, "digest", f"time {plan.id}"))
    back = Button(text=said.back_button, data=data(PLAN_CARD, plan.id))
    lines = (bold(f"📰 {label_of(plan, view.words)}"), _when(plan, view), said.times_ask)
    return Message(join("\n", lines), (*rows, (other,), (back,)))


def _presets(pressed: Callable[[str], str], chosen: str, view: View) -> Keyboard:
    buttons = [
        Button(
            text=_ticked(times_text(parse_times(times), view.said.language), times == chosen),
            data=pressed(times),
        )
        for times in PRESETS
    ]
    return tuple((button,) for button in buttons)


def _ticked(text: str, is_on: bool) -> str:
    return f"✓ {text}" if is_on else text


def channels_choice(plan: Plan, known: Sequence[Choice], page: int, view: View) -> Message:
    """Of which channels a plan tells: a page (0-based) of those that are watched; its own are
    marked."""
    said = view.said
    pages = max(1, -(-len(known) // LIST_ROWS))
    page = min(page, pages - 1)
    rows = [
        (
            Button(
                text=_ticked(shorten(title, LABEL_UNITS), id in plan.channels),
                data=data(PLAN_CHANNEL, plan.id, id, int(id not in plan.channels), page),
            ),
        )
        for id, title in known[page * LIST_ROWS : (page + 1) * LIST_ROWS]
    ]
    turning = pager(PLAN_CHANNELS, (plan.id,), page, pages, more=page + 1 < pages, words=view.words)
    back = Button(text=said.back_button, data=data(PLAN_CARD, plan.id))
    lines = (bold(f"📰 {label_of(plan, view.words)}"), said.channels_ask)
    return Message(join("\n", lines), (*rows, *turning, (back,)))


def nothing_new(plan: Plan, since: datetime, here: Here, words: Words) -> Message:
    """What a plan says where it has nothing to tell, and is to say so."""
    span = {"since": moment(since, here, words), "until": moment(here.now, here, words)}
    said = fill(words.digest_none, **span)
    return Message(join("\n", (bold(f"🗞 {label_of(plan, words)}"), said)))


def as_preview(message: Message, words: Words) -> Message:
    """A digest that was only asked for, to see what it will be like."""
    head = italic(plan_words(words.language).preview)
    return replace(message, text=join("\n", (head, message.text)))


def times_problem(problem: str, text: str, words: Words) -> RichText:
    """What is wrong with times that cannot be read, and what to write."""
    said = plan_words(words.language)
    example = code(f"/digest {said.examples[problem]}")
    return fill(f"{said.problems[problem]}", text=code(shorten(text, NAME_UNITS)), example=example)
