"""Who a request speaks of: access hashes belong to one account, and are checked."""

from telethon.tl import TLObject, types

from bot.sandbox.rpc.call import Call, Refusal
from bot.sandbox.world.accounts import Account
from bot.sandbox.world.channels import Channel


def read_user(call: Call, peer: TLObject, *, error: str = "USER_ID_INVALID") -> Account:
    """Gives the account that an InputUser or InputPeerUser names."""
    if isinstance(peer, types.InputUserSelf | types.InputPeerSelf):
        return call.account
    if not isinstance(peer, types.InputUser | types.InputPeerUser):
        raise Refusal(400, error)
    account = call.world.accounts.get(peer.user_id)
    if account is None or not _may_address(call, account.id, peer.access_hash):
        raise Refusal(400, error)
    return account


def _may_address(call: Call, target_id: int, access_hash: int) -> bool:
    # Bots may leave the hash out for those whom they have met.
    if access_hash == 0 and call.account.is_bot:
        pair = frozenset((call.account.id, target_id))
        mine = call.account.channels
        shared = any(target_id in channel.members for channel in mine.values())
        return pair in call.world.dialogues or target_id in mine or shared
    return access_hash == call.world.views.access_hash(call.account, target_id)


def read_channel(call: Call, peer: TLObject, *, inside: bool = False) -> Channel:
    """Gives the channel that an InputChannel or InputPeerChannel names.

    ``inside``: its posts are wanted, which takes a public channel or membership.
    """
    if not isinstance(peer, types.InputChannel | types.InputPeerChannel):
        raise Refusal(400, "CHANNEL_INVALID")
    channel = call.world.channels.get(peer.channel_id)
    if channel is None or not _may_address(call, channel.id, peer.access_hash):
        raise Refusal(400, "CHANNEL_INVALID")
    closed = channel.username is None or call.account.is_bot
    if inside and closed and call.account.id not in channel.members:
        raise Refusal(400, "CHANNEL_PRIVATE")
    return channel


def read_peer(call: Call, peer: TLObject) -> Account | Channel:
    """Gives what an InputPeer names; PEER_ID_INVALID for nobody."""
    if isinstance(peer, types.InputPeerChannel):
        return read_channel(call, peer)
    return read_user(call, peer, error="PEER_ID_INVALID")
