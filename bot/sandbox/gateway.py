"""Connections and sessions: packets in, answers and pushes out."""

import asyncio
import struct
from collections import defaultdict
from collections.abc import Callable

from telethon.tl import TLObject

from bot.sandbox.protocol.cipher import BadPacket
from bot.sandbox.protocol.handshake import BadHandshake, Handshake, KeyExchange
from bot.sandbox.protocol.session import Session
from bot.sandbox.protocol.transport import Connection
from bot.sandbox.rpc.call_log import CallLog
from bot.sandbox.rpc.dispatch import Dispatcher
from bot.sandbox.state.profiles import ChannelProfile, Profile
from bot.sandbox.world.accounts import Account
from bot.sandbox.world.faults import Fault, Faults
from bot.sandbox.world.world import World

# What Telegram sends, alone in a packet, for a key that it does not know.
_UNKNOWN_KEY = struct.pack("<i", -404)


class Gateway:
    """All that is connected. ``reset_connections``: take connections and cut them at once.
    ``silent``: take them and swallow what is sent, either way."""

    def __init__(self, world: World, exchange: KeyExchange, faults: Faults, log: CallLog) -> None:
        self._world = world
        self._exchange = exchange
        self._faults = faults
        self._dispatcher = Dispatcher(world, faults, log, self._attend)
        self._handshakes: dict[Connection, Handshake] = {}
        self._sessions: dict[Connection, dict[tuple[int, int], Session]] = {}
        self._listening: defaultdict[int, set[Session]] = defaultdict(set)
        self.reset_connections = False
        self.silent = False

    # Connections

    def make_connection(self) -> asyncio.Protocol:
        """Gives the protocol of a new connection."""
        return Connection(self._on_packet, self._on_made, self._on_lost)

    def _on_made(self, connection: Connection) -> None:
        self._sessions[connection] = {}
        connection.is_dead = self.silent
        if self.reset_connections:
            connection.abort()

    def _on_lost(self, connection: Connection) -> None:
        self._handshakes.pop(connection, None)
        for session in self._sessions.pop(connection, {}).values():
            for listening in self._listening.values():
                listening.discard(session)
        self._world.changes.fire()

    def drop_connections(self, account: Account | None = None) -> None:
        """Cuts the connections of an account, or all."""
        for connection, sessions in list(self._sessions.items()):
            owners = [self._world.find_owner(session.key_id) for session in sessions.values()]
            if account is None or account in owners:
                connection.abort()
                self._on_lost(connection)

    def silence(self) -> None:
        """Swallows from now on what the connections carry, those that are there and new ones."""
        self.silent = True
        for connection in self._sessions:
            connection.is_dead = True

    def close(self) -> None:
        """Cuts everything."""
        self._dispatcher.close()
        self.drop_connections()

    @property
    def connection_count(self) -> int:
        return len(self._sessions)

    # Packets

    def _on_packet(self, connection: Connection, packet: bytes) -> None:
        try:
            if packet[:8] == bytes(8):
                self._shake_hands(connection, packet)
            else:
                self._receive(connection, packet)
        except (BadPacket, BadHandshake):
            connection.abort()

    def _shake_hands(self, connection: Connection, packet: bytes) -> None:
        handshake = self._handshakes.get(connection)
        if handshake is None:
            handshake = self._handshakes[connection] = Handshake(self._exchange)
        connection.send(handshake.answer(packet))
        if handshake.auth_key is not None:
            self._world.auth_keys[handshake.auth_key.key_id] = handshake.auth_key
            del self._handshakes[connection]

    def _receive(self, connection: Connection, packet: bytes) -> None:
        key_id: int = struct.unpack_from("<q", packet.ljust(8, b"\0"))[0]
        auth_key = self._world.auth_keys.get(key_id)
        if auth_key is None:
            connection.send(_UNKNOWN_KEY)
            connection.close()
            return
        message = auth_key.decrypt(packet)
        sessions = self._sessions[connection]
        session = sessions.get((key_id, message.session_id))
        if session is None:
            session = Session(connection, auth_key, message.session_id)
            sessions[key_id, message.session_id] = session
        if message.salt != auth_key.salt:
            session.refuse_salt(message.message_id, message.sequence)
            return
        if not session.greeted:
            session.greet(message.message_id)
        session.receive(message.message_id, message.body, self._dispatcher.handle)

    # Pushes

    def _attend(self, session: Session) -> None:
        """Counts a session among those that get the pushes of its account."""
        account = self._world.find_owner(session.key_id)
        if account is not None and session.wants_updates and session.connection.is_open:
            self._listening[account.id].add(session)

    def _listeners(self, account: Profile) -> list[Session]:
        owners = self._world.owners
        sessions = self._listening.get(account.id, ())
        return [session for session in sessions if owners.get(session.key_id) == account.id]

    def is_online(self, account: Profile, skip: Session | None = None) -> bool:
        """Whether a session of the account, other than ``skip``, is connected and wants pushes."""
        return any(session is not skip for session in self._listeners(account))

    def push(
        self,
        account: Profile,
        updates: TLObject,
        *,
        channel: ChannelProfile | None,
        skip: Session | None,
    ) -> None:
        """Sends updates to the sessions of an account, except to ``skip``."""
        sessions = [session for session in self._listeners(account) if session is not skip]
        if not sessions or (account.freeze is not None and not account.freeze.reads):
            return
        body = bytes(updates)

        def send() -> None:
            for session in sessions:
                session.send(body, reply=False)

        fault = self._faults.take_push(account, channel)
        if fault is None:
            send()
        else:
            _muddle(fault, send)


def _muddle(fault: Fault, send: Callable[[], None]) -> None:
    if fault.kind == "duplicate push":
        send()
        send()
        return
    fault.held.append(send)
    if fault.kind == "reorder push" and not fault.active:
        fault.held.reverse()
        fault.release()
