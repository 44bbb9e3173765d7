"""Numbers by which is decided how long, how often and how many, as they were decided.

The other tests wait for these times and fill up to these limits whatever they are. What a page
tells is held by it (``tests/test_told_figures.py``, ``tests/test_told_times.py``), how long texts
are by ``tests/test_lengths.py``. Whoever changes one changes it here, too, and says why in the
commit; a new one needs a row.
"""

import ast
import importlib
from collections.abc import Iterator, Mapping, Set
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.commands.importing import Pace
from bot.settings import Recent

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("tests/test_told_figures.py", "tests/test_told_times.py")
LENGTHS = "tests/test_lengths.py"
NUMBERS: Mapping[str, Mapping[str, Any]] = {
    "bot/anchoring/anchors.py": {"LOOK_SECONDS": 60.0},
    "bot/anchoring/authority.py": {"TIMEOUT": 30.0, "LARGEST": 1_048_576},
    "bot/app/account_care.py": {"LOOK_SECONDS": 3600.0, "THAWED_SECONDS": 7200.0},
    "bot/app/account_gone.py": {"LOOK_SECONDS": 2.0},
    "bot/app/anew.py": {"CALM": 600.0, "CLAIMING": 120.0, "LONGEST": 30.0},
    "bot/app/handled.py": {"TICK": 2.0, "BEAT_SECONDS": 60.0, "LONGEST": timedelta(hours=1)},
    "bot/app/kept_queries.py": {"PATIENCE": 1.0, "_CHECK": 32},
    "bot/app/presence.py": {"FORGOTTEN": 604_800.0},
    "bot/backups/daily.py": {"EVERY": timedelta(days=1)},
    "bot/backups/putting_back.py": {
        "SLACK": timedelta(days=1),
        "UNKNOWN": datetime(1970, 1, 3, tzinfo=UTC),
    },
    "bot/charts/child.py": {
        "PARTING_SECONDS": 2.0,
        "FAILURES": 3,
        "REST_SECONDS": 300.0,
        "MOST_BYTES": 5_000_000,
    },
    "bot/charts/easel.py": {
        "PICTURES": 50,
        "MOST_SECONDS": 20,
        "MOST_WRITTEN": 33_554_432,
        "MOST_SAID": 200,
    },
    "bot/commands/arguments.py": {"MOST": 1_000_000},
    "bot/commands/backfill.py": {"POLL": 0.3},
    "bot/commands/checking/channels.py": {"PREVIEWS_AT_ONCE": 20, "PREVIEW_PATIENCE": 10.0},
    "bot/commands/checking/machine.py": {"ENOUGH_DISK": 1_073_741_824, "MOST_SKEW": 30.0},
    "bot/commands/checking/proxies.py": {"TIMEOUT": 15.0},
    "bot/commands/evidence/verifying.py": {"LARGEST": 67_108_864, "_CHUNK": 1_048_576},
    "bot/commands/importing.py": {
        "ALONE": Pace(200, 2_000_000, 0.0),
        "BESIDE": Pace(50, 500_000, 0.03),
    },
    "bot/commands/keeping/migrate.py": {"_SHOWN_DIGITS": 16},
    "bot/commands/login.py": {"ATTEMPTS": 3},
    "bot/commands/outbox.py": {"SHOWN": 100},
    "bot/commands/probing/chat.py": {"PATIENCE": 15.0},
    "bot/commands/probing/checks.py": {"EDITS": 10},
    "bot/commands/problems.py": {"SHOWN": 100},
    "bot/commands/programs/assistant.py": {"SECONDS": 20.0},
    "bot/commands/reading/ahead.py": {"LEAST_BYTES": 2_000_000, "MOST_HELD": 8_388_608},
    "bot/commands/reading/reader.py": {
        "MOST_DOCUMENTS": 50,
        "MOST_WEIGHT": 500_000,
        "MOST_BYTES": 4_194_304,
    },
    "bot/commands/reading/source_files.py": {"MOST_UNREAD": 10_000, "MOST_BYTES": 32_000_000},
    "bot/commands/search.py": {"_PAGE": 100},
    "bot/commands/setup/operator.py": {"LENGTH": 6, "MOST": 50},
    "bot/delivering/deliverer.py": {
        "HELD": 300,
        "ANSWERS": 30,
        "IN_FLIGHT": 100,
        "ROUND_TRIP": 0.1,
        "LATE_SHARE": 0.1,
        "LEASE": timedelta(minutes=15),
        "LONGEST_SLEEP": 60.0,
        "BESIDE_SECONDS": 1.0,
        "SOON": 1.0,
        "LAST_RECORD": 1.0,
        "EXPIRY_SECONDS": 30.0,
        "AGAIN": 1.0,
    },
    "bot/delivering/files.py": {"PART": 524_288},
    "bot/delivering/in_flight.py": {"SECOND": 1.0},
    "bot/delivering/outage.py": {"DOUBTED": 60.0, "LONGEST": 3600.0, "STANDS": 300.0},
    "bot/delivering/outcomes.py": {"NAMED": 10},
    "bot/delivering/portion.py": {"RECORD_TICK": 0.05, "LONGEST_TICK": 0.2},
    "bot/delivering/recall.py": {
        "STEP": 100,
        "MOST_STEPS": 20,
        "NOTED": 5000,
        "SKEW": timedelta(minutes=1),
        "MOST_LOOKS": 3,
    },
    "bot/delivering/rendering.py": {"OTHERS": 50},
    "bot/delivering/sender.py": {"AGAIN": 1.0},
    "bot/delivering/shares.py": {"SERVING": 2, "LEAST": 0.001, "FORGOTTEN": 86_400.0},
    "bot/feeds/application.py": {"MOST_BYTES": 8_000_000},
    "bot/feeds/limits.py": {"KNOWN": 4096},
    "bot/feeds/programs.py": {"MOST_BYTES": 32_000_000},
    "bot/feeds/serving.py": {"ANSWER_SECONDS": 20.0, "IDLE_SECONDS": 5},
    "bot/health/guards.py": {"LOOK_SECONDS": 2.0, "SURE_SECONDS": 1.0},
    "bot/health/keeper.py": {"TICK": 1.0},
    "bot/health/measures.py": {
        "LAG_BOUNDS": (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0),
        "QUERY_BOUNDS": (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
    },
    "bot/health/monitor.py": {
        "LOOK_SECONDS": 3.0,
        "READ_TIMEOUT": 4.0,
        "WHOLE_SECONDS": 86_400.0,
        "START_SECONDS": 60.0,
    },
    "bot/health/operator_news.py": {
        "LOOK_SECONDS": 1.0,
        "WRITE_TIMEOUT": 5.0,
        "AGAIN_SECONDS": 5.0,
    },
    "bot/health/readiness.py": {
        "GRACE": timedelta(seconds=45),
        "MANY_CHATS": 100,
        "MOVING": timedelta(seconds=30),
        "MOST_FINISHED": 10_000,
    },
    "bot/health/server.py": {"REFUSED_SECONDS": 0.2},
    "bot/health/webhooks.py": {"LOOK_SECONDS": 2.0, "REDIRECTIONS": 5},
    "bot/health/writes.py": {"LOOK_SECONDS": 2.0, "CALM_SECONDS": 6.0},
    "bot/intake/alert_rows.py": {"LATE_AFTER": timedelta(minutes=10)},
    "bot/intake/batch.py": {"MOST_EXPECTED": 1_000},
    "bot/intake/changes.py": {"TOGETHER": timedelta(seconds=30)},
    "bot/intake/events.py": {
        "LEARN_EVERY": 25,
        "LOOKED_AT": 50,
        "KEEP_EVERY": 500,
        "MOST_POSTS": 5000,
        "_SLICE": 20,
    },
    "bot/intake/folding.py": {"MOST_GOT": 12, "LEARNED_FOR": timedelta(minutes=5)},
    "bot/intake/indexing.py": {"PAUSE": 0.02, "RETRY": 60.0, "_AT_ONCE": 100},
    "bot/intake/intake.py": {
        "BATCH": 200,
        "INLINE_POSTS": 4,
        "MATCHED_AT_ONCE": 8,
        "LONGEST_PAUSE": 5.0,
    },
    "bot/intake/own_words.py": {"LOOK": 0.1, "LONGEST_PAUSE": 5.0},
    "bot/intake/restoring.py": {"READ_AGAIN_SECONDS": 5.0},
    "bot/intake/saved_queries.py": {
        "_READ_AT_ONCE": 1000,
        "_PARTS": 2_000,
        "_AT_ONCE": 100,
        "_REMEMBERED": 10_000,
        "_MET_LATELY": 4000,
        "_BLOCK": 64,
    },
    "bot/intake/too_old.py": {"_YOUNG": timedelta(days=1)},
    "bot/logs.py": {"CLOSING_SECONDS": 1.0, "SHORTEST": 5},
    "bot/process/collecting.py": {"_SELDOM": (20_000, 20, 100)},
    "bot/process/holder.py": {"MARGIN": 2.0, "LIMIT": 5.0},
    "bot/process/log_writer.py": {
        "LINGER": 0.005,
        "PIECE": 4096,
        "MOST_AT_ONCE": 65_536,
        "READY_WITHIN": 1.0,
    },
    "bot/process/memory.py": {"_DEPTH": 100},
    "bot/process/patience.py": {"FIRST_PAUSE": 0.2},
    "bot/process/terminal.py": {"PATIENCE": 1.0},
    "bot/proxies/links.py": {"LONGEST_DOMAIN": 182, "LONGEST_LOGIN": 255},
    "bot/proxies/web.py": {"CONNECT_TIMEOUT": 8.0},
    "bot/schedule.py": {
        "GRACE_SECONDS": 3600,
        "LOOK_EVERY": timedelta(minutes=1),
        "SIGNALS_SOON": timedelta(seconds=5),
        "HELD": timedelta(minutes=15),
        "CLOCK_SET": 2.0,
    },
    "bot/serving/allowance.py": {"_KEPT": 4096},
    "bot/serving/answering.py": {"GIVE_WITHIN": 4.0},
    "bot/serving/drawing.py": {"MOST_TRIES": 4, "LONGEST_WAIT": 60.0},
    "bot/serving/heard.py": {"EDITED_WITHIN": timedelta(days=2), "KEPT_TEXTS": 4096},
    "bot/serving/membership_receiver.py": {"HOLD": 600.0},
    "bot/serving/message_receiver.py": {"KEPT_ALBUMS": 1000},
    "bot/serving/press_receiver.py": {"STORE_WITHIN": 120.0},
    "bot/serving/quoted.py": {"PART": 524_288},
    "bot/serving/receiver.py": {"_KEPT_CHATS": 4096},
    "bot/serving/translator.py": {"AT_ONCE": 4, "MOST_BYTES": 200_000},
    "bot/settings.py": {"READ_ON_WATCH": Recent(days=14, posts=500)},
    "bot/telegram/apart.py": {"PAGE": 100, "WINDOWS": 20, "POSITIONS": (1, 2, 4, 8, 16, 32, 64)},
    "bot/telegram/clients.py": {
        "CALL_TIMEOUT": 20.0,
        "CONNECT_TIMEOUT": 20.0,
        "DISCONNECT_TIMEOUT": 1.0,
        "LOGIN_INTERVAL": 120.0,
    },
    "bot/telegram/failures.py": {"_LONGEST_WAIT": 604_800.0, "_UNTOLD_WAIT": 30.0},
    "bot/telegram/kept_session.py": {
        "BUSY_MILLISECONDS": 100,
        "_KEPT_ENTITIES": 10_000,
        "_WITHOUT_PEOPLE": 1,
        "KEPT": 300.0,
        "LONGEST_BACK": 86_400.0,
    },
    "bot/telegram/pace.py": {
        "SMOOTHNESS": 25,
        "SLOWER": 0.8,
        "LEAST_SHARE": 0.25,
        "RECOVERY": 0.002,
        "EDIT_SHARE": 0.3333333333333333,
        "EDIT_PATIENCE": 2.0,
        "_KEPT_CHATS": 4096,
    },
    "bot/telegram/retry.py": {"NETWORK_DELAY": 3.0, "FROZEN_DELAY": 3600.0},
    "bot/telegram/rich_messages.py": {"KEPT": 1000},
    "bot/telegram/sessions.py": {"LOCK_SECONDS": 5.0},
    "bot/telegram/signin.py": {"ATTEMPTS": 5, "LONGEST_WAIT": 60.0},
    "bot/telegram/updates/listening.py": {"LOOP_DELAY": 1.0},
    "bot/telegram/updates/message_box.py": {"MOST_KEPT": 1000},
    "bot/watching/backfill.py": {"POLL": 1.0},
    "bot/watching/budget.py": {"PERIOD": 60.0},
    "bot/watching/history.py": {"PAGE": 100},
    "bot/watching/lookup.py": {
        "FROZEN_PAUSE": timedelta(hours=1),
        "LIST_PAUSE": timedelta(minutes=1),
        "LIST_AGAIN": timedelta(minutes=9),
    },
    "bot/watching/page_posts.py": {"MOST": 10},
    "bot/watching/pushes.py": {"ALBUM_WAIT": 0.7},
    "bot/watching/recent.py": {"POLL": 1.0, "STEP": 90, "ALBUM": 10, "EMPTY": 10},
    "bot/watching/reconcile.py": {
        "AT_ONCE": 3,
        "RETRY_DELAY": 5.0,
        "SOON": 5.0,
        "ACCOUNT_RETRY": 3600.0,
    },
    "bot/watching/registrar.py": {"POLL": 1.0, "RETRY": timedelta(minutes=10)},
    "bot/watching/retrial.py": {"RETRY": 60.0},
    "bot/watching/scan.py": {"FEW": 4},
    "bot/watching/sharing/sharing.py": {
        "SETTLES": 5.0,
        "FORGOTTEN": 86_400.0,
        "TICK": timedelta(seconds=2),
    },
    "bot/watching/watching.py": {"FIRST_SCANS": 10.0},
    "bot/watching/watchlist.py": {"KEPT_STATES": 400},
    "bot/watching/web_preview.py": {
        "PAGE": 20,
        "LONGEST": 8_388_608,
        "TIMEOUT": 20.0,
        "BUSY_DELAY": 60.0,
    },
}
GIVEN: Mapping[str, Set[str]] = {
    "bot/anchoring/timestamps.py": {"_GRANTED", "_TIME"},
    "bot/charts/easel.py": {"LENGTH"},
    "bot/commands/checking/upgrade.py": {"_UNITS"},
    "bot/commands/keeping/backup.py": {"MEBIBYTE"},
    "bot/commands/probing/checks.py": {"OWN_DATA"},
    "bot/commands/probing/expectations.py": {"ENTITIES", "MANY_ENTITIES"},
    "bot/commands/probing/probe.py": {"MINUTE"},
    "bot/commands/programs/assistant.py": {"_FILLERS"},
    "bot/commands/reading/reader.py": {"LENGTH"},
    "bot/feeds/application.py": {"A_MINUTE"},
    "bot/feeds/programs.py": {"A_MINUTE"},
    "bot/intake/events.py": {"_UNKNOWN"},
    "bot/proxies/dialling.py": {"_REPLIES"},
    "bot/proxies/tls.py": {
        "CHANGE",
        "HEADER_BYTES",
        "LARGEST_RECEIVED",
        "LARGEST_RECORD",
        "_KEY_BYTES",
        "_X25519",
    },
    "bot/telegram/kept_session.py": {"_ITSELF"},
    "bot/telegram/outgoing.py": {"GENERAL"},
    "bot/telegram/proxied.py": {"UNKNOWN_KEY"},
    "bot/telegram/undecoded.py": {"NOBODY"},
    "bot/telegram/updates/unheard.py": {"_VECTOR"},
}
"""What is no choice: units, and what a protocol or another program says."""
LEFT_OUT = ("bot/sandbox/", "bot/demo/", "bot/charts/drawing.py")


@pytest.mark.parametrize("path", sorted(NUMBERS))
def test_what_decides_is_as_it_was_decided(path: str) -> None:
    module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    assert {name: getattr(module, name) for name in NUMBERS[path]} == NUMBERS[path]


def test_every_number_was_decided() -> None:
    held = {one for page in PAGES for one in list_told(ROOT / page)} | {*list_lengths()}
    for source in sorted((ROOT / "bot").rglob("*.py")):
        path = source.relative_to(ROOT).as_posix()
        if not path.startswith(LEFT_OUT):
            known = {*NUMBERS.get(path, ()), *GIVEN.get(path, ())}
            new = {name for name in list_numbers(source) if (path, name) not in held} - known
            assert not new, f"give {path} its row in NUMBERS"


def list_numbers(source: Path) -> Iterator[str]:
    """The constants of a file that are numbers or are made of some."""
    for node in ast.parse(source.read_bytes()).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id.isupper() and has_number(node):
            yield target.id


def has_number(node: ast.stmt) -> bool:
    parts = (one.value for one in ast.walk(node) if isinstance(one, ast.Constant))
    return any(isinstance(one, int | float) and not isinstance(one, bool) for one in parts)


def list_lengths() -> Iterator[tuple[str, str]]:
    """Those that cut what people read."""
    for node in ast.parse((ROOT / LENGTHS).read_bytes()).body:
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "LENGTHS":
            assert node.value is not None
            rows = ast.literal_eval(node.value)
            yield from ((path, name) for path, names in rows.items() for name in names)


def list_told(page: Path) -> Iterator[tuple[str, str]]:
    """The constants, by file and name, with which a table compares what pages tell."""
    nodes = list(ast.walk(ast.parse(page.read_bytes())))
    files = {
        one.asname or one.name: f"{node.module}.{one.name}".replace(".", "/") + ".py"
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        for one in node.names
    }
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield files.get(node.value.id, ""), node.attr
