"""Session files: modes, the lock, and whose server they are for."""

import contextlib
import ipaddress
import signal
import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from telethon.crypto import AuthKey
from telethon.sessions import SQLiteSession
from telethon.tl import types
from telethon.tl.types.updates import State

from bot import settings
from bot.telegram import clients, sessions
from bot.telegram.kept_session import KeptSession
from bot.telegram.sessions import SessionInUseError
from storage.errors import ServiceError

PRAGMAS = {"busy_timeout": (100,), "secure_delete": (1,)}


def write_session(path: Path, host: str, *, key: bytes = b"k" * 256) -> None:
    """A session as other programs make them with Telethon."""
    session = SQLiteSession(str(path))
    session.set_dc(2, host, 443)
    session.auth_key = AuthKey(key)
    session.close()


def test_the_second_holder_of_a_session_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "user.session"
    with (
        sessions.locked(path),
        pytest.raises(SessionInUseError, match=r"in use by process \d+; stop"),
        sessions.locked(path),
    ):
        pass
    with sessions.locked(path):
        assert stat.S_IMODE((tmp_path / "user.session.lock").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM version",
        "UPDATE sessions SET auth_key = 'a text'",
        "INSERT INTO update_state VALUES (0, 1, 1, 4611686018427387904, 1)",
    ],
)
async def test_a_session_that_holds_something_else_is_named(tmp_path: Path, damage: str) -> None:
    write_session(tmp_path / "bot.session", "149.154.167.51")
    with contextlib.closing(sqlite3.connect(tmp_path / "bot.session")) as db, db:
        db.execute(damage)
    given = {"API_ID": "1", "API_HASH": "0" * 32, "DATA_DIR": str(tmp_path)}
    (tmp_path / "none.env").touch()
    with pytest.raises(ServiceError, match=r"bot\.session: is no session file: .*; remove it"):
        async with clients.opened(settings.load(given, tmp_path / "none.env"), "bot"):
            pass


def test_a_session_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    session = KeptSession(tmp_path / "bot.session")
    session.close()
    assert stat.S_IMODE((tmp_path / "bot.session").stat().st_mode) == 0o600


def test_a_session_keeps_the_service_waiting_for_a_tenth_of_a_second_at_most(
    tmp_path: Path,
) -> None:
    session = KeptSession(tmp_path / "bot.session")
    asked = {name: session._cursor().execute(f"PRAGMA {name}").fetchone() for name in PRAGMAS}
    session.close()
    assert asked == PRAGMAS


def test_a_file_that_is_no_session_is_named(tmp_path: Path) -> None:
    path = tmp_path / "user.session"
    path.write_text("these are no records of an account, and there are many of them")
    with pytest.raises(ServiceError, match="is no session file"):
        sessions.read_notes(path)
    with pytest.raises(ServiceError, match="is no session file"):
        KeptSession(path)


def test_a_session_that_cannot_be_written_at_the_start_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bot.session"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM sqlite_master").fetchone()
        monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, timeout=0.0))
        with pytest.raises(ServiceError, match="the session cannot be used"):
            KeptSession(path)
    KeptSession(path).close()


def test_the_state_of_updates_is_written_only_when_all_was_handled(tmp_path: Path) -> None:
    path = tmp_path / "bot.session"
    session = KeptSession(path)
    state = State(pts=7, qts=0, date=datetime.now(UTC), seq=0, unread_count=0)
    session.set_update_state(1, state)
    assert session.get_update_state(1).pts == 7  # nobody says that anything is open
    session.settled = lambda: False
    session.set_update_state(0, state)
    assert session.get_update_state(0) is None
    session.settled = lambda: True
    session.set_update_state(0, state)
    assert session.get_update_state(0).pts == 7
    session.close()


@pytest.mark.parametrize(
    ("host", "server"),
    [
        ("149.154.167.51", sessions.TELEGRAM),
        ("127.0.0.1", "2@127.0.0.1:443"),
        ("telegram.example", "2@telegram.example:443"),
    ],
)
def test_the_server_of_a_session_made_elsewhere_is_read_from_it(
    tmp_path: Path, host: str, server: str
) -> None:
    path = tmp_path / "user.session"
    write_session(path, host)
    assert sessions.read_notes(path) == {"server": server}


def test_a_session_without_a_key_is_for_any_server(tmp_path: Path) -> None:
    path = tmp_path / "user.session"
    write_session(path, "127.0.0.1", key=b"")
    assert sessions.read_notes(path) == {}
    sessions.refuse_other_server(path, "2@127.0.0.1:9999")


