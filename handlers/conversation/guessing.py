"""What may have been meant by what is nearly a command: another key, another layout, no slash."""

import difflib
import functools
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from handlers.conversation.command_context import Command
from handlers.render.text.keyboards import LABEL_UNITS, RUN, data
from handlers.render.text.messages import Button, Keyboard, has_room, shorten
from handlers.render.text.rich import RichText, code, fill
from handlers.render.text.rich import command as command_to_tap
from handlers.sources.post_links import find_link
from handlers.texts import typed
from handlers.texts.words import Words
from storage.query import likely

_NEAR = 0.7
"""How much alike two words are, of 1, that one may be taken for the other."""
_HANDLE = re.compile(r"@[A-Za-z]\w{3,31}")


class Guess(Struct, frozen=True):
    """A command that may have been meant, with what stands behind it; ``is_plain``: what was
    written is hardly anything else."""

    command: str
    argument: str = ""
    is_plain: bool = False


def nearest(written: str, known: Mapping[str, str]) -> str | None:
    """What the known word means that comes nearest to a written one: the same keys in the other
    layout, else the most alike; None where none is much like it."""
    word = written.lower()
    ways = [one for one in (word, likely.other_layout(word)) if one]
    for one in ways:
        if one in known:
            return known[one]
    for one in ways:
        close = difflib.get_close_matches(one, known, n=1, cutoff=_NEAR)
        if close:
            return known[close[0]]
    return None


def nearest_command(name: str, commands: Sequence[Command]) -> str | None:
    """The command whose name, in any language, comes nearest."""
    names = {command.name for command in commands}
    said = typed.COMMANDS.meanings()
    known = {name: name for name in names} | {w: n for w, n in said.items() if n in names}
    also = typed.ALSO.meanings().get(name.lower())
    return also if also in names and name.lower() not in known else nearest(name, known)


def without_slash(text: str, commands: Sequence[Command], words: Words) -> Guess | None:
    """The command that plain text may be: its name, or what people take for it, and what it takes;
    a post's link alone, or a channel's name alone."""
    first, _, rest = text.strip().partition(" ")
    if not rest and find_link(first) is not None:
        return Guess("why", first, is_plain=True)
    if _HANDLE.fullmatch(text.strip()):
        return Guess("latest", text.strip(), is_plain=True)
    name = typed.COMMANDS.meanings().get(first.lower(), first.lower())
    command = next((one for one in commands if one.name == name), None)
    is_named = command is not None and (not rest or command.takes_words(words))
    meant, behind, is_phrase = _also(text)
    if not is_named or is_phrase:
        is_named, name, rest = False, meant, behind
        command = next((one for one in commands if one.name == name), None)
    if command is None or (rest and not command.takes_words(words)):
        return None
    if name in _WORDY:
        rest = _between().sub("", rest.strip(), count=1)
    return Guess(name, rest.strip(), is_plain=is_named and not rest)


_WORDY = frozenset({"alert", "search", "latest"})
"""Commands that take a query, of which what people say before it is no part."""


@functools.cache
def _between() -> re.Pattern[str]:
    return re.compile(rf"\A(?:(?i:{typed.BETWEEN.pattern('between')})\s+)+")


@functools.cache
def _before() -> re.Pattern[str]:
    """What people take for a command, at the beginning of what they say."""
    before = typed.BETWEEN.pattern("before")
    known = typed.ALSO.pattern(*typed.ALSO.english)
    named = typed.COMMANDS.pattern(*typed.COMMANDS.english)
    return re.compile(rf"(?:(?i:{before})\s+)*(?P<name>(?i:{known}|{named}))(?!\w)")


def _also(text: str) -> tuple[str, str, bool]:
    """The command that people may mean by words that are no name of one, what stands behind them,
    and whether they are several; empty where there is none."""
    found = _before().match(text.strip())
    if found is None:
        return "", "", False
    said = found["name"].lower()
    name = typed.ALSO.meanings().get(said) or typed.COMMANDS.meanings().get(said, "")
    rest = text.strip()[found.end() :].strip(" \t\n.,:!?")
    # Who greets asks nothing of it.
    return name, "" if name == "help" else rest, " " in said


def list_commands(text: str) -> list[str]:
    """The commands that stand in a text, each as far as the next one."""
    places = [match.start() for match in _written().finditer(text)]
    return [" ".join(text[at:end].split()) for at, end in pairwise([*places, len(text)])]


@functools.cache
def _written() -> re.Pattern[str]:
    names = typed.COMMANDS.pattern(*typed.COMMANDS.english)
    return re.compile(rf"(?<!\S)/(?i:{names})(?:@\w+)?(?!\S)")


def offer(guess: Guess, words: Words, *, pressed: bool = True) -> tuple[RichText, Keyboard]:
    """The question whether it was meant, and a button that gives it; ``pressed``: where it may
    have one."""
    written = f"/{guess.command} {guess.argument}".rstrip()
    shown = code(written) if guess.argument else command_to_tap(written)
    chosen = data(RUN, guess.command, guess.argument)
    line = fill(words.did_you_mean, command=shown)
    if not pressed or not chosen.isprintable() or not has_room(chosen):
        return line, ()
    return line, ((Button(text=shorten(written, LABEL_UNITS), data=chosen),),)
