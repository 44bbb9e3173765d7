"""Numbers and sizes that the pages tell are those that the code keeps to.

Times stand in ``test_told_times.py``.
"""

import math
import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.anchoring import anchors
from bot.app import anew, run, split
from bot.charts import easel
from bot.commands.probing import probe
from bot.delivering import deliverer, in_flight, waking
from bot.feeds import application, programs
from bot.feeds import serving as pages
from bot.health import measures, readiness, webhooks
from bot.intake import changes, intake
from bot.process import log_writer, stopping
from bot.proxies import links as proxy_links
from bot.proxies import tls
from bot.serving import message_receiver, translator
from bot.settings import Recent, Settings
from bot.telegram import clients, pace, retry
from bot.watching import lookup, scan
from handlers.alerts.sharing import inline_payload
from handlers.conversation import questions, sent_files
from handlers.digests import catchup, corrections, reading, reviewing
from handlers.digests import themes as earlier
from handlers.feeds import reading as feed_reading
from handlers.normalize.parsing import encoding
from handlers.normalize.post import language
from handlers.operators import alarm, faults, scans
from handlers.outlines import across, outline, themes, weight
from handlers.plans import managing
from handlers.programs import operations
from handlers.render.alerts import alert_page, bundles, why
from handlers.render.answers import plans, settings
from handlers.render.text import bars, keyboards, messages
from handlers.reviews import review, tally
from handlers.rhythms import counts, pauses
from handlers.searching import matches
from handlers.signals import surges
from handlers.stories import events, gist, judgement, news, standing
from handlers.subscriptions import form, showing, values
from handlers.times import plan_times
from handlers.translating import translating
from handlers.trends import counting
from storage.chain import found as joining
from storage.channels import accounts, watched, wishes
from storage.documents import documents, problems, search
from storage.outbox import bundles as stored_bundles
from storage.outbox import bursts, notices, outbox, queueing
from storage.postgres import engine, weighing
from storage.query.reading import syntax, terms
from storage.retention import old_rows, turns
from storage.sqlite import file, upkeep
from storage.sqlite import pages as database_pages
from storage.subscribers import callers, collections, links, tokens
from storage.subscribers import feeds as stored_feeds
from storage.verifying import on_server

DOCS = Path(__file__).resolve().parents[1] / "docs"
ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
WORDS = {word: number for number, word in enumerate(ONES)} | {
    "a": 1, "eleven": 11, "twelve": 12, "twenty": 20, "thirty": 30, "fifty": 50, "thousand": 1000,
    "half": 0.5, "tenth": 0.1, "twice": 2, "twentieth": 0.05,
}  # fmt: skip
UNITS = {
    "KB": 1000, "MB": 10**6, "GB": 10**9, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30,
    "%": 0.01, "ms": 0.001,
}  # fmt: skip
NUMBER = r"(\d[\d,]*(?:\.\d+)?|\.\d+|[A-Za-z]+)(%| (?:[KMG]i?B|ms)\b)?"

SETTINGS = Settings()
RECENT = SETTINGS.read_on_watch or Recent(days=0, posts=0)
ALL_LENGTHS = ["x" * length for length in range(1, 100)]
HOUR = timedelta(hours=1)
OFFERED = operations._LIMIT.schema

