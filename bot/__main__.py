"""The console script ``dateline``, the same as ``python -m bot``."""

import os
import sys

from bot.process import local_zone, memory, signals


def main() -> int:
    """Run the command that the process was started with; gives the exit status."""
    signals.heed(sys.argv[1:])
    local_zone.drop_unreadable(os.environ)
    try:
        from bot.cli import main as obey  # it takes a while, in which signals are heeded already

        return obey()
    except BaseException as error:
        if memory.is_refused(error):
            memory.end()
        raise


if __name__ == "__main__":
    sys.exit(main())
