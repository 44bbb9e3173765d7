"""Figures that were decided: by measuring, by reading real posts, or by what others allow.

The tests beside them compare with the constants, so that they hold whatever those are; much of what
the figures were measured with is in no test. Whoever changes one here measures or reads again.
Lengths that people read stand in ``test_lengths.py``, what the pages tell in
``test_told_figures.py`` and ``test_told_times.py``, the numbers of ``bot`` in
``bot/test_numbers.py``. Times are in seconds.
"""

import ast
import importlib
from datetime import timedelta
from typing import Any

import pytest

FIGURES = """
storage/outbox/bundles.py: DOUBTFUL=3600
storage/outbox/bursts.py: MINUTE=60 RING_EVERY=60
storage/outbox/handed_on.py: COMMITTED_WITHIN=60
storage/outbox/new_rows.py: ALERT_KEPT_FOR=604800 TALLY_KEPT_FOR=3600
storage/outbox/outbox.py: MOST_AT_ONCE=256
storage/outbox/outbox_keys.py: _HASH_DIGITS=32
storage/outbox/told_keys.py: FEW=50
storage/outbox/updates.py: FIRST_DELAY=2 LONGEST_DELAY=900
storage/subscribers/collections.py: KEPT_FOR=86400
storage/subscribers/feeds.py: NAME_BYTES=9
storage/subscribers/links.py: KEPT=100
storage/subscribers/plans.py: KEPT_FOR=86400
storage/subscribers/removed_alerts.py: KEPT_FOR=86400
storage/subscribers/surges.py: MOST_POSTS=1000
storage/subscribers/tokens.py: SECRET_BYTES=32
storage/channels/chat_ids.py: _MARK=-1000000000000
storage/channels/lookups.py: LONGEST=2592000
storage/channels/pauses.py: MOST=20000
storage/channels/processes.py: TOLD_FOR=86400
storage/channels/progress.py: COUNTED=1000
storage/channels/shared.py: MOST=5000
storage/channels/watched.py: COUNTED=1000
storage/chats/personal.py: MOST=5000
storage/stories/event_told.py: MOST_VERSIONS=200
storage/stories/folds.py: COUNTED=500 STEPS=4
storage/stories/period.py: LOOKED_AT=20000
storage/stories/stories.py: WINDOW=604800 CANDIDATES=4 COMMON=2 HOLDERS=48
storage/documents/counted.py: MOST=20000 _HOUR=921600
storage/documents/documents.py: _LINE=80
storage/documents/index.py: MERGED_PAGES=500
storage/documents/merge.py: _SAME_POST=60
storage/documents/nearest.py: MOST=3 COUNTED=1000 _MOST_LACKING=3 _MOST_WEIGHED=8 _SHORTEST=3
  _SHORTEST_MISSPELLED=4 _LONGEST=24
storage/postgres/asking.py: MOST_TOGETHER=64
storage/postgres/index.py: WINDOW=1000 WIDER=4000 GROWTH=32 _WITH_WORDS=4096 _MISTAKEN=10
storage/postgres/lexemes.py: LAST_PLACE=16383 MOST_PLACES=256 MOST_BYTES=1000000 LONGEST=400
  _LETTER_BYTES=8
storage/postgres/loading.py: GATHERED_KIB=65536 AT_ONCE_KIB=4096
storage/postgres/pairs.py: _FIRST=7919 _NUMBERS=65536
storage/postgres/schema.py: LEASES=80
storage/postgres/way.py: LOOKS=2
storage/postgres/weighing.py: _LEAST=1e-06 LOOKED_AT=2000
storage/postgres/words.py: SIZE=4 FARTHEST=10 _TOGETHER=128
handlers/alerts/held_channels.py: ALL=0
handlers/alerts/proposing.py: ENOUGH=2
handlers/alerts/sharing.py: PAYLOAD=64
handlers/digests/composing.py: FIRST_SPAN=86400
handlers/digests/corrections.py: EDITS=1000 OLDEST=7776000 _TEXT=3000
handlers/digests/reviewing.py: UNMET=30
handlers/stories/cuts.py: FRAME=6 REMARK=8
handlers/stories/events.py: HOUR=3600 ENOUGH_FOREIGN=0.45 MOST_ASKED=0.7 OTHER_FIGURES=0.15
  BLANKS=2 LEAST_FORM=3 NEAREST_WEIGHS=0.3 ONE=0.45 HEAVIEST=20 HOLDERS=48 COMPARED=16 LEAST=3902
handlers/stories/fingerprint.py: SHINGLE=3 LOWEST=18 SHARE=16 MOST=64 HASH_BITS=31 _BYTES=4
  _CALL_WORDS=12 _CALL_LENGTH=160 _MORE_LENGTH=30 COVERED=0.5 NEW_WORDS=8 NEW_SHARE=0.2 SHORT=30
  LEAST=4 TERSE=8 MANY_NUMBERS=3 LONGEST_NUMBER=4 LONGEST_NAME=3
handlers/stories/gist.py: ONE=255 MOST_TERMS=64 SPOKEN=8 SMALLEST=1.1 RARE=0.15 ALONE=8 LONG=20
  ALIKE=4 ENOUGH=100 FOREIGN=12
handlers/stories/heads.py: FIRST=3 FEWEST_WORDS=6 MOST_WORDS=40 LEAST_TITLE=3 MOST_OF_LABEL=4
  LATER=0.2 POINTING=0.3 _LONG_WORD=4
handlers/stories/judgement.py: ALIKE=0.75 KEPT=0.9 LONGEST=1500 MOST_MATCHES=30000 _FEW_UNSPACED=8
  _ENDING=2 _LONGEST_CALL=20
handlers/stories/leads/counted.py: NEAR=2 MOST=24 _LEAST=3 _BEGINNING=4
handlers/stories/leads/lead.py: LEAST=3 FEW=5 MOST_OF_TELLER=5 BESIDE=3 _BEGINNING=2 _REPORTING=2
handlers/stories/leads/stance.py: READ=350 _REACH=3 _LEAST=4
handlers/stories/misprints.py: LONG_WORD=8 SHORT_WORD=5 _KNOWN=0.7
handlers/stories/news.py: LONGEST=6000 AROUND=3 LEAST=4
handlers/stories/placing.py: FEW_WORDS=15 MOST_ADDED=2 MOST_PIECES=2
handlers/stories/roundups.py: LEAST=3 FEW_WORDS=6 MOST_WORDS=25
handlers/stories/shapes.py: _LEAST_WORDS=3 _SHOUTED=0.6 _LONG=4
handlers/stories/threads.py: _LEAST=2
handlers/normalize/article/article.py: _TAIL_REACH=14 _LEAST_WRAPPED=36 _MOST_WRAPPED=120
handlers/normalize/article/furniture.py: _LONGEST=300 _LONGEST_LABEL=90
handlers/normalize/article/opening.py: _REACH=30 _LONGEST_TITLE=250 _LONG=120
handlers/normalize/article/times.py: _LONGEST=80 _MOST_LABEL_WORDS=3
handlers/normalize/datelines/datelines.py: _ENDING=40
handlers/normalize/datelines/places.py: _LEAST_ALONE=5
handlers/normalize/desktop/html_export.py: _LARGEST_ALBUM=10
handlers/normalize/desktop/json_export.py: _LARGEST_ALBUM=10 _LARGEST_LIST=25165824
  _OLD_CHANNEL_BIT=8589934592
handlers/normalize/desktop/rich.py: DEEPEST=100
handlers/normalize/page/blanks.py: _FAR=4
handlers/normalize/page/copies.py: WINDOW=160 _LONGEST=4000 _DEAREST=5.0 _MARGIN=0.25 _BARE=1.0
  _BARE_TAIL=2.5 _EXACT=0.01 _ODD_HEAD=0.8 _LOSSY_HIDDEN=0.3 _LOSSY_SHOWN=0.9 _CUT=0.4
  _UNCOPIED=1.0 _PLAIN=1.5 _LISTED=0.4 _MARKED=1.1 _NOT_HIDDEN=1.5
handlers/normalize/page/header.py: _ABOVE=3 _BELOW=25
handlers/normalize/page/page.py: _TELLING=40
handlers/normalize/page/repetition.py: _CHANCES=8 _SOURCES=6 _OFTEN=64
handlers/normalize/page/replies.py: _LEAST=16 _LONGEST_NAME=64
handlers/normalize/page/site_names.py: _LONGEST_NAME=32 _CERTAIN=0.2 _GUESSED=2.2
handlers/normalize/parsing/dates.py: _LETTERS=3
handlers/normalize/parsing/fields.py: _LARGEST=9223372036854775807
handlers/normalize/parsing/html_pages.py: _MOST_TAGS=8000
handlers/normalize/parsing/json_stream.py: _MARGIN=16 _NUMBER_TAIL=2 _SKIPPED=1048576
  LARGEST_VALUE=4194304
handlers/normalize/parsing/spans.py: MOST=1000
handlers/normalize/parsing/times.py: _YEAR_1971=31536000 _YEAR_10000=253402300800
handlers/normalize/post/compose.py: READER=2 _SAMPLE=4096 _LONGEST_PLACE=100
handlers/normalize/post/language.py: SAMPLE=200 END=600 LONG=480 LEAST_CONFIDENCE=0.7
  MOST_OUTSIDE=0.1 LEAST_SCRIPT_SHARE=0.75 LEAST_USUAL=0.8 LEAST_LIKELY=0.2
handlers/normalize/post/language_signs.py: FEWEST_LETTERS=40 _ENGLISH_SHARE=0.15
handlers/normalize/post/lines.py: SHORT=80 _MOST_SHARES=20000
handlers/normalize/registry.py: LARGEST_PAGE=8388608 LARGEST_TEXT=2097152
handlers/normalize/telethon/json_lines.py: _FIRST_CHANNEL_ID=1000000000
handlers/normalize/telethon/message.py: LARGEST_ALBUM=10 _ALBUM_SENT=10
handlers/normalize/telethon/rich.py: DEEPEST=40 _APART=2
handlers/normalize/text.py: _REACH=5
handlers/render/alerts/alert_page.py: MUTES=5 PER_ROW=2
handlers/render/alerts/alerts.py: QUERIES=5 FOLLOW_PIECES=8
handlers/render/alerts/bundles.py: PER_PAGE=10 LINE_ROOM=60 OTHER_SPANS=10 MOST_MARKS=3
  BURST_MARKS=3 BURST_QUERIES=3
handlers/render/alerts/copies.py: PER_PAGE=8
handlers/render/alerts/misses.py: MOST_FAULTS=3 MOST_PARTS=5
handlers/render/alerts/past_hits.py: CHANNELS=4 DAYS=7 OFTEN=50
handlers/render/alerts/why.py: LATE=600
handlers/render/answers/collections.py: POSTS=5
handlers/render/answers/digest_pages.py: ROUNDUPS=6 _ROOM=3600 _SPANS=90
handlers/render/answers/digest_stories.py: LIKEWISE=6 LEAST_OF_LINE=5 MOMENT=1
handlers/render/answers/queries.py: WINDOW=30
handlers/render/answers/quote_card.py: ALIKE=5
handlers/render/answers/review_pages.py: _ROOM=3600 _SPANS=90
handlers/render/answers/search.py: PER_PAGE=5 COUNTED=1000 EVERYTHING_DAYS=30
handlers/render/answers/settings.py: PLACES_A_PAGE=10
handlers/render/answers/surges.py: POSTS=8 CHANNELS=6 HOUR=3600
handlers/render/answers/trends.py: TICKS=5 MOST_BARS=31 MEANT=45 _WEEK=7
handlers/render/text/keyboards.py: STOP_BUTTONS=3
handlers/render/text/messages.py: MESSAGE_SPANS=100
handlers/render/text/own_text.py: BELOW=3
handlers/render/text/passages.py: AROUND=120 PIECES=2 MARKS=60
handlers/render/text/wording_diff.py: AROUND=8 MOST_CHANGES=40 MOST_COMPARED=1000000
handlers/chats/arrivals.py: TOLD_AGAIN=600
handlers/chats/mine.py: AT_ONCE=8
handlers/chats/welcoming.py: LOOKED_AT=20
handlers/channels/comparing.py: DAYS=30 STORY=604800
handlers/channels/copying.py: FEWEST=5
handlers/channels/suggest.py: DAYS=30 SECONDS=0.7 AT_ONCE=1000 BY=4
"""


def read_rows(text: str) -> dict[str, dict[str, float]]:
    """The figures by file and name: a file's row goes on in indented lines."""
    rows: dict[str, dict[str, float]] = {}
    for line in text.replace("\n  ", " ").strip().splitlines():
        path, _, figures = line.partition(": ")
        pairs = (figure.split("=") for figure in figures.split())
        rows[path] = {name: ast.literal_eval(value) for name, value in pairs}
    return rows


def plain(value: Any) -> Any:
    """A figure; of a time its seconds."""
    return value.total_seconds() if isinstance(value, timedelta) else value


ROWS = read_rows(FIGURES)


@pytest.mark.parametrize("path", sorted(ROWS))
def test_a_figure_is_as_it_was_decided(path: str) -> None:
    module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    assert {name: plain(getattr(module, name)) for name in ROWS[path]} == ROWS[path]
