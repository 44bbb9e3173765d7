"""Types of command line arguments that need parsing."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from datetime import timedelta

MOST = 1_000_000


def positive(text: str) -> int:
    """A number from 1 to ``MOST``. Raises ArgumentTypeError."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= MOST:
        raise ArgumentTypeError(f"{text!r} is not a number from 1 to {MOST}")
    return int(text)


def add_format(parser: ArgumentParser) -> None:
    """Add ``--format``, the format of files that are read."""
    told = "%(choices)s; default: by content"
    parser.add_argument("--format", choices=_Formats(), metavar="FORMAT", help=told)


class _Formats:
    """The formats of files, imported only when they are looked at, which ``dateline --help`` does
    not."""

    def __iter__(self) -> Iterator[str]:
        from storage.document import SOURCE_TYPES

        return iter(SOURCE_TYPES)

    def __contains__(self, format: object) -> bool:
        return any(format == one for one in self)


def span(text: str) -> timedelta:
    """A span of time: ``24h``, ``3d``, ``2w``. Raises ArgumentTypeError."""
    from handlers.times import spans  # the other commands start without it

    found = spans.parse_span(text)
    if found is None:
        least, most = map(spans.write_span, (spans.SHORTEST, spans.LONGEST))
        told = f"{text!r} is no span of time from {least} to {most}; write 24h, 3d or 2w"
        raise ArgumentTypeError(told)
    return found
