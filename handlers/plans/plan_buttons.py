"""The buttons of plans: the list, the card of one, and what changes it, all in place."""

from handlers.conversation.press_context import ButtonError, PressContext, number
from handlers.conversation.requests import PressResult
from handlers.conversation.services import Services
from handlers.plans import cards, managing
from handlers.plans.preview import preview
from handlers.render.answers.plans import (
    MOST,
    View,
    channels_choice,
    how_choice,
    label_of,
    new_plan,
    plan_list,
    times_choice,
)
from handlers.render.text.cards import removed_line
from handlers.render.text.messages import Message
from handlers.render.text.names import title_of
from handlers.render.text.rich import fill
from handlers.texts.digests.planning import plan_words
from handlers.times.plan_times import PlanTimes, TimesError, parse_times, write_times
from storage.channels import channels
from storage.records import Plan
from storage.structs import replace
from storage.subscribers import plans

ALL = 0
"""In place of a channel's row: all of them."""
_HOW = frozenset({"m", "s", "n"})
"""What is set on the page of how much it tells; the rest on the card itself."""


async def turn(context: PressContext, services: Services) -> PressResult:
    """A page of the list. The field is the 0-based page."""
    return PressResult(edit=await list_page(context, services, number(context.fields, 0)))


async def list_page(
    context: PressContext, services: Services, page: int = 0, *, removed: Plan | None = None
) -> Message:
    """The chat's plans; ``removed`` was taken out of them just now."""
    async with services.database.reader() as conn:
        have = await plans.list_plans(conn, context.press.chat_id)
    return plan_list(have, page, _view(context), removed=removed)


async def ask_new(context: PressContext, services: Services) -> PressResult:
    """When a new plan shall come. No fields."""
    return PressResult(edit=new_plan(_view(context)))


async def add(context: PressContext, services: Services) -> PressResult:
    """Make a plan. The field is its times, as plans keep them."""
    said = plan_words(context.words.language)
    try:
        plan, is_new = await managing.add(
            context.press.chat_id,
            _times(context.fields[0]),
            services,
            timezone=context.timezone,
            now=context.press.now,
            topic=context.press.topic,
        )
    except managing.TooManyError:
        return PressResult(toast=fill(said.limit, count=services.alerts_per_person).text)
    head = said.made if is_new else said.known
    # A new plan wakes a chat that had said /stop; the same one again does not.
    card = await _card(plan, context, services, head=head, is_woken=is_new)
    is_channel = context.subscriber is not None and context.subscriber.is_channel
    if not is_new or is_channel:  # In a channel all would read it.
        return PressResult(edit=card, toast=head)
    shown = await preview(plan, services, context.words, context.press.now)
    return PressResult(edit=card, reply=(shown,))


async def show(context: PressContext, services: Services) -> PressResult:
    """The card of a plan. The field is its id."""
    plan = await _find(context, services)
    if plan is None:
        return await _gone(context, services)
    return PressResult(edit=await _card(plan, context, services))


async def change(context: PressContext, services: Services) -> PressResult:
    """Set one thing. Fields: the plan's id, what, and the value."""
    if await _find(context, services) is None:
        return await _gone(context, services)
    fields = _fields(context)
    return await _changed(context, services, **fields)


def _fields(context: PressContext) -> dict[str, object]:
    """What a button sets. Raises ButtonError for what no button sets."""
    what, value = context.fields[1], context.fields[2]
    if what == "t":
        return {"times": write_times(_times(value))}
    chosen = number(context.fields, 2)
    match what:
        case "p" | "s" | "n" if chosen in (0, 1):
            return {{"p": "paused", "s": "short", "n": "says_nothing_new"}[what]: bool(chosen)}
        case "m" if chosen in MOST:
            return {"most": chosen}
    raise ButtonError(f"{what!r} cannot be set to {value!r}")


async def choose_times(context: PressContext, services: Services) -> PressResult:
    """When a plan shall come instead. The field is its id."""
    plan = await _find(context, services)
    if plan is None:
        return await _gone(context, services)
    return PressResult(edit=times_choice(plan, _view(context)))


async def show_how(context: PressContext, services: Services) -> PressResult:
    """How much a plan tells. The field is its id."""
    plan = await _find(context, services)
    if plan is None:
        return await _gone(context, services)
    return PressResult(edit=how_choice(plan, _view(context)))


async def choose_channels(context: PressContext, services: Services) -> PressResult:
    """A page of the channels to choose from. Fields: the plan's id, the 0-based page."""
    plan = await _find(context, services)
    if plan is None:
        return await _gone(context, services)
    return PressResult(edit=await _channels(plan, context, services, number(context.fields, 1)))