def test_a_session_of_another_server_is_refused_and_both_are_named(tmp_path: Path) -> None:
    path = tmp_path / "user.session"
    write_session(path, "127.0.0.1")
    sessions.refuse_other_server(path, "2@127.0.0.1:443")
    with pytest.raises(ServiceError, match=r"2@127\.0\.0\.1:443.*2@127\.0\.0\.1:555"):
        sessions.refuse_other_server(path, "2@127.0.0.1:555")


def test_notes_are_kept_beside_what_telethon_keeps(tmp_path: Path) -> None:
    path = tmp_path / "user.session"
    write_session(path, "127.0.0.1")
    sessions.write_notes(path, {"server": "2@127.0.0.1:443", "name": "Ann"})
    assert sessions.read_notes(path) == {"server": "2@127.0.0.1:443", "name": "Ann"}
    with contextlib.closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT port FROM sessions").fetchone() == (443,)


def test_a_bot_session_of_another_token_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "bot.session"
    write_session(path, "127.0.0.1")
    sessions.write_notes(path, {"token": sessions.fingerprint("1:old")})
    sessions.drop_other_token(path, sessions.fingerprint("1:old"))
    assert path.exists()
    sessions.drop_other_token(path, sessions.fingerprint("1:new"))
    assert not path.exists()


def test_the_token_itself_is_not_noted() -> None:
    assert "secret" not in sessions.fingerprint("1000:secret")


