"""How long what people read may be, as it was decided: in a button, a line, a message.

The other tests of these lengths compare with the constants, so that they hold whatever those are.
A new length needs a row; whoever changes one changes it here, too, and looks at the message.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LENGTHS: Mapping[str, Mapping[str, int]] = {
    "bot/app/account_gone.py": {"MOST_NAMED": 10},
    "bot/process/asking.py": {"LONGEST": 4096},
    "bot/serving/answering.py": {"TOAST": 200},
    "bot/telegram/care.py": {"MOST_APPEAL": 200},
    "bot/telegram/outgoing.py": {"MOST_UNITS": 4096},
    "handlers/access/users.py": {"BUTTON_UNITS": 30},
    "handlers/alerts/alert_buttons.py": {"QUERY_UNITS": 40, "TITLE_UNITS": 100},
    "handlers/buttons.py": {"TOAST_UNITS": 200},
    "handlers/channels/links.py": {"QUERY_UNITS": 80},
    "handlers/channels/suggest.py": {"BY_UNITS": 30},
    "handlers/collections/saving.py": {"NOTE_CHARACTERS": 1000},
    "handlers/alerts/alerts.py": {"NAMED_UNITS": 200},
    "handlers/chats/stop.py": {"SHOWN_UNITS": 200},
    "handlers/collections/listing.py": {"NAMED_UNITS": 200},
    "handlers/conversation/dialogue.py": {"LABEL_UNITS": 40},
    "handlers/feeds/feed.py": {"QUERY_UNITS": 80},
    "handlers/operators/status.py": {"SHOWN": 3},
    "handlers/outlines/courses.py": {"STEP_UNITS": 150},
    "handlers/outlines/outline.py": {"QUOTE_UNITS": 220},
    "handlers/outlines/speaking.py": {"HEAD_UNITS": 240},
    "handlers/plans/managing.py": {"NAME_LENGTH": 60},
    "handlers/queries/live_examples.py": {"LONGEST": 24},
    "handlers/queries/live_speakers.py": {"LONGEST": 40},
    "handlers/registry.py": {"NOTED_UNITS": 200},
    "handlers/render/alerts/alert_page.py": {
        "LABEL_UNITS": 44,
        "NAME_UNITS": 30,
        "QUERY_UNITS": 500,
    },
    "handlers/render/alerts/alerts.py": {
        "ADDED_UNITS": 120,
        "FOLLOW_UNITS": 2000,
        "QUERY_UNITS": 80,
    },
    "handlers/render/alerts/bundles.py": {
        "BURST_LINE_UNITS": 155,
        "BURST_QUERY_UNITS": 60,
        "BURST_UNITS": 3500,
        "LEAST_UNITS": 20,
        "LINES_UNITS": 3300,
        "MOST_UNITS": 200,
        "NAME_UNITS": 30,
    },
    "handlers/render/alerts/changes.py": {"MOST_UNITS": 3800},
    "handlers/render/alerts/copies.py": {"WORDS_UNITS": 120},
    "handlers/render/alerts/past_hits.py": {"LABEL_UNITS": 24, "SNIPPET_UNITS": 300},
    "handlers/render/alerts/story_lines.py": {"FOLLOWED_UNITS": 90, "NAMED": 5},
    "handlers/render/alerts/why.py": {"QUERY_UNITS": 80},
    "handlers/render/answers/briefs.py": {"QUOTED_UNITS": 1500},
    "handlers/render/answers/collections.py": {"NAME_UNITS": 40, "NOTE_UNITS": 300},
    "handlers/render/answers/digest_pages.py": {
        "LINES": 15,
        "QUERY_UNITS": 300,
        "TITLE_UNITS": 80,
    },
    "handlers/render/answers/digest_stories.py": {
        "BRIEF_UNITS": 150,
        "HEAD_UNITS": 300,
        "LINE_UNITS": 140,
        "MORE_UNITS": 220,
        "NAMED": 3,
        "NAME_UNITS": 40,
    },
    "handlers/render/answers/plans.py": {"NAME_UNITS": 60, "QUERY_UNITS": 500},
    "handlers/render/answers/quote_card.py": {
        "NAME_UNITS": 60,
        "QUERY_UNITS": 200,
        "SAID_UNITS": 1200,
    },
    "handlers/render/answers/review_pages.py": {
        "DIFF_UNITS": 500,
        "HEAD_UNITS": 160,
        "NAME_UNITS": 40,
        "QUERY_UNITS": 80,
        "TERM_UNITS": 100,
    },
    "handlers/render/answers/search.py": {"OFFER_UNITS": 40, "QUERY_UNITS": 100},
    "handlers/render/answers/surges.py": {"HEAD_UNITS": 120, "QUERY_UNITS": 200},
    "handlers/render/answers/trends.py": {
        "CAPTION_UNITS": 1024,
        "NAME_UNITS": 40,
        "QUERY_UNITS": 60,
        "TITLE_UNITS": 90,
    },
    "handlers/render/answers/welcome.py": {"NAMED": 3, "POST_UNITS": 300},
    "handlers/render/feeds/entries.py": {"TEXT_UNITS": 4096},
    "handlers/render/feeds/pages.py": {"PAGE_UNITS": 100_000},
    "handlers/render/text/attachments.py": {"TITLE_UNITS": 80},
    "handlers/render/text/cards.py": {"LABEL_UNITS": 48, "NAMED": 3, "NAME_UNITS": 30},
    "handlers/render/text/headings.py": {"NAME_UNITS": 100},
    "handlers/render/text/keyboards.py": {"LABEL_UNITS": 40, "LIST_ROWS": 8},
    "handlers/render/text/messages.py": {"MESSAGE_UNITS": 4096},
    "handlers/render/text/own_text.py": {"LINK_UNITS": 60, "LONGEST_LINK": 300},
    "handlers/render/text/passages.py": {"OPENING_UNITS": 600},
    "handlers/searching/filter_buttons.py": {"LABEL_UNITS": 24},
    "handlers/searching/inline.py": {"NOTICE_UNITS": 60, "TEXT_UNITS": 1_000, "TITLE_UNITS": 100},
    "handlers/conversation/odd_spans.py": {"UNITS": 60},
    "handlers/signals/silence.py": {"UNITS": 80},
    "handlers/stories/once.py": {"MOST_SHOWN": 12},
    "handlers/stories/placing.py": {"LONGEST_ADDED": 200, "LONGEST_HOST": 1500},
    "handlers/subscriptions/form.py": {"LONGEST": 2000},
    "handlers/subscriptions/showing.py": {"LINES": 20, "NAMED": 3, "UNITS": 120},
    "handlers/subscriptions/taking.py": {"TITLE_LENGTH": 100},
    "handlers/times/zones.py": {"LONGEST_NAME": 60},
    "handlers/translating/translating.py": {"MOST_CHARACTERS": 5_000},
    "storage/documents/redactions.py": {"LONGEST_REASON": 200},
    "storage/outbox/bundles.py": {"MOST_POSTS": 25},
    "storage/outbox/traces.py": {"MOST": 20},
    "storage/outbox/updates.py": {"MOST_VERSIONS": 10},
    "storage/query/snippet.py": {"MOST_LINKS": 3, "WIDTH": 200},
    "storage/stories/folded.py": {"MOST_VERSIONS": 6},
    "storage/verifying/checks.py": {"MOST_NAMED": 3},
    "storage/verifying/verify.py": {"MOST_DAMAGES": 20},
}
NUMBER = re.compile(rb"^(\w+)(?:: [^=\n]+)? = (\d[\d_]*)", re.MULTILINE)


def numbers(source: bytes) -> dict[str, int]:
    """The constants of a file that are numbers."""
    return {name.decode(): int(value) for name, value in NUMBER.findall(source)}


@pytest.mark.parametrize("path", sorted(LENGTHS))
def test_what_people_read_is_cut_where_it_was_decided(path: str) -> None:
    found = numbers((ROOT / path).read_bytes())
    assert {name: found.get(name) for name in LENGTHS[path]} == LENGTHS[path]


def test_every_length_of_a_text_was_decided() -> None:
    for room in ("bot", "handlers", "storage"):
        for path in (ROOT / room).rglob("*.py"):
            source = path.read_bytes()
            if b"UNITS" in source:
                found = {name for name in numbers(source) if name.endswith("UNITS")}
                known = LENGTHS.get(path.relative_to(ROOT).as_posix(), ())
                assert found <= set(known), f"give {path.name} its row in LENGTHS"
