"""What ``/status`` says of the account that watches."""

from handlers.conversation.account_care import AccountCare, Freeze, Gone
from handlers.conversation.command_context import CommandContext
from handlers.render.text.dates import dated, zone_of
from handlers.render.text.rich import RichText, fill, join
from handlers.texts.words import Words

FULL = 0.9
"""The share of the channels it may be in from which on that is a warning."""


def account_lines(care: AccountCare | None, context: CommandContext) -> list[RichText]:
    """How the account is kept, and that it is frozen or gone; nothing where that is unknown."""
    if care is None:
        return []
    if care.gone is not None:
        return [_gone(care.gone, context)]
    words = context.words
    facts = ", ".join(_facts(care, words))
    kept = [fill(words.watching.account, facts=facts)] if facts else []
    return [*(_frozen(care.freeze, context) if care.freeze else []), *kept]


def _facts(care: AccountCare, words: Words) -> list[str]:
    said, facts = words.watching, []
    if care.has_password is not None:
        facts.append(said.two_steps if care.has_password else said.one_step)
    if care.most is not None and care.channels is not None:
        mark = "⚠️ " if care.channels >= FULL * care.most else ""
        facts.append(mark + said.joined.format(count=care.channels, most=care.most))
    if care.days is not None:
        facts.append(said.deleted_after.format(days=words.count(words.days, care.days)))
    return facts


def _gone(gone: Gone, context: CommandContext) -> RichText:
    since = dated(gone.since, zone_of(context.timezone), context.words)
    return fill(context.words.watching.gone, since=since, reason=gone.reason, hint=gone.hint)


def _frozen(freeze: Freeze, context: CommandContext) -> list[RichText]:
    said = context.words.watching
    parts = [fill(said.frozen, appeal=freeze.appeal)]
    if freeze.until is not None:
        until = dated(freeze.until, zone_of(context.timezone), context.words)
        parts.append(fill(said.frozen_until, until=until))
    return [join(" ", parts)]
