"""Times that the pages tell are those that the code keeps."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot import schedule
from bot.app import account_care
from bot.backups import daily
from bot.charts import child
from bot.delivering import deliverer, sender, shares
from bot.feeds import application, serving
from bot.health import keeper, monitor, readiness, server, webhooks
from bot.intake import changes
from bot.intake import events as stored_events
from bot.process import holder, patience, stopping
from bot.proxies import route
from bot.serving import inline_receiver, message_receiver, translator
from bot.serving.answering import GIVE_WITHIN
from bot.settings import Settings
from bot.telegram import clients
from bot.telegram.updates import hearing
from bot.watching import lookup, pushes
from bot.watching.sharing import sharing as watchers
from handlers.alerts import sharing
from handlers.conversation import sent_files, speaking
from handlers.digests import review as digest_review
from handlers.digests import themes
from handlers.operators import alarm
from handlers.outlines import courses
from handlers.rhythms import pauses
from handlers.searching import matches
from handlers.signals import silences, surges
from handlers.stories import events, once, placing
from storage.channels import processes, wishes
from storage.documents import search
from storage.outbox import bursts, new_rows, updates
from storage.postgres import engine, way
from storage.retention import clock, limits
from storage.stories import event_told
from storage.stories import stories as sketches
from storage.subscribers import callers, snapshots
from storage.undoing import takings

DOCS = Path(__file__).resolve().parents[1] / "docs"
WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
UNITS = {
    "millisecond": 0.001,
    "s": 1,
    "second": 1,
    "min": 60,
    "minute": 60,
    "hour": 3600,
    "day": 86400,
    "week": 7 * 86400,
}
TIME = r"\b(\d+(?:\.\d+)?|[A-Za-z]+) (millisecond|s|min|second|minute|hour|day|week)s?\b"

SETTINGS = Settings()
RECENT = SETTINGS.read_on_watch
READ_BACK = timedelta(days=RECENT.days if RECENT else 0)

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
    ("health", "is asked (GET) … while the service", webhooks.HEARTBEAT_SECONDS),
    ("operations", "`HEARTBEAT_URL`, asked … while", webhooks.HEARTBEAT_SECONDS),
    ("health", "when it hangs for …", server.ANSWER_SECONDS),
    ("delivering", "that does not come in … is treated", sender.SEND_TIMEOUT),
    ("delivering", "One is queued at most every …", bursts.EDIT_EVERY),
    ("delivering", "rings for them once in …", changes.RINGS_AFTER),
    ("folding", "Such messages ring at most once in …", once.PING_EVERY),
    ("folding", "Follow-ups to one story ring at most once in …", placing.PING_EVERY),
    ("folding", "the same words … later in their own", placing.REPEATED_AFTER),
    ("folding", "channel, or … later in another", placing.COPIED_WITHIN),
    ("folding", "as alarms have, … later in another", placing.FEW_COPIED_WITHIN),
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
    ("feeds", "get 503 where that takes …, or at once", application.WAIT_SECONDS),
    ("feeds", "each for … and 128", serving.CONNECTION_SECONDS),
    ("proxies", "each for up to …, until", route.PATIENCE),
    ("searching", "most 2 GiB, and … a picture", child.SECONDS),
    ("processes", "A lease lasts … and is renewed", processes.LASTS),
    ("processes", "and is renewed every ….", holder.EVERY),
    ("processes", "takes over within … after that one was last heard of", processes.LASTS),
    ("accounts", "By invite links Dateline joins one channel in ….", lookup.JOIN_PAUSE),
    ("accounts", "it joins them by itself, one in ….", lookup.JOIN_PAUSE),
    ("desk", "a message is held for …, up to", message_receiver.HOLD),
    ("desk", "Who waits for … is told so", message_receiver.TELL_AFTER),
    ("desk", "denied or removed asks again after …", callers.DENIED_FOR),
    ("desk", "what was denied is asked again after …", wishes.DENIED_FOR),
    ("health", "A message under way is waited for, … at most", stopping.GRACE),
    ("health", "notices wait for …; then", new_rows.NOTICE_KEPT_FOR),
    ("law", "last …, so that they show the notice", updates.EDITABLE),
    ("processes", "joined by no other for ….", watchers.MOVE_AFTER),
    ("proxies", "are cut, … pass, and only then", route.SETTLING),
    ("proxies", "through the present one for ….", route.PATIENCE),
    ("reliability", "hears again after …", hearing.LIMIT),
    ("retention", "hashes of recent posts | … |", sketches.WINDOW),
    ("reviews", "so that its pages turn for ….", snapshots.KEPT_FOR),
    ("scaling", "each waits, for at most …, for a lock", engine.PATIENCE),
    ("scaling", "holds up the others for … at most", engine.MOST_IDLE),
    ("scaling", "holds the line of writers for … more", engine.MOST_IDLE),
    ("scaling", "waits and tries again, at least every …:", patience.LONGEST_PAUSE),
    ("scaling", "(after … they are told to wait)", message_receiver.TELL_AFTER),
    ("scaling", "So after … without an answer the server is asked", way.SILENCE),
    ("scaling", "or cannot be reached within …, the first", way.REACH),
    ("scaling", "a free connection for more than ….", engine.PATIENCE),
    ("scaling", "(`tcp_user_timeout`, keep-alives: …)", way._UNHEARD),
    ("scaling", "in the address each has … to answer", way.REACH),
    ("searching", "for … nobody asked for another", child.IDLE_SECONDS),
    ("searching", "and a quarter after …, counted", search.HALF_OF_AGE),
    ("signals", "A pause is a silence when it lasts … or more", pauses.LEAST),
    ("signals", "Nothing is said before … and twenty pauses", pauses.KNOWN_FOR),
    ("signals", "When there was no reading for …, *that*", silences.UNREAD),
    ("stories", "No event is longer than ….", events.LONGEST),
    ("stories", "in the same channel … later are the next", stored_events.REPEATED_AFTER),
    ("stories", "told of in the … before the digest", themes.REACH),
    ("stories", "course: posts … apart that say something", courses.APART),
    ("stories", "It is kept for … as it was", snapshots.KEPT_FOR),
    ("subscriptions", "*Undo* takes that back, for …, or", takings.KEPT_FOR),
    ("subscriptions", "remembered in memory for …, so", sent_files.KEPT_FOR),
    ("translation", "does not answer within …, or refuses", translator.SECONDS),
    ("watching", "waits up to … for the scan", pushes.HOLD),
    ("watching", "A ping goes out every …;", clients.STATE_INTERVAL * clients.PING_TICKS),
    ("watching", "After … the account takes", hearing.LIMIT),
    ("watching", "waits for that number, … at most", speaking.LONGEST),
    ("processes", "bot writes too waits, for at most …, until", speaking.LONGEST),
    ("delivering", "What goes within … goes in one packet", deliverer.TICK),
    ("health", "keep it from writing | at once, or … |", readiness.WRITE_SECONDS),
    ("health", "its pings not answered, for …;", readiness.ANSWER_SECONDS),
    ("health", "that Telegram asked for explains it | … |", readiness.DUE),
    ("health", "in what the service reads, every … at its", monitor.CHECK_SECONDS),
    ("law", "a new channel is read … back at most", READ_BACK),
    ("processes", "(counted in the database), … apart; the others", lookup.JOIN_PAUSE),
    ("proxies", "A proxy that hangs up is left after …, one", route.PATIENCE),
    ("retention", "the digest behind a button opens for …,", snapshots.KEPT_FOR),
    ("retention", "that Telegram gave, is of at most … ago", clock.MOST_STEP),
    ("retention", "some five for each; for an undo: … |", takings.KEPT_FOR),
    ("retention", "their end, at most …, and a number", sharing.LASTS),
    ("retention", "messages that were sent, for ….", SETTINGS.keep_sent),
    ("reviews", "looks back upon the last …;", digest_review.WEEK),
    ("processes", "when one dies, … after its lease has ended", watchers.GRACE),
]


def seconds_of(number: str, unit: str) -> float:
    word = number.lower()
    if word in ("a", "an", "every"):
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