CUT_OFF = """
import os, signal, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("PRAGMA cache_size = 1")
db.execute("UPDATE dateline_notes SET value = 'half a sentence'")
db.execute("CREATE TABLE filler (text)")
db.executemany("INSERT INTO filler VALUES (?)", [("x" * 1000,)] * 100)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.end_to_end
def test_a_session_that_a_kill_left_half_written_is_read_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "bot.session"
    KeptSession(path).close()
    sessions.write_notes(path, {"server": "2@192.0.2.1:443"})
    ended = subprocess.run([sys.executable, "-c", CUT_OFF, str(path)], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert path.with_name("bot.session-journal").stat().st_size
    assert sessions.read_notes(path) == {"server": "2@192.0.2.1:443"}
    KeptSession(path).close()


def test_nobody_is_told_to_remove_a_session_that_is_only_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "LOCK_SECONDS", 0.05)
    path = tmp_path / "bot.session"
    KeptSession(path).close()
    with contextlib.closing(sqlite3.connect(path)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ServiceError, match="locked") as caught:
            sessions.read_notes(path)
    assert "remove it" not in str(caught.value)


def channel(name: str = "Harbour", number: int = 7) -> types.Channel:
    return types.Channel(number, name, types.ChatPhotoEmpty(), None, access_hash=70)


MARKED = -1_000_000_000_007


def test_a_full_disk_is_named_and_not_the_files_owner(tmp_path: Path) -> None:
    path = tmp_path / "small.session"
    with contextlib.closing(sqlite3.connect(path)) as small:
        small.execute("CREATE TABLE held (text)")
        small.execute("PRAGMA max_page_count = 3")
        with pytest.raises(sqlite3.OperationalError) as refused:
            small.executemany("INSERT INTO held VALUES (?)", [("x" * 4000,)] * 9)
    told = sessions.unusable(path, refused.value)
    assert told.what == "the session cannot be used: database or disk is full"
    assert (told.where, told.hint) == (
        str(path),
        "make room on the disk; the session is as it was",
    )


def numbers_of(path: Path, *, keeps_names: bool = False) -> dict[int, tuple[int, int]]:
    """The numbers with which a session would begin to receive after it went back."""
    session = KeptSession(path, keeps_names=keeps_names)
    session.go_back()
    session.close()
    session = KeptSession(path, keeps_names=keeps_names)
    found = {id: (state.pts, state.qts) for id, state in session.get_update_states()}
    session.close()
    return found


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ([], {}),
        ([(0.0, 0, 5)], {0: 5}),  # there was none before it
        ([(0.0, 0, 5), (10.0, 0, 8), (20.0, 0, 9)], {0: 5}),
        ([(0.0, 0, 5), (10.0, 0, 8), (309.9, 0, 9)], {0: 5}),
        ([(0.0, 0, 5), (10.0, 0, 8), (310.1, 0, 9)], {0: 8}),
        ([(0.0, 0, 5), (10.0, 0, 8), (310.1, 0, 8)], {0: 5}),  # nothing new
        ([(0.0, 0, 5), (0.0, 7, 2), (10.0, 0, 8), (20.0, 7, 3)], {0: 5, 7: 2}),
        ([(0.0, 0, 5), (0.0, 7, 2), (10.0, 7, 3), (400.0, 0, 8)], {0: 5, 7: 3}),
        ([(0.0, 0, 5), (10.0, 0, 8), (20.0, None, 0)], {0: 8}),
        ([(0.0, 0, 5), (10.0, 0, 8), (20.0, None, 0), (30.0, 0, 9)], {0: 9}),
        ([(0.0, 0, 5), (20.0, None, 0), (30.0, 0, 9), (40.0, 0, 11)], {0: 9}),
        # The server was away for long, and for longer than answers are sure to be stored.
        ([(0.0, 0, 5), (10.0, 0, 8), (86_000.0, -1, 0)], {0: 5}),
        ([(0.0, 0, 5), (10.0, 0, 8), (87_000.0, -1, 0)], {0: 8}),
    ],
)
def test_a_bot_goes_back_to_before_what_a_server_may_have_lost(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    written: list[tuple[float, int | None, int]],
    expected: dict[int, int],
) -> None:
    clock = [0.0]
    monkeypatch.setattr("bot.telegram.kept_session.time.time", lambda: 1_700_000_000 + clock[0])
    path = tmp_path / "bot.session"
    session = KeptSession(path, keeps_names=False)
    for clock[0], id, pts in written:
        if id is None:
            session.stay()
        elif id >= 0:
            session.set_update_state(id, State(pts, 10 * pts, datetime.now(UTC), 0, 0))
    session.close()
    last = {id: 10 * pts for _, id, pts in written}  # memberships do not come again
    assert numbers_of(path) == {id: (pts, last[id]) for id, pts in expected.items()}


def test_an_account_that_watches_never_goes_back(tmp_path: Path) -> None:
    session = KeptSession(tmp_path / "user.session")
    for pts in (5, 8):
        session.set_update_state(0, State(pts, 0, datetime.now(UTC), 0, 0))
    session.close()
    assert numbers_of(tmp_path / "user.session", keeps_names=True) == {0: (8, 0)}


def test_a_refused_write_of_an_earlier_state_is_reported(tmp_path: Path) -> None:
    session = KeptSession(tmp_path / "bot.session", keeps_names=False)
    session.set_update_state(0, State(5, 0, datetime.now(UTC), 0, 0))
    session.save()
    session._conn.execute("DROP TABLE dateline_earlier_states")
    for step in (session.go_back, session.stay):
        failures = session.failures
        step()
        assert session.failures > failures
    session.close()


def test_channels_are_written_once_until_something_about_them_changes(tmp_path: Path) -> None:
    session = KeptSession(tmp_path / "user.session")

    def rows_written(name: str) -> int:
        before = session._conn.total_changes
        session.process_entities(types.contacts.ResolvedPeer(None, [], [channel(name)]))
        return int(session._conn.total_changes - before)

    session.save()
    assert rows_written("Harbour") == 1
    assert rows_written("Harbour") == 0
    assert rows_written("Harbour News") > 0
    assert session.get_entity_rows_by_name("Harbour News") == (MARKED, 70)
    session.close()


def test_the_answer_to_a_message_waits_for_its_updates(tmp_path: Path) -> None:
    session = KeptSession(tmp_path / "bot.session")
    user = types.User(7, access_hash=70, first_name="Ann")
    when = datetime(2026, 1, 2, tzinfo=UTC)
    answer = types.Updates([types.UpdateMessageID(1, 2)], [user], [], when, 0)
    session.process_entities(answer)
    assert session.get_entity_rows_by_id(7) is None
    session.process_entities(
        types.Updates([types.UpdateUserName(7, "", "", [])], [user], [], when, 0)
    )
    assert session.get_entity_rows_by_id(7) == (7, 70)
    session.close()


@pytest.mark.parametrize("keeps_names", [True, False])
def test_people_are_known_while_it_is_open_and_never_written(
    tmp_path: Path, keeps_names: bool
) -> None:
    path = tmp_path / "bot.session"
    session = KeptSession(path, keeps_names=keeps_names)
    people = [types.User(0x5A5A5A5A5A, access_hash=70, first_name="Zyxwina", username="zyxwina")]
    people.append(types.User(900, access_hash=90, first_name="The account", is_self=True))
    session.process_entities(types.contacts.ResolvedPeer(None, people, [channel()]))
    itself = types.InputPeerUser(0, 900)
    session.process_entities(types.contacts.ResolvedPeer(None, [itself], []))
    assert session.get_entity_rows_by_id(0x5A5A5A5A5A) == (0x5A5A5A5A5A, 70)
    session.save()
    session.close()
    written = path.read_bytes()
    assert b"wina" not in written.lower()
    assert (0x5A5A5A5A5A).to_bytes(6, "big") not in written
    assert (b"Harbour" in written) == keeps_names
    again = KeptSession(path, keeps_names=keeps_names)
    assert again.get_entity_rows_by_id(0x5A5A5A5A5A) is None
    assert again.get_input_entity(0).access_hash == 900
    assert again.get_input_entity(900).access_hash == 90
    assert again.get_input_entity(7).access_hash == 70
    again.close()


@pytest.mark.parametrize("keeps_names", [True, False])
def test_people_whom_an_older_version_wrote_are_wiped_out(
    tmp_path: Path, keeps_names: bool
) -> None:
    path = tmp_path / "bot.session"
    old = SQLiteSession(str(path))
    people = [types.User(n, access_hash=n, first_name=f"Zyxwina {n}") for n in range(1, 300)]
    for number in range(2):
        named = [*people, types.InputPeerUser(0, 5)] if number else people
        old.process_entities(types.contacts.ResolvedPeer(None, named, [channel()]))
    old.set_dc(2, "203.0.113.1", 443)
    old.auth_key = AuthKey(b"k" * 256)
    old._conn.execute("DELETE FROM entities WHERE id > 100")
    old.save()
    old.close()
    kept = KeptSession(path, keeps_names=keeps_names)
    assert (kept.server_address, kept.auth_key.key) == ("203.0.113.1", b"k" * 256)
    assert kept.get_input_entity(0).access_hash == 5
    assert kept.get_input_entity(5).access_hash == 5
    assert kept.get_input_entity(7).access_hash == 70
    kept.close()
    assert path.read_bytes().count(b"Zyxwina") == int(keeps_names)


def hold(path: Path) -> sqlite3.Connection:
    """Another's lock on a session, which lets it neither write nor read."""
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    return other


