"""What ``/status`` says of the processes that share an instance, and of the accounts that watch."""

from collections.abc import Sequence

from handlers.conversation.command_context import CommandContext
from handlers.render.text.dates import coming, dated, here_in, zone_of
from handlers.render.text.names import contained
from handlers.render.text.rich import RichText, code, fill, join
from storage.channels.processes import Process
from storage.channels.watchers import Part


def process_lines(
    processes: Sequence[Process], parts: Sequence[Part], context: CommandContext
) -> list[RichText]:
    """Which processes are at work and when each was heard of, which account reads how many
    channels, and what keeps it from more. Nothing of one that is alone and as it is to be."""
    names = {one.owner: one.name for one in processes}
    lines = [_process(one, context) for one in processes] if len(processes) > 1 else []
    several = len(processes) > 1 or len(parts) > 1
    shown = [part for part in parts if several or _is_kept(part)]
    return [*lines, *(_reader(part, names, context) for part in shown)]


def _process(process: Process, context: CommandContext) -> RichText:
    words, now = context.words, context.request.now
    name, roles = code(process.name), ", ".join(process.roles)
    if not process.is_alive:
        since = dated(process.heard_at, zone_of(context.timezone), words)
        return fill(words.watching.silent, process=name, roles=roles, since=since)
    age = words.watching.span((now - process.heard_at).total_seconds())
    ago = words.watching.ago.format(age=age)
    return fill(words.watching.process, process=name, roles=roles, ago=ago)


def _is_kept(part: Part) -> bool:
    """Whether anything keeps an account from reading."""
    watcher = part.watcher
    return bool(watcher.trouble or watcher.waits_until or part.refused_until)


def _reader(part: Part, names: dict[str, str], context: CommandContext) -> RichText:
    words, watcher = context.words, part.watcher
    said, here = words.watching, here_in(context.timezone, context.request.now)
    template = said.no_reader if watcher.account is None else said.reader
    values: dict[str, RichText | str] = {
        "account": contained(part.name),
        "channels": words.count(words.channels, part.channels),
        "process": code(names.get(watcher.owner, "?")),
    }
    sentences = [fill(template, **values)]
    if watcher.trouble:
        sentences.append(fill(said.unusable, reason=watcher.trouble))
    if watcher.waits_until is not None and watcher.waits_until > context.request.now:
        sentences.append(fill(said.waits, until=coming(watcher.waits_until, here, words)))
    if part.refused_until is not None:
        sentences.append(fill(said.names_wait, until=coming(part.refused_until, here, words)))
    return join(" ", sentences)