async def set_channel(context: PressContext, services: Services) -> PressResult:
    """Take a channel into a plan, or out. Fields: the plan's id, the channel's row (``ALL``: none
    chosen), 1 or 0, the page."""
    plan = await _find(context, services)
    if plan is None:
        return await _gone(context, services)
    id, is_taken = number(context.fields, 1), number(context.fields, 2)
    if id == ALL:
        return await _set_channels(context, plan, (), services)
    async with services.database.reader() as conn:
        watched = await channels.find_watched(conn, id)
    kept = tuple(one for one in plan.channels if one != id)
    if is_taken and watched is not None and len(kept) < managing.MOST_CHANNELS:
        kept = (*kept, id)
    return await _set_channels(context, plan, kept, services)


async def _set_channels(
    context: PressContext, plan: Plan, kept: tuple[int, ...], services: Services
) -> PressResult:
    changed = await managing.change(
        plan.id, plan.chat_id, services, now=context.press.now, channels=kept
    )
    page = number(context.fields, 3)
    return PressResult(edit=await _channels(changed or plan, context, services, page))


async def _channels(plan: Plan, context: PressContext, services: Services, page: int) -> Message:
    async with services.database.reader() as conn:
        known = await channels.list_channels(conn)
    choices = [(one.id, title_of(one)) for one in known]
    return channels_choice(plan, choices, page, _view(context))


async def show_preview(context: PressContext, services: Services) -> PressResult:
    """What a plan would tell now, as a message of its own. The field is its id."""
    plan = await _find(context, services)
    if plan is None:
        return await _gone(context, services)
    return PressResult(reply=(await preview(plan, services, context.words, context.press.now),))


async def remove(context: PressContext, services: Services) -> PressResult:
    """Remove a plan; a button puts it back. The field is its id."""
    now = context.press.now
    found = await _find(context, services)
    if found is None:
        return await _gone(context, services)
    async with services.database.reader() as conn:
        page = await cards.find_page(conn, found)
    plan = await managing.change(
        number(context.fields, 0), context.press.chat_id, services, now=now, removed_at=now
    )
    if plan is None:
        return await _gone(context, services)
    toast = removed_line(label_of(plan, context.words), context.words).text
    return PressResult(edit=await list_page(context, services, page, removed=plan), toast=toast)


async def restore(context: PressContext, services: Services) -> PressResult:
    """Put a plan back that was removed. The field is its id."""
    plan_id, chat_id = number(context.fields, 0), context.press.chat_id
    async with services.database.reader() as conn:
        found = await managing.find_own(conn, plan_id, chat_id, removed=True)
    if found is None:
        return await _gone(context, services)
    if found.removed_at is not None:
        await managing.change(plan_id, chat_id, services, now=context.press.now, removed_at=None)
    async with services.database.reader() as conn:
        page = await cards.find_page(conn, found)
    toast = plan_words(context.words.language).restored
    return PressResult(edit=await list_page(context, services, page), toast=toast)


async def _changed(context: PressContext, services: Services, **fields: object) -> PressResult:
    plan = await managing.change(
        number(context.fields, 0),
        context.press.chat_id,
        services,
        now=context.press.now,
        **fields,
    )
    if plan is None:
        return await _gone(context, services)
    toast = plan_words(context.words.language).changed
    if len(context.fields) > 1 and context.fields[1] in _HOW:
        return PressResult(edit=how_choice(plan, _view(context)), toast=toast)
    return PressResult(edit=await _card(plan, context, services), toast=toast)


async def _card(
    plan: Plan,
    context: PressContext,
    services: Services,
    *,
    head: str = "",
    is_woken: bool = False,
) -> Message:
    view = _view(context)
    shown = replace(view, is_active=view.is_active or is_woken)
    return await cards.card(plan, shown, services, head=head)


async def _find(context: PressContext, services: Services) -> Plan | None:
    async with services.database.reader() as conn:
        return await managing.find_own(conn, number(context.fields, 0), context.press.chat_id)


async def _gone(context: PressContext, services: Services) -> PressResult:
    plan_id, chat_id = number(context.fields, 0), context.press.chat_id
    async with services.database.reader() as conn:
        kept = await managing.find_own(conn, plan_id, chat_id, removed=True)
    removed = kept if kept is not None and kept.removed_at is not None else None
    edit = await list_page(context, services, removed=removed)
    return PressResult(edit=edit, toast=plan_words(context.words.language).gone)


def _view(context: PressContext) -> View:
    is_active = context.subscriber is None or context.subscriber.active
    return managing.view_of(context.words, context.timezone, context.press.now, is_active=is_active)


def _times(written: str) -> PlanTimes:
    """Times of a button's. Raises ButtonError for what are none."""
    try:
        return parse_times(written)
    except TimesError as error:
        raise ButtonError(f"{written!r} are no times") from error