def test_a_write_that_fails_is_told_and_owed_until_it_succeeds(tmp_path: Path) -> None:
    path = tmp_path / "bot.session"
    session = KeptSession(path)
    told: list[sqlite3.Error | None] = []
    session.listen(told.append)
    with contextlib.closing(hold(path)):
        session.set_dc(2, "203.0.113.1", 443)
        session.auth_key = AuthKey(b"k" * 256)
        session.process_entities(types.contacts.ResolvedPeer(None, [], [channel()]))
        session.set_update_state(0, State(7, 0, datetime.now(UTC), 0, 0))
        assert session.get_entity_rows_by_username("ann") is None
        session.save()
        with pytest.raises(ServiceError, match="locked"):
            session.assure()
    assert told
    assert None not in told

    session.process_entities(types.contacts.ResolvedPeer(None, [], [channel()]))
    session.save()
    assert told[-1] is None
    assert session.failure is None
    assert session.get_entity_rows_by_id(MARKED) == (MARKED, 70)
    session.close()
    kept = KeptSession(path)
    assert (kept.server_address, kept.auth_key.key) == ("203.0.113.1", b"k" * 256)
    kept.close()


def test_a_session_on_a_full_disk_is_closed_without_a_word(tmp_path: Path) -> None:
    path = tmp_path / "bot.session"
    session = KeptSession(path)
    pages = session._conn.execute("PRAGMA page_count").fetchone()[0]
    session._conn.execute(f"PRAGMA max_page_count = {pages}")
    channels = [channel("x" * 200, number) for number in range(1, 200)]
    session.process_entities(types.contacts.ResolvedPeer(None, [], channels))
    assert "full" in str(session.failure)
    session.close()
    session.close()


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("91.105.192.0", "91.105.193.255"),
        ("91.108.4.0", "91.108.7.255"),
        ("91.108.8.0", "91.108.11.255"),
        ("91.108.12.0", "91.108.15.255"),
        ("91.108.16.0", "91.108.19.255"),
        ("91.108.20.0", "91.108.23.255"),
        ("91.108.56.0", "91.108.59.255"),
        ("95.161.64.0", "95.161.79.255"),
        ("149.154.160.0", "149.154.175.255"),
        ("185.76.151.0", "185.76.151.255"),
        ("2001:67c:4e8::", "2001:67c:4e8:ffff::"),
        ("2001:b28:f23c::", "2001:b28:f23d:ffff::"),
        ("2001:b28:f23f::", "2001:b28:f23f:ffff::"),
        ("2a0a:f280::", "2a0a:f280:ffff::"),
    ],
)
def test_addresses_of_telegrams_networks_are_telegrams(first: str, last: str) -> None:
    start, end = ipaddress.ip_address(first), ipaddress.ip_address(last)
    middle = type(start)((int(start) + int(end)) // 2)
    assert all(sessions._is_telegrams(str(one)) for one in (start, middle, end))


@pytest.mark.parametrize(
    "host",
    ["91.105.191.255", "91.105.194.0", "91.108.3.255", "91.108.24.0", "91.108.55.255",
     "95.161.80.0", "149.154.159.255", "185.76.150.255", "2001:b28:f23e::", "2a0a:f27f::",
     "127.0.0.1", "telegram.example", ""],
)  # fmt: skip
def test_other_addresses_are_not(host: str) -> None:
    assert not sessions._is_telegrams(host)
