"""Everything that went wrong once, done to the running service: what does it cost the readers?

``faults.py [NAME…] [--short] [--at-once N]``: each case of ``faults_cases.py`` starts the service
on a sandbox of its own, breaks something, posts meanwhile, mends it and counts: posted against
stored, due alerts against those received, each once. A line a case, the last a summary; the exit
status is 1 unless every case held. ``--short`` takes the cases that are over soon, for the gate.
"""

import argparse
import asyncio
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

import faults_people  # noqa: F401  # has more of the cases
from faults_cases import CASES, Case
from faults_stage import FailedError, staged

from storage.errors import DatelineError

LONGEST = 900.0


async def play(case: Case, root: Path, *, is_short: bool) -> bool:
    """Play one case and print what came of it; whether it held."""
    started = time.monotonic()
    (root / case.name).mkdir()
    async with staged(root / case.name, is_short=is_short) as stage:
        try:
            async with asyncio.timeout(LONGEST):
                await case.play(stage)
                outcome = await stage.settle()
            verdict = "held" if outcome.is_clean and outcome.is_settled else "BROKEN"
            notes = [*stage.notes, *outcome.examples]
        except (FailedError, DatelineError, OSError, LookupError, ExceptionGroup) as error:
            outcome, verdict = await stage.count(), "BROKEN"
            notes = [*stage.notes, str(error) or type(error).__name__]
            if not isinstance(error, FailedError):
                notes.append(traceback.format_exc(limit=-2).replace("\n", " | "))
        if verdict != "held":
            last = [line[:300] for line in [*stage.service.lines][-12:]]
            sys.stderr.write(f"{case.name}:\n" + "\n".join(last) + "\n")
    sys.stdout.write(
        f"{verdict} {case.name}: posted {outcome.posted} stored {outcome.stored}"
        f" due {outcome.due} once {outcome.due - outcome.missing - outcome.doubled}"
        f" in {time.monotonic() - started:.0f} s{''.join(f'; {note}' for note in notes)}\n"
    )
    sys.stdout.flush()
    return verdict == "held"


async def play_all(cases: list[Case], *, is_short: bool, at_once: int) -> int:
    """Play the cases beside each other; the exit status."""
    places = asyncio.Semaphore(at_once)
    with tempfile.TemporaryDirectory(prefix="dateline-faults-") as folder:

        async def take(case: Case) -> bool:
            async with places:
                return await play(case, Path(folder), is_short=is_short)

        held = await asyncio.gather(*map(take, cases))
    sys.stdout.write(f"{sum(held)} of {len(held)} held\n")
    return 0 if all(held) else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="default: every case")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--at-once", type=int, default=4)
    options = parser.parse_args()
    known = {case.name: case for case in CASES}
    if unknown := set(options.names) - known.keys():
        parser.error(f"no such case: {', '.join(sorted(unknown))}")
    chosen = [known[name] for name in options.names] or [
        case for case in CASES if case.is_short or not options.short
    ]
    return asyncio.run(play_all(chosen, is_short=options.short, at_once=options.at_once))


if __name__ == "__main__":
    sys.exit(main())
