"""The console script ``dateline``, the same as ``python -m bot``."""

import os
import sys

from bot.process import signals

_NO_MEMORY = b"dateline: error: system: there is not enough memory; give it more and start again\n"


def main() -> int:
    """Run the command that the process was started with; gives the exit status."""
    signals.heed(sys.argv[1:])
    try:
        from bot.cli import main as obey  # it takes a while, in which signals are heeded already
    except (MemoryError, SystemError):
        os.write(2, _NO_MEMORY)
        return 1
    return obey()


if __name__ == "__main__":
    sys.exit(main())
