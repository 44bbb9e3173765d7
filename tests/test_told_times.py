"""Times that the pages tell are those that the code keeps."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot import schedule
from bot.app import account_care
from bot.backups import daily
from bot.charts import child
from bot.delivering import sender, shares
from bot.feeds import serving
from bot.health import keeper, monitor, readiness, server, webhooks
from bot.intake import changes
from bot.process import holder
from bot.proxies import route
from bot.serving import inline_receiver
from bot.serving.answering import GIVE_WITHIN
from bot.telegram.updates import hearing
from bot.watching import lookup
from bot.watching.sharing import sharing as watchers
from handlers.alerts import sharing
from handlers.operators import alarm
from handlers.searching import matches
from handlers.signals import surges
from handlers.stories import once, placing
from storage.channels import processes
from storage.outbox import bursts
from storage.retention import limits
from storage.stories import event_told
from storage.subscribers import snapshots

DOCS = Path(__file__).resolve().parents[1] / "docs"
WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
UNITS = {"s": 1, "second": 1, "min": 60, "minute": 60, "hour": 3600, "day": 86400}
TIME = r"\b(\d+(?:\.\d+)?|[A-Za-z]+) (s|min|second|minute|hour|day)s?\b"

TOLD: list[tuple[str, str, timedelta | float]] = [
    ("retention", "… after a start and then", schedule.FIRST_UPKEEP),
    ("retention", "and then every … the service does", schedule.UPKEEP_HOURS * 3600),
    ("retention", "Messages are kept for … whatever", limits.LEAST_SENT),
    ("retention", "digests for their buttons | … |", snapshots.KEPT_FOR),
    ("backup", "The first is made … after", schedule.FIRST_BACKUP_LOOK),
    ("backup", "is tried again after …;", daily.RETRY),
    ("backup", "Every … is looked whether", schedule.BACKUP_LOOK_SECONDS),
    ("signals", "Every … is looked", schedule.SIGNALS_EVERY),
    ("signals", "once in … for a query", surges.ONCE_IN),
    ("signals", "watched for less than …", surges.WATCHED_FOR),
    ("health", "nothing could be written for …", readiness.WRITE_SECONDS),
    ("health", "it writes every … at least", keeper.BEAT_SECONDS),
    ("health", "could not be read for …", readiness.READ_SECONDS),
    ("health", "has been due for …", readiness.DUE),
    ("health", "A cause that lasts for … is told", alarm.HOLD),
    ("health", "none within …) is offered again", webhooks.TIMEOUT),
    ("health", "MiB every …; in a larger", monitor.CHECK_SECONDS),
    ("health", "once a day (… after a start", monitor.DOUBTFUL_SECONDS),
    ("health", "every … where damage", monitor.DOUBTFUL_SECONDS),
    ("health", "when it hangs for …", server.ANSWER_SECONDS),
    ("delivering", "that does not come in … is treated", sender.SEND_TIMEOUT),
    ("delivering", "One is queued at most every …", bursts.EDIT_EVERY),
    ("delivering", "rings for them once in …", changes.RINGS_AFTER),
    ("folding", "Such messages ring at most once in …", once.PING_EVERY),
    ("folding", "Follow-ups to one story ring at most once in …", placing.PING_EVERY),
    ("folding", "the same words … later in their own", placing.REPEATED_AFTER),
    ("folding", "channel, or … later in another", placing.COPIED_WITHIN),
    ("folding", "takes in posts of its event for …", event_told.TAKES_FOR),
    ("watching", "only an invite link is ever joined, one in …", lookup.JOIN_PAUSE),
    ("watching", "is asked again after …", lookup.JOIN_AGAIN),
    ("watching", "no answer within …", hearing.ANSWER_TIMEOUT),
    ("watching", "at most …, or as long as", hearing.LONGEST_DELAY),
    ("accounts", "It is asked once in … whether", account_care.FROZEN_LOOK_SECONDS),
    ("desk", "Telegram has its answer within …", GIVE_WITHIN),
    ("desk", "waits up to ….", inline_receiver.PATIENCE),
    ("desk", "The others end after …;", sharing.LASTS),
    ("desk", "a day, for … at most", matches.SECONDS),
    ("feeds", "each for … and 128", serving.CONNECTION_SECONDS),
    ("proxies", "each for up to …, until", route.PATIENCE),
    ("searching", "most 2 GB, and … a picture", child.SECONDS),
    ("processes", "A lease lasts … and is renewed", processes.LASTS),
    ("processes", "and is renewed every ….", holder.EVERY),
    ("processes", "takes over within … after that one was last heard of", processes.LASTS),
    ("processes", "when one dies, … after its lease has ended", watchers.GRACE),
]


def seconds_of(number: str, unit: str) -> float:
    word = number.lower()
    if word in ("a", "an"):
        return UNITS[unit]
    return float(WORDS.index(word) + 1 if word in WORDS else number) * UNITS[unit]


@pytest.mark.parametrize(("page", "words", "kept"), TOLD)
def test_a_time_that_a_page_tells_is_kept(page: str, words: str, kept: timedelta | float) -> None:
    text = " ".join((DOCS / f"{page}.md").read_text(encoding="utf-8").split())
    before, after = words.split("…")
    found = re.findall(re.escape(before) + TIME + re.escape(after), text)
    assert found, f"docs/{page}.md says no time where it is said to say {words!r}"
    wanted = kept.total_seconds() if isinstance(kept, timedelta) else kept
    assert {seconds_of(*one) for one in found} == {wanted}


@pytest.mark.parametrize(
    "waits",
    [
        (processes.LASTS, holder.LOOK),  # a role
        (processes.LASTS, 2 * shares.LOOK),  # the chats of who delivers
        (processes.LASTS, watchers.GRACE, watchers.ANEW, 2 * watchers.LOOK),  # channels
    ],
)
def test_what_a_process_had_that_died_is_another_s_within_thirty_seconds(
    waits: tuple[float, ...],
) -> None:
    assert sum(waits) < 30