TOLD: list[tuple[str, str, float | tuple[float, ...]]] = [
    ("accounts", "Names are looked up once and kept: … in a row", lookup.NAMES_AT_ONCE),
    ("api", "holds `limit` posts (…; at most …)", (OFFERED["default"], OFFERED["maximum"])),
    (
        "api",
        "too often (… requests a minute for a token, … for an address)",
        (programs.BY_TOKEN, application.BY_ADDRESS),
    ),
    ("backup", "keep the last `BACKUP_KEEP` (…)", SETTINGS.backup_keep),
    ("delivering", "Rows go in with up to … in a statement", queueing._SIZES[0]),
    ("delivering", "A chat has at most … rows leased", deliverer.PER_CHAT),
    ("delivering", "what goes on failing after … attempts", retry.MAX_ATTEMPTS),
    ("delivering", "over all chats (`SEND_RATE`, … a second)", SETTINGS.send_rate),
    (
        "delivering",
        "(`SEND_RATE_CHAT`, … a second, … at once)",
        (SETTINGS.send_rate_chat, pace.CHAT_BURST),
    ),
    ("delivering", "each group (`SEND_RATE_GROUP`, … a minute)", SETTINGS.send_rate_group),
    ("delivering", "are together at most … times `SEND_RATE`", in_flight.TOLERANCE),
    ("delivering", "Once it is … a second late", in_flight.LATE),
    ("delivering", "Of a channel's deletions … in ten minutes come alone", changes.MOST_ALONE),
    ("delivering", "Of the alerts of a minute … come alone to a chat", SETTINGS.burst_after),
    ("delivering", "It ends with … lines; a line", bursts.MOST_LINES),
    (
        "delivering",
        "so short that … never have more than … UTF-16 units and … entities",
        (bursts.MOST_LINES, bundles.BURST_UNITS, bundles.BURST_SPANS),
    ),
    ("delivering", "Nor is what was missed, where that is more than …;", stored_bundles.MUCH),
    ("desk", "up to … of a chat, in its order", message_receiver.LONGEST_LINE),
    ("desk", "Data of a button is whatever a client sends: 1 to … bytes", messages.DATA_BYTES),
    ("desk", "waits at a time, … of all people;", callers.PENDING),
    ("desk", "shared links carry … random bits", links.TOKEN_BYTES * 8),
    ("desk", "a chat may have … such requests open, all people …;", (wishes.OPEN, wishes.PENDING)),
    ("desk", "are lists of … entries a page", keyboards.LIST_ROWS),
    ("desk", "matched on each of the last … and … days", bars.SPANS),
    ("desk", "first, up to … a day, for 0.6 seconds", matches.MOST),
    ("desk", "do not fit into a query's … characters", syntax.MOST_CHARACTERS),
    ("desk", "How busy a channel is, is counted over … days", watched.DAYS),
    ("desk", "it names for the nearest … what is missing", why.NEAREST),
    ("digests", "| stories | …, …, … or … at most", plans.MOST),
    ("digests", "every …, …, …, …, …, … or … hours, counted", plan_times.STEPS),
    ("evidence", "told to the operators when it has failed … times", anchors.TOLD_AFTER),
    ("evidence", "0.2 ms a document, … at a time", joining._AT_ONCE),
    ("feeds", "the feed holds the newest … posts", feed_reading.ENTRIES),
    ("feeds", "lists a chat's feeds, … at most", stored_feeds.MOST),
    ("feeds", "It holds … random bits", stored_feeds.SECRET_BYTES * 8),
    (
        "feeds",
        "More than … requests a minute for a feed or … of one address",
        (application.BY_FEED, application.BY_ADDRESS),
    ),
    ("feeds", "get 429. … are read for at once; others wait", application.AT_ONCE),
    ("feeds", "At most … connections, … of one address", (pages.CONNECTIONS, pages.OF_ONE)),
    ("feeds", "for 30 seconds and …;", pages.RECEIVED_BYTES),
    ("feeds", "headers of ….", pages.HEADER_BYTES),
    (
        "folding",
        "among the first … or the last … lines",
        (standing.HEAD_LINES, standing.FOOT_LINES),
    ),
    (
        "folding",
        "of at least … of its last … posts (of …, while there are few)",
        (standing.SHARE, standing.REMEMBERED, standing.LEAST),
    ),
    ("folding", "A post with fewer than … own words", judgement.FEW),
    ("folding", "none of Russian and English, fewer than … words", news.FEW),
    ("forgetting", "not in a file of 2^… pages", math.log2(database_pages._MOST_PAGES)),
    ("forgetting", "One of more than … is not", run.VACUUMED_BYTES),
    ("health", "was not scanned for … effective intervals", readiness.SCAN_INTERVALS),
    ("health", "Damage is looked for in a file of up to …", file.CHECKED_BYTES),
    ("health", "Up to a … pushes are held", intake.QUEUED_JOBS),
    ("health", "where … of it wait, lines are dropped", log_writer.MOST_BYTES),
    ("health", "then `/start` brings the last …", notices.MOST),
    ("health", "is offered again after …, …, …, … and … s", webhooks.DELAYS),
    ("law", "history of a new channel | … days, … posts at most", (RECENT.days, RECENT.posts)),
    ("normalizing", "format are told by the first …;", encoding.HEAD),
    ("normalizing", "small model of 176 languages, held to ….", len(language.LANGUAGES)),
    ("normalizing", "Below … letters, between", language.FEWEST_LETTERS),
    (
        "normalizing",
        "what the channel's newest … posts told, at least …, in",
        (documents._NEWEST, language.FEWEST_POSTS),
    ),
    ("processes", "The chats fall into … shares", outbox.SHARES),
    ("processes", "More than … processes that deliver are of no use", outbox.SHARES),
    ("processes", "an account joins at most … a day of those", accounts.MOVED_A_DAY),
    ("query-language", "the beginning of a word, … letters or more", terms.SHORTEST_PREFIX),
    (
        "query-language",
        "A query has … characters, … words and … levels",
        (syntax.MOST_CHARACTERS, syntax.MOST_WORDS, syntax.MOST_DEPTH),
    ),
    ("retention", "what the operator makes, … at most", tokens.MOST),
    ("retention", "without being let in | the newest …", callers.KEPT),
    ("retention", "people: … for each collection", collections.MOST_POSTS),
    ("retention", "names of collections | people: … each", collections.MOST),
    ("retention", "how frequent words are | … words each", gist.Frequencies.MOST_TERMS),
    ("retention", "feeds of chats | people: … each", stored_feeds.MOST),
    ("retention", "in channels | the newest … of each channel", old_rows.OWN_POSTS),
    ("retention", "`KEEP_PROBLEMS`; … rows, …", (problems.LIMITS.rows, problems.LIMITS.size)),
    (
        "retention",
        "each a transaction of some …, with rests … times as long",
        (turns.HOLD, turns.SHARE),
    ),
    ("retention", "the file has at most …", upkeep.SHRUNK_BYTES),
    (
        "reviews",
        "in at least … statements (copies count once) of … channels, … as often",
        (tally.LEAST_POSTS, tally.LEAST_CHANNELS, tally.LEAST_RATIO),
    ),
    ("reviews", "as in up to … spans of the same length", reviewing.SPANS),
    ("reviews", "(log likelihood ratio …)", tally.LEAST_EVIDENCE),
    ("reviews", "Words that share … of their posts", tally.SAME_POSTS),
    (
        "reviews",
        "as names in … statements of … channels at least",
        (review.NAMED_POSTS, review.NAMED_CHANNELS),
    ),
    ("reviews", "statements that … channels or more told", review.TOLD_BY),
    ("reviews", "Of one channel … at most are shown", review.ONE_CHANNELS),
    ("reviews", "watched channels that had … posts or more", corrections.SILENT_BEFORE),
    ("reviews", "Below … statements, or … a span,", (review.LEAST_BEFORE, reviewing.LEAST_SPANS)),
    ("reviews", "A span of more than … posts", reviewing.LIMIT),
    (
        "scaling",
        "Each process uses … connections at most",
        engine.READERS + engine.WRITERS_BESIDE + 1,
    ),
    ("scaling", "and of … documents over all whether", on_server.SAMPLED),
    (
        "scaling",
        "a word stands is counted up to …, and estimated from the newest … beyond",
        (weighing.FEW, weighing.SAMPLE),
    ),
    ("searching", "Relevance is BM25 among the newest … matches", search.RELEVANT_OF),
    ("searching", "at least one in … of the newest … documents", (search.RARER, search.SAMPLED)),
    ("searching", "Of more than … days weeks are counted", counting.DAILY),
    ("searching", "after … s counting ends", counting.SECONDS),
    ("searching", "it gets no secret, at most …, and", easel.MOST_MEMORY),
    (
        "searching",
        "of at least … posts and … channels. The picture",
        (counting.LEAST_POSTS, counting.LEAST_CHANNELS),
    ),
    ("signals", "some … of its pauses a month", pauses.MONTHLY),
    ("signals", "is longer than the …th percentile", 100 * (1 - pauses.SHARE)),
    ("signals", "in the … weeks before", pauses.WEEKS),
    ("signals", "before two weeks and … pauses are known", pauses.FEWEST),
    ("signals", "Usual is what the … days before say", counts.DAYS),
    ("signals", "how busy the last … hours were", counts._LATELY),
    (
        "signals",
        "there are … posts or more, of … channels or more",
        (counts.LEAST_POSTS, counts.LEAST_CHANNELS),
    ),
    ("signals", "of more than … queries … each time", (surges.MOST, surges.MOST)),
    ("stories", "The first … letters of a post", gist.LETTERS),
    (
        "stories",
        "weighty words: … first letters each, figures … as heavy",
        (gist.STEM, gist.FIGURES_WEIGH),
    ),
    (
        "stories",
        "… is enough (… in other letters than Russian) within … hours",
        (events.ENOUGH, events.ENOUGH_LATIN, events.AT_ONCE),
    ),
    (
        "stories",
        "and … more for every hour beyond; after … hours it counts",
        (events.SLOPE, events.LATE),
    ),
    ("stories", "within … hours is like it", across.APART / 3600),
    ("stories", "… words in common are the least", across.LEAST_TERMS),
    ("stories", "a figure and … of them not;", across.LEAST_WORDS),
    ("stories", "names and figures disagree, and … is enough", across.LEAST),
    ("stories", "one of the … that most was told of", earlier.EVENTS),
    (
        "stories",
        "(a likeness of their middles of …) and a post of each has … names",
        (themes.LEAST, themes.LEAST_NAMES),
    ),
    ("stories", "that share names so, at …, stand", themes.UNDER),
    ("stories", "have a line each, … for each that is told at length", outline.BRIEFS),
    ("stories", "and of … posts at most each says all", outline.FEW),
    ("stories", "A story weighs, of 100: … by the channels", weight.SOURCES),
    (
        "stories",
        "(a forward is none), … by its posts, … where an official",
        (weight.VOLUME, weight.OFFICIAL),
    ),
    (
        "stories",
        "… by how recent it is (half after … hours), … by how new",
        (weight.RECENCY, weight.HALF_LIFE, weight.NOVELTY),
    ),
    ("stories", "(five a day, … at most)", catchup.MOST_STORIES),
    ("stories", "Of more than … posts it says how many", reading.LIMIT),
    ("subscriptions", "are not watched here (… of them, and how many more)", showing.NAMED),
    ("subscriptions", "of the last files, of … together", sent_files.MOST_BYTES),
    ("subscriptions", "and … are fetched at most", sent_files.AT_ONCE),
    ("subscriptions", "(0: all one by one; …, …, …, …, …)", settings.BURSTS),
    ("subscriptions", "`hourly_limit` (…, …, …)", alert_page.LIMITS[1:]),
    ("subscriptions", "`every_minutes` (…, …, …)", alert_page.PERIODS[1:]),
    ("subscriptions", "`left_out`: channels, … at most", values.MOST_LEFT_OUT),
    (
        "subscriptions",
        "`channels` (… at most); `most` stories (…, …, …, …)",
        (managing.MOST_CHANNELS, *plans.MOST),
    ),
    (
        "subscriptions",
        "A file of up to … is read, and of each part the first … entries",
        (form.MOST_BYTES, form.MOST_ENTRIES),
    ),
    ("translation", "was pressed (… characters of it at most)", translating.MOST_CHARACTERS),
    ("translation", "One person may have … made a minute", translator.PER_MINUTE),
    ("upgrading", "A file of up to … that an older version", upkeep.SHRUNK_BYTES),
    ("watching", "more than … pages is read in several turns", scan.PAGES),
    (
        "watching",
        "and kept: … at once, then … a minute",
        (lookup.NAMES_AT_ONCE, lookup.NAMES_A_MINUTE),
    ),
    (
        "watching",
        "Kept** are up to … of each, … and … in all",
        (problems.LARGEST, problems.LIMITS.rows, problems.LIMITS.size),
    ),
    (
        "watching",
        "when … posts of a channel in a row fail with the same error, or … of …",
        (faults.IN_A_ROW, faults.MOST, faults.WINDOW),
    ),
    ("desk", "another command, or … an hour", questions.FORGOTTEN_AFTER / HOUR),
    ("desk", "A query of up to … bytes stands in", len(max(filter(inline_payload, ALL_LENGTHS)))),
    (
        "feeds",
        "at once where … wait already, … of them of that address",
        (application.WAITING, application.WAITING_OF_ONE),
    ),
    ("health", "posts in a row could not be taken in | … intervals |", readiness.SCAN_INTERVALS),
    ("health", "is woken, looked at … a second", 1 / measures.LOOK_SECONDS),
    ("health", "otherwise) end it within … seconds, with", math.ceil(stopping.BOUND)),
    ("health", "when it has been gone for …: once each", alarm.HOLD.total_seconds()),
    ("folding", "less than … fifths of its words", 5 * news.ALIKE),
    ("logs", "after … in a row it ends", anew.MOST),
    ("logs", "did not answer for … minutes", sum(webhooks.DELAYS) // 60),
    ("probing", "and the bot, within … minutes;", math.ceil((probe.LIMIT + probe.LEAVING) / 60)),
    (
        "processes",
        "Until that is done (… at once, then … a minute)",
        (lookup.NAMES_AT_ONCE, lookup.NAMES_A_MINUTE),
    ),
    ("processes", "are seen within a … of a second", waking.LOOK),
    ("processes", "changes are looked at within ….", split.LOOK_EVERY.total_seconds()),
    (
        "proxies",
        "It is … bytes; or `dd` and … bytes, which hides what is sent by random lengths;"
        " or `ee`, … bytes and a domain",
        (proxy_links.KEY_BYTES, proxy_links.KEY_BYTES, proxy_links.KEY_BYTES),
    ),
    ("proxies", "key, … bytes in all, which proxies", tls._HELLO_BYTES),
    ("scaling", "PostgreSQL … or newer, a database", engine.OLDEST),
    (
        "watching",
        "dies silently is noticed within …. Connecting",
        2 * clients.STATE_INTERVAL * clients.PING_TICKS,
    ),
    ("watching", "leave of the budget, a … of it at least", scans.LEAST_SHARE),
]


def number_of(said: tuple[str, str]) -> float:
    digits, unit = said
    word = digits.lower()
    value = WORDS[word] if word in WORDS else float(digits.replace(",", ""))
    return value * UNITS.get(unit.strip(), 1)


@pytest.mark.parametrize(("page", "words", "kept"), TOLD)
def test_a_number_that_a_page_tells_is_kept_to(
    page: str, words: str, kept: float | tuple[float, ...]
) -> None:
    text = " ".join((DOCS / f"{page}.md").read_text(encoding="utf-8").split())
    found = re.findall(NUMBER.join(map(re.escape, words.split("…"))), text)
    assert found, f"docs/{page}.md tells nothing where it is said to say {words!r}"
    wanted = kept if isinstance(kept, tuple) else (kept,)
    for said in found:
        told = [number_of(said[at : at + 2]) for at in range(0, len(said), 2)]
        assert told == pytest.approx(wanted, rel=1e-12)
