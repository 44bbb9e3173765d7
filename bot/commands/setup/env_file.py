"""The file of settings, changed in place: comments and all other lines stay as they are."""

import io
import os
import re
from collections.abc import Mapping
from pathlib import Path

from dotenv.parser import Binding, parse_stream

from storage.errors import UsageError

_PLAIN = re.compile(r"[^\s'\"\\#$`]+")
_LINE = re.compile(
    r"(?P<before>\s*(?:export[^\S\r\n]+)?)[^\s=]+[^\S\r\n]*=[^\r\n'\"#]*?"
    r"(?P<comment>[^\S\r\n]+#[^\r\n]*)?(?P<end>\r\n|\n|\r|)"
)


def changed(text: str, values: Mapping[str, str]) -> str:
    """The text with these settings: in the line that held one before, else in a line at the end.

    Raises UsageError for a text with a line that cannot be read: what follows an open quotation
    mark would be taken for a part of it.
    """
    bindings = list(parse_stream(io.StringIO(text, newline="")))
    for binding in bindings:
        if binding.error:
            what = f"line {binding.original.line} cannot be read"
            raise UsageError(what, where="settings file", hint="mend it, or remove it")
    pieces = [binding.original.string for binding in bindings]
    for name, value in values.items():
        line = f"{name}={_quoted(value)}"
        places = [at for at, binding in enumerate(bindings) if binding.key == name]
        if places:
            pieces[places[-1]] = _put(bindings[places[-1]], line)
            continue
        if pieces and not pieces[-1].endswith(("\n", "\r")):
            pieces[-1] += "\n"
        pieces.append(f"{line}\n")
    return "".join(pieces)


def _put(binding: Binding, line: str) -> str:
    """The line in place of a former one, between what stood around that."""
    former = binding.original.string
    match = _LINE.fullmatch(former)
    if match is not None:
        return f"{match['before']}{line}{match['comment'] or ''}{match['end']}"
    blank = former[: len(former) - len(former.lstrip())]
    return f"{blank}{line}\n" if former.endswith(("\n", "\r")) else f"{blank}{line}"


def _quoted(value: str) -> str:
    """Plain where it can be: not everybody who reads such files takes quotes off."""
    if _PLAIN.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def write(path: Path, values: Mapping[str, str]) -> None:
    """Change the file, for its owner alone (0600), all at once: a crash leaves the former one."""
    real = path.resolve()
    text = ""
    if real.exists():
        with real.open(encoding="utf-8-sig", newline="") as file:
            text = file.read()
    draft = real.with_name(f".{real.name}.{os.getpid()}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(changed(text, values))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(real)
    finally:
        draft.unlink(missing_ok=True)
