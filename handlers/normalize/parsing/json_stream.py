"""JSON read value by value from a stream of text, in the memory of one value.

The standard decoder does the work on a sliding window, so a message costs what it costs in
``json.loads``. What real files get wrong is forgiven where it is harmless: control characters in
strings, and the ``\\x1B`` that Telegram Desktop writes for them.
"""

import json
import re
from collections.abc import Iterable, Iterator
from json import JSONDecodeError

_DECODER = json.JSONDecoder(strict=False)
_SPACE = re.compile(r"[ \t\r\n]*")
_SEPARATORS = re.compile(r"[ \t\r\n,\ufeff]*")
_DESKTOP_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*)\\x([0-9A-Fa-f]{2})")
# An error this close to the end of the window may only mean that the rest has not come yet.
_MARGIN = 16
_NUMBER_TAIL = 2
_SKIPPED = 1 << 20
"""Of what is passed over more than this is not kept whole."""


LARGEST_VALUE = 4 << 20
"""Characters of one value (a message, or an answer full of them), which is held whole."""


class BrokenError(Exception):
    """What stands here is no JSON. ``line`` counts from 1."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.what = what
        self.line = line


class TruncatedError(BrokenError):
    """The stream ended inside a value."""


class Scanner:
    """Walks over JSON text: the caller asks for one token or one whole value at a time."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = iter(pieces)
        self._text = ""
        self._at = 0
        self._lines_before = 0
        self._ended = False
        self.skipped = ""

    @property
    def line(self) -> int:
        """The line (from 1) where the scanner stands."""
        return self._lines_before + self._text.count("\n", 0, self._at) + 1

    def peek(self) -> str:
        """The next character that is no white space and no comma; empty at the end."""
        while True:
            self._at = _SEPARATORS.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more(1):
                return ""

    def enter(self, bracket: str) -> None:
        """Steps over an opening bracket (or a colon). Raises BrokenError if none stands here."""
        found = self.peek()
        if found != bracket:
            raise self._error(f"{bracket!r} is expected, not {found!r}" if found else "")
        self._at += 1

    def leave(self, bracket: str) -> bool:
        """Steps over a closing bracket if it stands here."""
        if self.peek() != bracket:
            return False
        self._at += 1
        return True

    def key(self) -> str:
        """A member's name, and over its colon."""
        name = self.value()
        if not isinstance(name, str):
            raise self._error("a name is expected")
        self.enter(":")
        return name

    def value(self, *, largest: int = LARGEST_VALUE) -> object:
        """The value that stands here. Raises BrokenError where it is none or has more characters
        than ``largest``, TruncatedError where the stream ends in it; the scanner then still stands
        at its start."""
        self.peek()
        while True:
            start = self._at
            try:
                value, end = _DECODER.raw_decode(self._text, start)
            except JSONDecodeError as error:
                self._recover(error, largest)
                continue
            except (ValueError, RecursionError) as error:
                raise self._error(str(error)) from None
            # A number at the end of the window may go on: "1" may become "1e+5".
            if end >= len(self._text) - _NUMBER_TAIL and self._more(1):
                continue
            self._at += end - start
            return value

    def skip(self) -> None:
        """Steps over a value, in the memory of the largest string in it. Raises what ``value``
        does."""
        if self.peek() not in ("{", "["):
            self.value()
            return
        depth = 0
        while True:
            self.peek()
            step = self._text[self._at : self._at + 1]
            if step in ("{", "["):
                depth += 1
            elif step in ("}", "]"):
                depth -= 1
            if step in ("{", "[", "}", "]", ":"):
                self._at += 1
            elif not step:
                raise self._error("")
            else:
                self.value()
            if depth == 0:
                return

    def skip_to(self, pattern: re.Pattern[str]) -> bool:
        """Moves past the present place to the next match of a pattern; False at the end.

        What was passed over is ``skipped``.
        """
        kept: list[str] = []
        start = self._at
        self._at += 1
        while True:
            found = pattern.search(self._text, self._at)
            if found is not None:
                self._at = found.start()
                break
            self._at = max(self._at, len(self._text) - _MARGIN)
            if sum(map(len, kept)) <= _SKIPPED:
                kept.append(self._text[start : self._at])
            if not self._more(1):
                start, self._at = self._at, len(self._text)
                break
            start = self._at
        self.skipped = "".join([*kept, self._text[start : self._at]])
        return found is not None

    def _recover(self, error: JSONDecodeError, largest: int) -> None:
        """Makes another try possible, or raises what is wrong for good."""
        if error.msg.startswith("Invalid \\escape"):
            pending = self._text[self._at :]
            repaired = _DESKTOP_ESCAPE.sub(r"\1\\u00\2", pending)
            if repaired != pending:
                self._text = self._text[: self._at] + repaired
                return
        unfinished = error.msg.startswith("Unterminated string")
        if not unfinished and len(self._text) - error.pos > _MARGIN:
            raise self._error(error.msg)
        held = len(self._text) - self._at
        if held > largest:
            raise self._error(f"a value of more than {largest >> 20} MB")
        if not self._more(max(1, min(held, largest + 1 - held))):
            raise TruncatedError("the file ends inside a value", self.line)

    def _error(self, what: str) -> BrokenError:
        if not what:
            return TruncatedError("the file ends too early", self.line)
        return BrokenError(what, self.line)

    def _more(self, wanted: int) -> bool:
        """Lets go of what was read and takes at least ``wanted`` more characters, if any."""
        if self._ended:
            return False
        taken: list[str] = []
        count = 0
        for piece in self._pieces:
            taken.append(piece)
            count += len(piece)
            if count >= wanted:
                break
        else:
            self._ended = True
        self._lines_before += self._text.count("\n", 0, self._at)
        self._text = self._text[self._at :] + "".join(taken)
        self._at = 0
        return count > 0


def iterate_values(scanner: Scanner) -> Iterator[object]:
    """The values of a stream, one after the other: JSON Lines, a list, or objects in a row.

    Raises BrokenError at the first that is none.
    """
    if scanner.peek() == "[":
        scanner.enter("[")
    while scanner.peek() not in ("", "]"):
        yield scanner.value()
