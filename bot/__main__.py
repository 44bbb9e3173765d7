"""The console script ``dateline``, the same as ``python -m bot``."""

import sys

from bot import signals


def main() -> int:
    """Run the command that the process was started with; gives the exit status."""
    signals.heed(sys.argv[1:])
    from bot.cli import main as obey  # it takes a while, in which signals are heeded already

    return obey()


if __name__ == "__main__":
    sys.exit(main())
